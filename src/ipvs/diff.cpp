#include "ipvs/diff.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/overloaded.hpp"

namespace baton::ipvs {
namespace {

/// Walks two ordered maps side by side: `one(entry)` for what only one has, `both(entry, entry)` for what both have.
template <class Map, class OnlyLeft, class OnlyRight, class Both>
void walk(const Map& left, const Map& right, OnlyLeft only_left, OnlyRight only_right, Both both) {
  auto l = left.begin();
  auto r = right.begin();
  while (l != left.end() || r != right.end()) {
    if (r == right.end() || (l != left.end() && l->first < r->first)) {
      only_left(*l++);
    } else if (l == left.end() || r->first < l->first) {
      only_right(*r++);
    } else {
      both(*l++, *r++);
    }
  }
}

/// The operations in the order in which they are safe.
class Plan {
 public:
  void add_service(const ServiceKey& key, const Service& wanted) {
    build_.emplace_back(NewService{key, settings(key, wanted)});
    change_dests(key, {}, wanted.dests);
  }

  void change_service(const ServiceKey& key, const Service& actual, const Service& wanted) {
    auto to = settings(key, wanted);
    if (settings(key, actual) != to) build_.emplace_back(SetService{key, std::move(to)});
    change_dests(key, actual.dests, wanted.dests);
  }

  void remove_service(const ServiceKey& key) { remove_services_.emplace_back(DelService{key}); }

  std::vector<Operation> take() {
    build_.reserve(build_.size() + remove_dests_.size() + remove_services_.size());
    std::ranges::move(remove_dests_, std::back_inserter(build_));
    std::ranges::move(remove_services_, std::back_inserter(build_));
    return std::move(build_);
  }

 private:
  void change_dests(const ServiceKey& key, const Dests& actual, const Dests& wanted) {
    std::vector<Operation> sinking;
    walk(
        actual, wanted,
        [&](const Dests::value_type& gone) {
          remove_dests_.emplace_back(DelDest{key, gone.first});
        },
        [&](const Dests::value_type& fresh) {
          build_.emplace_back(NewDest{key, fresh.first, fresh.second});
        },
        [&](const Dests::value_type& from, const Dests::value_type& to) {
          if (from.second == to.second) return;
          (to.second.weight > 0 ? build_ : sinking).emplace_back(SetDest{key, to.first, to.second});
        });
    std::ranges::move(sinking, std::back_inserter(build_));
  }

  std::vector<Operation> build_, remove_dests_, remove_services_;
};

std::string with_weight(const Dest& dest) {
  auto text = " weight " + std::to_string(dest.weight);
  if (dest.tunnel != Tunnel{}) text += ' ' + to_string(dest.tunnel);
  return text;
}

std::string arrow(const ServiceKey& service, const DestKey& dest) {
  return to_string(service) + " -> " + to_string(dest);
}

}  // namespace

std::vector<Operation> diff(const Table& actual, const Table& wanted, const std::set<ServiceKey>& owned) {
  Plan plan;
  walk(
      actual, wanted,
      [&](const Table::value_type& gone) {
        if (owned.contains(gone.first)) plan.remove_service(gone.first);
      },
      [&](const Table::value_type& fresh) { plan.add_service(fresh.first, fresh.second); },
      [&](const Table::value_type& from, const Table::value_type& to) {
        plan.change_service(to.first, from.second, to.second);
      });
  return plan.take();
}

std::string to_string(const Operation& operation) {
  return std::visit(
      Overloaded{
          [](const NewService& step) { return "add " + to_string(step.key) + " scheduler " + step.service.sched_name; },
          [](const SetService& step) { return "set " + to_string(step.key) + " scheduler " + step.service.sched_name; },
          [](const DelService& step) { return "remove " + to_string(step.key); },
          [](const NewDest& step) { return "add " + arrow(step.service, step.key) + with_weight(step.dest); },
          [](const SetDest& step) { return "set " + arrow(step.service, step.key) + with_weight(step.dest); },
          [](const DelDest& step) { return "remove " + arrow(step.service, step.key); },
      },
      operation);
}

std::string name(const Operation& operation) {
  return std::visit(Overloaded{
                        [](const NewService& step) { return "add service " + to_string(step.key); },
                        [](const SetService& step) { return "change service " + to_string(step.key); },
                        [](const DelService& step) { return "remove service " + to_string(step.key); },
                        [](const NewDest& step) {
                          return "add real server " + to_string(step.key) + " to " + to_string(step.service);
                        },
                        [](const SetDest& step) {
                          return "change real server " + to_string(step.key) + " of " + to_string(step.service);
                        },
                        [](const DelDest& step) {
                          return "remove real server " + to_string(step.key) + " from " + to_string(step.service);
                        },
                    },
                    operation);
}

const ServiceKey& service_of(const Operation& operation) {
  return std::visit(
      [](const auto& step) -> const ServiceKey& {
        if constexpr (requires { step.service.family; }) {
          return step.service;
        } else {
          return step.key;
        }
      },
      operation);
}

}  // namespace baton::ipvs
