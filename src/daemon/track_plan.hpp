// track_plan.hpp - what the instances of a configuration track, in the words of src/vrrp (pure).
#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/model.hpp"
#include "daemon/track_scripts.hpp"
#include "net/gateway_watch.hpp"
#include "vrrp/process_tracking.hpp"
#include "vrrp/tracking.hpp"

namespace baton::daemon {

/// Instance -> the interfaces of static addresses, routes and rules that it follows as a member of their track_group.
using FollowedInterfaces = std::unordered_map<std::string, std::set<std::string>>;
FollowedInterfaces followed_interfaces(const config::Config& config);

/// Its own, what its group tracks (none: nullptr), and the other interfaces that its addresses and routes are on or
/// that it `follows`.
std::vector<vrrp::Tracker> plan_trackers(const config::VrrpInstance& instance, const config::SyncGroup* group,
                                         const FollowedInterfaces& follows);

/// The vrrp_scripts that anybody tracks.
std::vector<TrackScript> plan_track_scripts(const config::Config& config);

/// The tracked files that anybody tracks.
std::vector<config::TrackFile> plan_track_files(const config::Config& config);

/// The vrrp_track_processes that anybody tracks.
std::vector<vrrp::TrackedProcess> plan_track_processes(const config::Config& config);

/// The vrrp_track_gateways that anybody tracks.
std::vector<net::TrackedGateway> plan_track_gateways(const config::Config& config);

}  // namespace baton::daemon
