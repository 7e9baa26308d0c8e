// arp.hpp - gratuitous ARP frames (RFC 826, RFC 5227 section 3) as keepalived sends them.
#pragma once

#include <array>
#include <cstdint>

#include "core/ip_address.hpp"

namespace baton::vrrp {

using MacAddress = std::array<std::uint8_t, 6>;
using ArpFrame = std::array<std::uint8_t, 42>;  // Ethernet header + ARP payload, unpadded

/// An ARP request, broadcast, whose sender and target protocol address are both `address`.
ArpFrame gratuitous_arp(const MacAddress& sender, const IpAddress& address);

}  // namespace baton::vrrp
