#include "ipvs/sync_daemon.hpp"

#include <algorithm>

namespace baton::ipvs {
namespace {

template <class Value>
bool suits(const std::optional<Value>& actual, const std::optional<Value>& wanted) {
  return !wanted || actual == wanted;
}

bool is_as_wanted(const SyncDaemon& actual, const SyncDaemon& wanted) {
  return actual.role == wanted.role && actual.interface == wanted.interface && actual.sync_id == wanted.sync_id &&
         suits(actual.maxlen, wanted.maxlen) && suits(actual.port, wanted.port) && suits(actual.ttl, wanted.ttl) &&
         suits(actual.group, wanted.group);
}

}  // namespace

std::vector<SyncStep> diff(const std::vector<SyncDaemon>& actual, const std::vector<SyncDaemon>& wanted) {
  std::vector<SyncStep> steps;
  for (const auto& running : actual)
    if (std::ranges::none_of(wanted, [&](const SyncDaemon& each) { return is_as_wanted(running, each); }))
      steps.emplace_back(StopSyncDaemon{running});
  for (const auto& each : wanted)
    if (std::ranges::none_of(actual, [&](const SyncDaemon& running) { return is_as_wanted(running, each); }))
      steps.emplace_back(StartSyncDaemon{each});
  return steps;
}

std::string to_string(const SyncStep& step) {
  const bool stops = std::holds_alternative<StopSyncDaemon>(step);
  const auto& daemon = stops ? std::get<StopSyncDaemon>(step).daemon : std::get<StartSyncDaemon>(step).daemon;
  return std::string(stops ? "stop" : "start") + " the " + (daemon.role == SyncRole::master ? "master" : "backup") +
         " sync daemon on " + daemon.interface + " (id " + std::to_string(daemon.sync_id) + ")";
}

}  // namespace baton::ipvs
