// vrrp_engine_faults.cpp - what takes instances out and back: their links, what they track, their groups.
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "daemon/instance_link.hpp"
#include "daemon/log.hpp"
#include "daemon/vrrp_engine.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

void VrrpEngine::post_settle() {
  if (std::exchange(settle_posted_, true)) return;
  asio::post(io_, [this] {
    settle_posted_ = false;
    if (stopping_) return;
    listeners_.hear_all();
    settle_links();
    flush();
  });
}

void VrrpEngine::settle_links() {
  const auto changed = std::exchange(changed_links_, {});
  const auto removed = std::exchange(removed_addresses_, {});
  if (!changed.empty()) {
    listeners_.follow_links();
    for (const auto& [key, instance] : instances_)
      if (changed.contains(key.interface)) assess(instance.get(), key.interface + " is up");
    for (const auto& name : changed)
      tracking_.link_changed(name);
  }
  const auto sources = std::exchange(changed_sources_, {});
  if (!sources.empty())
    for (const auto& [key, instance] : instances_)
      if (const auto& plan = instance->plan(); plan.follows_source && sources.contains(*plan.path.source))
        assess(instance.get(), plan.path.source->to_string() + " is here");
  if (changed.empty() && removed.empty()) return;
  const auto made_anew = kernel_.follow_links();
  if (!made_anew.empty()) listeners_.follow_links();
  duplicates_.follow_links();
  std::set<std::pair<std::string, IpAddress>> missing;  // device, address
  for (const auto& [key, instance] : instances_)
    for (const auto& planned : instance->plan().addresses)
      if (made_anew.contains(planned.device)) missing.emplace(planned.device, planned.address);
  for (const auto& [index, address] : removed)
    if (const auto* link = links_.find(index)) missing.emplace(link->name, address);
  if (missing.empty()) return;
  for (const auto& [key, instance] : instances_)
    if (instance->is_active()) restore(instance.get(), missing);
}

void VrrpEngine::tracked(const vrrp::TrackKey& key, const vrrp::TrackValue& value) {
  for (const auto& [name, instance] : instances_)
    if (instance->tracking().set(key, value)) assess(instance.get(), instance->tracking().last_change());
}

void VrrpEngine::note_address(const IpAddress& address) {
  if (!followed_sources_.contains(address)) return;
  changed_sources_.insert(address);
  post_settle();
}

std::string VrrpEngine::link_trouble(const VrrpInstance& instance) const {
  auto trouble = trouble_of(instance, links_.find(instance.key().interface));
  const auto& plan = instance.plan();
  if (!trouble.empty() || !plan.follows_source || links_.has(*plan.path.source)) return trouble;
  return "its source address " + plan.path.source->to_string() + " is not here";
}

/// Its own faults first, and what its group makes of them; then what follows for all of them.
void VrrpEngine::assess(VrrpInstance* instance, const std::string& why) {
  using Kind = vrrp::Faults::Kind;
  instance->faults().set(Kind::link, link_trouble(*instance));
  instance->faults().set(Kind::tracking, instance->tracking().fault().value_or(std::string()));
  groups_.spread_faults(*instance);
  for (auto* member : groups_.with(instance))
    apply(member, why);
}

bool VrrpEngine::is_held_back(VrrpInstance* instance) const {
  return std::ranges::any_of(groups_.with(instance), [](const auto* member) { return member->tracking().waits(); });
}

void VrrpEngine::apply(VrrpInstance* instance, const std::string& why) {
  const auto priority = instance->params_in_force().priority;
  auto& router = instance->router();
  const auto& fault = instance->faults().reason();
  const auto state = router.state();
  if (!fault.empty()) {
    feed(instance, vrrp::PriorityChanged{priority, why});
    if (state != vrrp::State::fault) feed(instance, vrrp::InterfaceDown{fault});
    return;
  }
  const bool is_out = state == vrrp::State::initialize || state == vrrp::State::fault;
  if (is_out && is_held_back(instance)) return;
  if (state == vrrp::State::initialize) return start(instance);
  feed(instance, vrrp::PriorityChanged{priority, why});
  const auto* link = links_.find(instance->key().interface);
  const auto source = link == nullptr ? std::nullopt : source_of(instance->plan(), instance->key().family, *link);
  if (!source) return;
  if (state == vrrp::State::fault) {
    feed(instance, vrrp::InterfaceUp{*source, why});
    return;
  }
  auto params = router.params();
  if (params.primary_address == *source) return;
  params.primary_address = *source;
  feed(instance, vrrp::Reconfigure{params});
}

/// Somebody else removed addresses that an active instance holds: they are put back at once, without leaving the state.
void VrrpEngine::restore(VrrpInstance* instance, const std::set<std::pair<std::string, IpAddress>>& missing) {
  std::vector<IpAddress> lost;
  for (const auto& planned : instance->plan().addresses)
    if (missing.contains({planned.device, planned.address})) lost.push_back(planned.address);
  if (lost.empty()) return;
  VrrpInstance* const list[] = {instance};
  actuator_.acquire(list);
  for (const auto& address : lost)
    log::warning("({}) {} was removed by somebody else; it is back", instance->plan().name, address.to_string());
  announce(*instance, lost);
}

}  // namespace baton::daemon
