// socket_filter.hpp - the kernel's filter (classic BPF) for a raw IPv4 socket: a flood of foreign packets wakes nobody.
#pragma once

#include <span>
#include <vector>

#include <linux/filter.h>

#include "core/ids.hpp"

namespace baton::vrrp {

/// Lets through what has protocol 112, TTL 255, version 2 or 3 with type 1, and a VRID in `wanted` (any order,
/// duplicates harmless; none wanted: nothing passes).  The program sees a packet from its IPv4 header on; for
/// SO_ATTACH_FILTER. At most 46 instructions.  What was in the socket's queue before stays there, so a reader checks
/// all of it again.
std::vector<sock_filter> socket_filter(std::span<const Vrid> wanted);

}  // namespace baton::vrrp
