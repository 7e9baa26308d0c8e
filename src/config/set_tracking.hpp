// set_tracking.hpp - what the rows of trackers, of track_* blocks and of track_group do with a line.
#pragma once

#include "config/setters.hpp"

namespace baton::config {

/// The largest weight of scripts, interfaces and BFD sessions, and that of files, processes and gateways.
inline constexpr int kMostWeight = 253;
inline constexpr int kMostFactor = 254;

/// "<n> [reverse]" of a tracker.
std::optional<TrackWeight> read_track_weight(Builder& builder, const Line& line, int most);
template <auto Member, int kMost>
bool set_track_weight(Builder& builder, const Line& line) {
  const auto weight = read_track_weight(builder, line, kMost);
  return weight && store<Member>(builder, line, *weight);
}

/// Takes the name of the tracker whose block opens; false when there is one of that name already, which is reported.
bool take_tracker_name(Builder& builder, const Line& line, TrackingDraft::Names& names, std::string& name,
                       Position& position);

// vrrp_script
bool open_vrrp_script(Builder& builder, const Line& line);
void close_vrrp_script(Builder& builder);
bool set_track_script(Builder& builder, const Line& line);
bool set_script_interval(Builder& builder, const Line& line);
bool set_script_timeout(Builder& builder, const Line& line);
bool set_track_script_user(Builder& builder, const Line& line);

// track_file, vrrp_track_process
bool open_track_file(Builder& builder, const Line& line);
void close_track_file(Builder& builder);
bool set_init_file(Builder& builder, const Line& line);
bool open_track_process(Builder& builder, const Line& line);
void close_track_process(Builder& builder);
bool set_process(Builder& builder, const Line& line);
bool set_param_match(Builder& builder, const Line& line);
bool set_process_delay(Builder& builder, const Line& line);

// vrrp_track_gateway
bool open_track_gateway(Builder& builder, const Line& line);
void close_track_gateway(Builder& builder);
bool set_gateway_address(Builder& builder, const Line& line);
bool set_gateway_interface(Builder& builder, const Line& line);

// bfd_instance
bool open_bfd_instance(Builder& builder, const Line& line);
void close_bfd_instance(Builder& builder);
bool set_neighbor(Builder& builder, const Line& line);
std::optional<Duration> read_milliseconds(Builder& builder, const Line& line, std::int64_t least);
template <auto Member, std::int64_t kLeast>
bool set_milliseconds(Builder& builder, const Line& line) {
  const auto value = read_milliseconds(builder, line, kLeast);
  return value && store<Member>(builder, line, *value);
}

// track_group
bool open_track_group(Builder& builder, const Line& line);
void close_track_group(Builder& builder);
bool add_group_members(Builder& builder, const Line& line);

// track_interface, track_script ... of an instance and of a sync group
bool add_tracked(Builder& builder, const Line& line, TrackedDraft draft);
template <Tracker kKind>
bool add_tracked_by_instance(Builder& builder, const Line& line) {
  return add_tracked(builder, line, {.kind = kKind, .is_of_group = false, .owner = builder.instance.name});
}
template <Tracker kKind>
bool add_tracked_by_group(Builder& builder, const Line& line) {
  return add_tracked(builder, line, {.kind = kKind, .is_of_group = true, .owner = builder.sync_group.name});
}

}  // namespace baton::config
