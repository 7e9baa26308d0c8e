#include "net/prober_pool.hpp"

#include <utility>

#include "core/assert.hpp"

namespace baton::net {

ProberPool::ProberPool(const boost::asio::any_io_executor& executor, std::shared_ptr<const TlsContext> tls,
                       std::uint64_t seed, OnResult on_result)
    : tools_{.agenda{executor, Alarms::Stall::counts},
             .deadlines{executor, Alarms::Stall::forgiven},
             .sockets = Readiness(executor),
             .tls = TlsContexts(std::move(tls)),
             .nonces = std::mt19937_64(seed ^ std::random_device{}()),
             .on_result = std::make_shared<const OnResult>(std::move(on_result))},
      seed_(seed) {}

ProberPool::~ProberPool() = default;

void ProberPool::replace(std::vector<Check> checks) {
  tools_.tls.reread();
  std::unordered_map<CheckId, std::unique_ptr<Prober>> wanted;
  wanted.reserve(checks.size());
  std::vector<Prober*> fresh;
  for (auto& check : checks) {
    auto& prober = wanted[check.id];
    ASSERT(prober == nullptr);  // each id once
    if (const auto old = probers_.find(check.id); old != probers_.end() && old->second->spec() == check.spec) {
      prober = std::move(old->second);
      probers_.erase(old);
      continue;
    }
    prober = std::make_unique<Prober>(tools_, std::move(check));
    fresh.push_back(prober.get());
  }
  probers_ = std::move(wanted);

  const Instant now = Clock::now();
  for (std::size_t index = 0; index < fresh.size(); ++index) {
    const auto& schedule = fresh[index]->spec().schedule;
    fresh[index]->begin(now + checkers::first_delay(schedule, index, fresh.size(), seed_));
  }
}

void ProberPool::believe(CheckId id, checkers::Verdict verdict) {
  if (const auto found = probers_.find(id); found != probers_.end()) found->second->believe(verdict);
}

void ProberPool::suspend(CheckId id) {
  if (const auto found = probers_.find(id); found != probers_.end()) found->second->suspend();
}

void ProberPool::resume(CheckId id) {
  const auto found = probers_.find(id);
  if (found == probers_.end()) return;
  const auto& schedule = found->second->spec().schedule;
  found->second->resume(Clock::now() + checkers::first_delay(schedule, 0, 1, seed_ + static_cast<std::uint64_t>(id)));
}

const checkers::CheckSpec* ProberPool::spec(CheckId id) const {
  const auto found = probers_.find(id);
  return found == probers_.end() ? nullptr : &found->second->spec();
}

const checkers::Health* ProberPool::health(CheckId id) const {
  const auto found = probers_.find(id);
  return found == probers_.end() ? nullptr : &found->second->health();
}

}  // namespace baton::net
