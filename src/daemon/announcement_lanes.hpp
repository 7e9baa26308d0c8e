// announcement_lanes.hpp - which interfaces keep the frames of their announcements apart, and from whose (pure):
// vrrp_garp_interval, vrrp_gna_interval and garp_group.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "config/model.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::daemon {

/// For vrrp::AnnouncementBurst.
struct AnnouncementLane {
  std::uint32_t number = 0;  // 0: without a distance
  Duration distance{};
  friend bool operator==(const AnnouncementLane&, const AnnouncementLane&) = default;
};

class AnnouncementLanes {
 public:
  AnnouncementLanes() = default;
  explicit AnnouncementLanes(const config::Config& config);

  /// Of gratuitous ARP (IPv4) or Neighbour Advertisements (IPv6).
  AnnouncementLane lane(const std::string& interface, Family family);

 private:
  struct Spacing {
    std::uint32_t number = 0;  // of its ARP lane; that of its Neighbour Advertisements is the next
    Duration arp{}, neighbour{};
  };
  void add(const std::string& interface, std::uint32_t number, const config::GarpGroup& group);

  Duration arp_{}, neighbour_{};           // of an interface that is in no group
  std::map<std::string, Spacing> spaced_;  // by interface
  std::uint32_t next_ = 1;
};

}  // namespace baton::daemon
