// draft_tracking.hpp - trackers, references to them and routing entries while they are read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/draft.hpp"

namespace baton::config {

/// The kinds of tracked objects, in the order of the track_* blocks.
enum class Tracker : std::uint8_t { interface, script, file, process, bfd, gateway };

/// One line of a track_* block.  It is resolved at the end: what it names may be defined later.
struct TrackedDraft {
  Tracker kind = Tracker::interface;
  bool is_of_group = false;  // of a vrrp_sync_group, else of a vrrp_instance
  std::string owner = {};    // its name; empty: the entry is skipped, and shows only that its object is meant
  std::string name = {};
  Place place = {};
  std::optional<int> weight = {};
  std::optional<bool> is_reversed = {};
};

/// A static route or rule that names a track_group.
struct GroupReference {
  bool is_rule = false;
  std::size_t index = 0;  // in the Config's list
  Place place;
};

struct TrackingDraft {
  using Names = std::unordered_map<std::string, Place>;

  Place place;  // of the name of the tracker whose block is open
  Written<std::string> user;
  std::string group;  // of the vrrp_script
  bool has_neighbor = false;
  Place neighbor_place;                     // of the bfd_instance
  std::vector<Place> member_places;         // of the track_group
  std::vector<std::vector<Place>> members;  // of each track_group
  Names scripts, files, processes, bfds, gateways, groups, bfd_pairs;
  std::vector<TrackedDraft> entries;
  std::vector<GroupReference> group_references;
};

/// The route or rule of the line that is being read.
struct EntryDraft {
  std::optional<Family> family;  // of the first word that tells
  bool has_destination = false, is_default = false, has_action = false;
  Nexthop nexthop;
  EncapIp encap_ip;
};

/// The first preference of rules that have none; the next ones count downwards.
inline constexpr std::uint32_t kFirstPreference = 16384;

}  // namespace baton::config
