#include "daemon/track_plan.hpp"

#include <algorithm>
#include <set>
#include <string>

namespace baton::daemon {

namespace {

using vrrp::TrackKind;

void add(std::vector<vrrp::Tracker>* to, TrackKind kind, const std::vector<config::Tracked>& tracked) {
  for (const auto& each : tracked)
    to->push_back({{kind, each.name}, each.weight.value, each.weight.is_reversed});
}

void add_all(std::vector<vrrp::Tracker>* to, const config::Tracking& tracking) {
  add(to, TrackKind::interface, tracking.interfaces);
  add(to, TrackKind::script, tracking.scripts);
  add(to, TrackKind::file, tracking.files);
  add(to, TrackKind::process, tracking.processes);
  add(to, TrackKind::bfd, tracking.bfds);
  add(to, TrackKind::gateway, tracking.gateways);
}

/// What any instance or group tracks of one kind.
std::set<std::string> names_of(const config::Config& config, std::vector<config::Tracked> config::Tracking::*kind) {
  std::set<std::string> names;
  const auto add_names = [&](const config::Tracking& tracking) {
    for (const auto& each : tracking.*kind)
      names.insert(each.name);
  };
  for (const auto& instance : config.vrrp_instances)
    add_names(instance.tracking);
  for (const auto& group : config.sync_groups)
    add_names(group.tracking);
  return names;
}

/// Parameters, param_match and full_command each have the command line compared, as in keepalived.
vrrp::ProcessPattern pattern_of(const config::TrackProcess& process) {
  using config::ParamMatch;
  using vrrp::ParameterMatch;
  const bool has_parameters = !process.parameters.empty() || process.param_match != ParamMatch::plain;
  if (!has_parameters && !process.full_command) return vrrp::ProcessPattern::of_name(process.process);
  std::vector<std::string> words{process.process};
  words.insert(words.end(), process.parameters.begin(), process.parameters.end());
  if (!has_parameters) return vrrp::ProcessPattern::of_command(words, ParameterMatch::any);
  switch (process.param_match) {
    case ParamMatch::initial: return vrrp::ProcessPattern::of_command(words, ParameterMatch::beginning);
    case ParamMatch::partial: return vrrp::ProcessPattern::of_command(words, ParameterMatch::leading);
    case ParamMatch::plain:
    case ParamMatch::exact: break;
  }
  return vrrp::ProcessPattern::of_command(words, ParameterMatch::exact);
}

checkers::CheckSpec check_of(const config::TrackGateway& gateway) {
  checkers::CheckSpec check;
  check.target.to = {*gateway.address, gateway.port};
  check.target.bind_if = gateway.interface;
  check.what = checkers::PingSpec{};
  if (gateway.port != 0) check.what = checkers::TcpSpec{};
  check.schedule.delay_loop = gateway.interval;
  check.schedule.connect_timeout = gateway.timeout.value_or(gateway.interval);
  return check;
}

}  // namespace

FollowedInterfaces followed_interfaces(const config::Config& config) {
  FollowedInterfaces followed;
  std::unordered_map<std::string, const config::TrackGroup*> groups;
  for (const auto& group : config.track_groups)
    groups.emplace(group.name, &group);
  const auto add_to = [&](const std::string& group, const std::string& interface) {
    const auto found = groups.find(group);
    if (interface.empty() || found == groups.end()) return;
    for (const auto& member : found->second->instances)
      followed[member].insert(interface);
  };
  for (const auto& address : config.static_addresses)
    add_to(address.track_group, address.device);
  for (const auto& route : config.static_routes)
    add_to(route.track_group, route.device);
  for (const auto& rule : config.static_rules)
    add_to(rule.track_group, rule.iif);
  return followed;
}

std::vector<vrrp::Tracker> plan_trackers(const config::VrrpInstance& instance, const config::SyncGroup* group,
                                         const FollowedInterfaces& follows) {
  std::vector<vrrp::Tracker> trackers;
  add_all(&trackers, instance.tracking);
  if (group != nullptr) add_all(&trackers, group->tracking);
  std::set<std::string> interfaces{"", instance.interface};
  for (const auto& tracker : trackers)
    if (tracker.key.kind == TrackKind::interface) interfaces.insert(tracker.key.name);
  const auto add_interface = [&](const std::string& name) {
    if (interfaces.insert(name).second) trackers.push_back({{TrackKind::interface, name}, 0, false});
  };
  for (const auto* list : {&instance.virtual_addresses, &instance.excluded_addresses})
    for (const auto& address : *list)
      if (!address.no_track) add_interface(address.device);
  for (const auto& route : instance.virtual_routes)
    if (!route.no_track) add_interface(route.device);
  if (const auto followed = follows.find(instance.name); followed != follows.end())
    for (const auto& name : followed->second)
      add_interface(name);
  return trackers;
}

std::vector<TrackScript> plan_track_scripts(const config::Config& config) {
  const auto wanted = names_of(config, &config::Tracking::scripts);
  std::vector<TrackScript> scripts;
  for (const auto& script : config.vrrp_scripts) {
    if (!wanted.contains(script.name)) continue;
    scripts.push_back({script.name, script.script, script.opened_file, script.interval,
                       script.timeout.value_or(script.interval), script.rise, script.fall, script.init_fail});
  }
  return scripts;
}

std::vector<config::TrackFile> plan_track_files(const config::Config& config) {
  const auto wanted = names_of(config, &config::Tracking::files);
  std::vector<config::TrackFile> files;
  for (const auto& file : config.track_files)
    if (wanted.contains(file.name)) files.push_back(file);
  return files;
}

std::vector<vrrp::TrackedProcess> plan_track_processes(const config::Config& config) {
  const auto wanted = names_of(config, &config::Tracking::processes);
  std::vector<vrrp::TrackedProcess> processes;
  for (const auto& process : config.track_processes) {
    if (!wanted.contains(process.name)) continue;
    processes.push_back({process.name,
                         pattern_of(process),
                         {process.quorum, process.quorum_max, process.fork_delay, process.terminate_delay}});
  }
  return processes;
}

std::vector<net::TrackedGateway> plan_track_gateways(const config::Config& config) {
  const auto wanted = names_of(config, &config::Tracking::gateways);
  std::vector<net::TrackedGateway> gateways;
  for (const auto& gateway : config.track_gateways)
    if (wanted.contains(gateway.name))
      gateways.push_back({gateway.name, check_of(gateway), gateway.rise, gateway.fall});
  return gateways;
}

}  // namespace baton::daemon
