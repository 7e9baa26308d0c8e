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
  add(to, TrackKind::bfd, tracking.bfds);
}

/// Calls `take` with the tracking of every instance and group.
template <class Take>
void visit_tracking(const config::Config& config, const Take& take) {
  for (const auto& instance : config.vrrp_instances)
    take(instance.tracking);
  for (const auto& group : config.sync_groups)
    take(group.tracking);
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
  std::set<std::string> wanted;
  visit_tracking(config, [&](const config::Tracking& tracking) {
    for (const auto& each : tracking.scripts)
      wanted.insert(each.name);
  });
  std::vector<TrackScript> scripts;
  for (const auto& script : config.vrrp_scripts) {
    if (!wanted.contains(script.name)) continue;
    scripts.push_back({script.name, script.script, script.opened_file, script.interval,
                       script.timeout.value_or(script.interval), script.rise, script.fall, script.init_fail});
  }
  return scripts;
}

std::vector<config::TrackFile> plan_track_files(const config::Config& config) {
  std::set<std::string> wanted;
  visit_tracking(config, [&](const config::Tracking& tracking) {
    for (const auto& each : tracking.files)
      wanted.insert(each.name);
  });
  std::vector<config::TrackFile> files;
  for (const auto& file : config.track_files)
    if (wanted.contains(file.name)) files.push_back(file);
  return files;
}

}  // namespace baton::daemon
