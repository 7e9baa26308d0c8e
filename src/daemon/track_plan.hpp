// track_plan.hpp - what the instances of a configuration track, in the words of src/vrrp (pure).
#pragma once

#include <vector>

#include "config/model.hpp"
#include "daemon/track_scripts.hpp"
#include "vrrp/tracking.hpp"

namespace baton::daemon {

/// Its own, what its group tracks (none: nullptr), and the other interfaces that its addresses are on.
std::vector<vrrp::Tracker> plan_trackers(const config::VrrpInstance& instance, const config::SyncGroup* group);

/// The vrrp_scripts that anybody tracks.
std::vector<TrackScript> plan_track_scripts(const config::Config& config);

/// The tracked files that anybody tracks.
std::vector<config::TrackFile> plan_track_files(const config::Config& config);

}  // namespace baton::daemon
