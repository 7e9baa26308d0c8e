// announcement.hpp - the frames that tell a network where an address is now, as keepalived sends them: gratuitous ARP
// (RFC 826, RFC 5227 section 3) and unsolicited Neighbour Advertisements (RFC 4861 7.2.6).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/ip_address.hpp"

namespace baton::vrrp {

using MacAddress = std::array<std::uint8_t, 6>;

/// An Ethernet frame, unpadded.
class AnnouncementFrame {
 public:
  static constexpr std::size_t kLongest = 86;  // Ethernet, IPv6, Neighbour Advertisement with its option
  [[nodiscard]] std::span<const std::uint8_t> octets() const { return std::span(octets_).first(size_); }

 private:
  friend AnnouncementFrame announcement(const MacAddress& sender, const IpAddress& address, bool is_router);
  std::array<std::uint8_t, kLongest> octets_{};
  std::size_t size_ = 0;
};

/// IPv4: an ARP request, broadcast, whose sender and target protocol address are both `address`.  IPv6: a Neighbour
/// Advertisement of `address` to all nodes, with the override flag, and the router flag when `is_router`.
AnnouncementFrame announcement(const MacAddress& sender, const IpAddress& address, bool is_router = false);

}  // namespace baton::vrrp
