// socket_filter.hpp - the kernel's filter (classic BPF) for a raw socket: a flood of foreign packets wakes nobody.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <linux/filter.h>

#include "core/ids.hpp"
#include "core/ip_address.hpp"

namespace baton::vrrp {

/// What a filter returns to let all octets of a packet through.
inline constexpr std::uint32_t kWholePacket = 0xffffffff;

/// What a socket is to let through.
struct FilterPlan {
  Family family = Family::ipv4;
  bool has_authentication_header = false;  // IPv4: protocol 51 with an advertisement in it, instead of 112
  bool takes_unicast = false;              // then what does not go to a multicast group may have any TTL
  bool takes_unknown = false;              // every VRID, so that foreign ones can be logged
  std::span<const Vrid> wanted;            // any order, duplicates harmless; none wanted: nothing passes
};

/// Lets through what has the protocol, TTL or hop limit 255, version 2 or 3 (IPv6: 3) with type 1, and a VRID that is
/// wanted.  The program of IPv4 sees a packet from its IP header on, that of IPv6 from the message on (and the header
/// by the kernel's offset for it), as raw sockets of Linux do; for SO_ATTACH_FILTER.  At most 52 instructions.  What
/// was in the socket's queue before stays there, so a reader checks all of it again.
std::vector<sock_filter> socket_filter(const FilterPlan& plan);

}  // namespace baton::vrrp
