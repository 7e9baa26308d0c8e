#include "daemon/pool_watch.hpp"

#include <algorithm>
#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// Lookups under way; the others wait for their turn.
constexpr std::size_t kMaxRunning = 32;
/// Servers that a line of the log names.
constexpr std::size_t kMaxNamed = 16;

checkers::DnsQuestion to_question(const config::PoolQuestion& from) {
  switch (from.record) {
    case config::PoolRecord::a: return {from.name, checkers::DnsType::a};
    case config::PoolRecord::aaaa: return {from.name, checkers::DnsType::aaaa};
    case config::PoolRecord::srv: break;
  }
  return {from.name, checkers::DnsType::srv};
}

std::string to_text(const PoolServer& server) {
  auto text = server.address.to_string();
  if (server.port == 0) return text;
  if (server.address.is_v6()) text = '[' + text + ']';
  return text + ':' + std::to_string(server.port);
}

auto endpoint_of(const PoolServer& server) {
  return std::pair(server.address, server.port);
}

}  // namespace

std::string difference(const std::vector<PoolServer>& before, const std::vector<PoolServer>& after) {
  std::string text;
  std::size_t changes = 0;
  const auto add = [&](const PoolServer& server, const std::string& what) {
    if (++changes > kMaxNamed) return;
    text += (text.empty() ? "" : ", ") + to_text(server) + what;
  };
  auto old = before.begin();
  auto now = after.begin();
  while (old != before.end() || now != after.end()) {
    if (now == after.end() || (old != before.end() && endpoint_of(*old) < endpoint_of(*now))) {
      add(*old++, " gone");
    } else if (old == before.end() || endpoint_of(*now) < endpoint_of(*old)) {
      add(*now++, " added");
    } else {
      if (old->weight != now->weight)
        add(*now, " weight " + std::to_string(old->weight) + " -> " + std::to_string(now->weight));
      ++old;
      ++now;
    }
  }
  if (changes > kMaxNamed) text += " and " + std::to_string(changes - kMaxNamed) + " more";
  return text;
}

/// One question, with its agenda.
class PoolWatch::Asked : public net::Alarm {
 public:
  Asked(PoolWatch& watch, config::PoolQuestion what) : watch_(watch), question(std::move(what)) {}

 private:
  void ring() override { watch_.due(*this); }
  PoolWatch& watch_;

 public:
  const config::PoolQuestion question;
  net::DnsSettings settings;
  Duration min_ttl{}, max_ttl{};
  checkers::PoolSchedule schedule{Duration{1}, Duration{1}};
  std::optional<std::vector<PoolServer>> last;
  std::size_t left_out = 0;
  bool is_queued = false, is_told = false;
  std::unique_ptr<net::DnsLookup> lookup;
};

PoolWatch::PoolWatch(boost::asio::io_context& io, OnAnswer on_answer)
    : io_(io), on_answer_(std::move(on_answer)), alarms_(io.get_executor(), net::Alarms::Stall::counts) {}

PoolWatch::~PoolWatch() = default;

void PoolWatch::configure(const config::Config& config, const config::PoolAnswers& known) {
  std::map<config::PoolQuestion, std::unique_ptr<Asked>> asked;
  for (const auto& [question, pools] : config::questions_of(config)) {
    auto former = asked_.extract(question);
    auto& each =
        *asked.emplace(question, former.empty() ? std::make_unique<Asked>(*this, question) : std::move(former.mapped()))
             .first->second;
    // Of pools that share it, the narrowest bounds.
    Duration min_ttl = Duration::max();
    Duration max_ttl = Duration::max();
    each.settings.timeout = Duration::max();
    for (const auto* pool : pools) {
      min_ttl = std::min(min_ttl, pool->min_ttl);
      max_ttl = std::min(max_ttl, pool->max_ttl);
      each.settings.timeout = std::min(each.settings.timeout, pool->resolve_timeout);
    }
    const bool is_new = former.empty();
    if (is_new && question.nameserver)
      each.settings.nameserver = checkers::Endpoint{question.nameserver->address, question.nameserver->port};
    if (is_new)
      if (const auto answer = known.find(question); answer != known.end()) each.last = answer->second;
    if (each.min_ttl == min_ttl && each.max_ttl == max_ttl) continue;
    each.min_ttl = min_ttl;
    each.max_ttl = max_ttl;
    each.schedule = checkers::PoolSchedule(min_ttl, std::max(min_ttl, max_ttl));
    if (!each.lookup) alarms_.set(each, alarms_.now());
  }
  for (const auto& [question, gone] : asked_)
    if (gone->lookup) --running_;
  asked_ = std::move(asked);
  next();
}

void PoolWatch::due(Asked& asked) {
  if (asked.lookup || std::exchange(asked.is_queued, true)) return;
  queue_.push_back(asked.question);
  next();
}

void PoolWatch::next() {
  while (running_ < kMaxRunning && !queue_.empty()) {
    const auto question = std::move(queue_.front());
    queue_.pop_front();
    // It may have left the configuration meanwhile, and even have come back.
    const auto found = asked_.find(question);
    if (found == asked_.end() || !std::exchange(found->second->is_queued, false) || found->second->lookup) continue;
    ask(*found->second);
  }
}

void PoolWatch::ask(Asked& asked) {
  ++running_;
  asked.lookup = std::make_unique<net::DnsLookup>(
      io_.get_executor(), asked.settings, checkers::PoolLookup(to_question(asked.question), asked.question.family),
      [this, &asked](checkers::PoolOutcome outcome) { answered(asked, std::move(outcome)); });
}

void PoolWatch::answered(Asked& asked, checkers::PoolOutcome outcome) {
  asked.lookup.reset();
  --running_;
  using Kind = checkers::PoolOutcome::Kind;
  if (outcome.kind == Kind::servers) {
    alarms_.set(asked, alarms_.now() + asked.schedule.answered(outcome.ttl));
    take(asked, std::move(outcome));
  } else {
    alarms_.set(asked, alarms_.now() + asked.schedule.failed());
    if (asked.schedule.is_news(outcome.reason))
      log::warning("pool {}: {}; {}", config::described(asked.question), outcome.reason,
                   asked.last ? "its last good answer stays in force" : "it has no servers yet");
  }
  next();
}

void PoolWatch::take(Asked& asked, checkers::PoolOutcome outcome) {
  if (asked.schedule.is_over()) log::info("pool {}: DNS answers again", config::described(asked.question));
  if (std::exchange(asked.left_out, outcome.left_out) != outcome.left_out && outcome.left_out > 0)
    log::warning("pool {}: the answer names {} servers more than {}, which are left out",
                 config::described(asked.question), outcome.left_out, kMaxPoolServers);
  const bool is_same = asked.last == outcome.servers;
  if (!is_same)
    log::info("pool {}: {}", config::described(asked.question),
              difference(asked.last.value_or(std::vector<PoolServer>{}), outcome.servers));
  // What we began with, others may know otherwise.
  if (std::exchange(asked.is_told, true) && is_same) return;
  asked.last = std::move(outcome.servers);
  on_answer_({asked.question, *asked.last});
}

}  // namespace baton::daemon
