#include "daemon/watch_plan.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <utility>

#include "core/overloaded.hpp"
#include "daemon/check_plan.hpp"

namespace baton::daemon {

namespace {

std::uint64_t mixed(std::uint64_t seed, std::uint64_t value) {
  seed ^= value + 0x9e3779b97f4a7c15U + (seed << 6U) + (seed >> 2U);
  seed = (seed ^ (seed >> 30U)) * 0xbf58476d1ce4e5b9U;
  return seed ^ (seed >> 27U);
}

std::uint64_t mixed(std::uint64_t seed, const std::string& text) {
  return mixed(seed, std::hash<std::string>{}(text));
}

std::uint64_t mixed(std::uint64_t seed, Duration duration) {
  return mixed(seed, static_cast<std::uint64_t>(duration.count()));
}

/// A script check is the same while its command, its user, its times and its meaning are.
std::uint64_t fingerprint_of(const config::Script& script, const ScriptCheck& check) {
  std::uint64_t print = 0x4d495343U;
  for (const auto& argument : script.arguments)
    print = mixed(print, argument);
  print = mixed(mixed(print, script.user), script.group);
  print = mixed(mixed(print, Duration(check.timeout)), check.dynamic ? 1U : 0U);
  const auto& times = check.schedule;
  print = mixed(mixed(mixed(print, times.delay_loop), times.delay_before_retry), times.warmup);
  return mixed(print, times.retry);
}

class WatchPlanner {
 public:
  explicit WatchPlanner(const config::Config& config) : config_(config) {
    for (const auto& file : config.track_files)
      files_.emplace(file.name, &file);
  }

  WatchPlan plan() {
    std::vector<std::pair<ipvs::ServiceKey, const config::VirtualServer*>> services;
    const ServiceIdentities identities(config_);
    for (std::size_t i = 0; i < config_.virtual_servers.size(); ++i)
      if (const auto& key = identities.key(i)) services.emplace_back(*key, &config_.virtual_servers[i]);
    std::ranges::stable_sort(services, {}, [](const auto& each) { return each.first; });
    for (const auto& [key, service] : services)
      add_service(key, *service);
    plan_.names = ServiceNames(config_);
    return std::move(plan_);
  }

 private:
  void add_service(const ipvs::ServiceKey& key, const config::VirtualServer& service) {
    std::vector<std::pair<ipvs::DestKey, const config::RealServer*>> servers;
    for (const auto& server : service.real_servers)
      if (!server.checks.empty()) servers.emplace_back(key_of(server), &server);
    if (servers.empty()) return;
    std::ranges::stable_sort(servers, {}, [](const auto& each) { return each.first; });
    const auto repeated = std::ranges::unique(servers, {}, [](const auto& each) { return each.first; });
    servers.erase(repeated.begin(), repeated.end());
    plan_.health.add_service(key);
    for (const auto& [server_key, server] : servers) {
      plan_.health.add_server(server_key, static_cast<std::uint16_t>(server->weight));
      for (const auto& check : server->checks)
        add_check(check, *server);
    }
    if (service.ha_suspend) add_suspension(key, service);
  }

  void add_check(const config::Check& check, const config::RealServer& server) {
    std::visit(Overloaded{
                   [&](const config::MiscCheck& misc) { add_script(misc); },
                   [&](const config::FileCheck& file) { add_file(file); },
                   [&](const config::BfdCheck& bfd) { add_session(bfd); },
                   [&](const auto&) {
                     for (auto& probe : probes_of(check, server, config_))
                       add_probe(std::move(probe));
                   },
               },
               check);
  }

  void add_probe(PlannedProbe probe) {
    auto id = checkers::fingerprint(probe.spec);
    // Another check with the same fingerprint is not to be expected; should there be one, the next number is free.
    for (;; ++id) {
      const auto [place, is_new] = probes_.try_emplace(id, plan_.probes.size());
      if (!is_new && plan_.probes[place->second].spec == probe.spec) break;
      if (!is_new) continue;
      plan_.probes.push_back({net::CheckId{id}, std::move(probe.spec)});
      break;
    }
    plan_.health.add_source(SourceId{id}, {}, probe.alpha);
  }

  void add_script(const config::MiscCheck& misc) {
    const auto& timing = misc.timing;
    ScriptCheck script;
    script.script = misc.misc_path;
    script.timeout = std::chrono::ceil<std::chrono::seconds>(misc.misc_timeout);
    script.dynamic = misc.misc_dynamic;
    script.schedule.delay_loop = timing.delay_loop;
    script.schedule.delay_before_retry = timing.delay_before_retry;
    script.schedule.warmup = timing.warmup;
    script.schedule.retry = timing.retry;
    script.id = fingerprint_of(config_.scripts.at(misc.misc_path), script);
    Effect effect;
    if (misc.misc_dynamic) effect.kind = Effect::Kind::dynamic;
    plan_.health.add_source(SourceId{script.id}, effect, misc.mode.alpha);
    if (scripts_.emplace(script.id, plan_.scripts.size()).second) plan_.scripts.push_back(script);
  }

  void add_file(const config::FileCheck& check) {
    const auto found = files_.find(check.track_file);
    if (found == files_.end()) return;
    const auto& file = *found->second;
    const SourceId id{mixed(0x46494c45U, file.file)};
    Effect effect;
    effect.kind = Effect::Kind::file;
    effect.factor = check.weight.value_or(file.weight.value);
    effect.is_reversed = check.weight ? check.reverse : file.weight.is_reversed;
    plan_.health.add_source(id, effect, false);
    if (followed_.emplace(id, true).second) plan_.files.push_back({id, file.file});
  }

  void add_session(const config::BfdCheck& check) {
    const SourceId id{mixed(0x424644U, check.name)};
    plan_.health.add_source(id, {}, begins_failed(check));
    plan_.sessions.emplace(check.name, id);
  }

  void add_suspension(const ipvs::ServiceKey& key, const config::VirtualServer& service) {
    Suspension suspension{key, {}};
    if (const auto* by = std::get_if<config::ServiceAddress>(&service.identity))
      suspension.addresses.push_back({by->address, by->address});
    if (const auto* by = std::get_if<config::ServiceGroup>(&service.identity)) {
      const auto& groups = config_.virtual_server_groups;
      const auto group = std::ranges::find(groups, by->name, &config::VirtualServerGroup::name);
      if (group != groups.end())
        for (const auto& each : group->addresses)
          suspension.addresses.push_back({each.first, each.last});
    }
    // By a mark alone nobody can tell whose the packets are.
    if (!suspension.addresses.empty()) plan_.suspensions.push_back(std::move(suspension));
  }

  const config::Config& config_;
  WatchPlan plan_;
  std::unordered_map<std::uint64_t, std::size_t> probes_, scripts_;
  std::unordered_map<SourceId, bool> followed_;
  std::unordered_map<std::string, const config::TrackFile*> files_;
};

}  // namespace

WatchPlan plan_watch(const config::Config& config) {
  return WatchPlanner(config).plan();
}

}  // namespace baton::daemon
