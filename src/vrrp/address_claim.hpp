// address_claim.hpp - what ARP packets and Neighbour Advertisements say of who has an address, and the kernel's filter
// that lets only those about ours through.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <linux/filter.h>

#include "core/ip_address.hpp"
#include "vrrp/announcement.hpp"

namespace baton::vrrp {

/// Somebody says that the address is at this MAC.
struct AddressClaim {
  IpAddress address;
  MacAddress mac{};  // zero: not said
  friend bool operator==(const AddressClaim&, const AddressClaim&) = default;
};

/// The sender of an ARP packet, request or reply, behind the Ethernet header (RFC 826); none of a probe, which has no
/// sender address (RFC 5227 1.1), or when it is malformed.
[[nodiscard]] std::optional<AddressClaim> arp_claim(std::span<const std::uint8_t> packet);

/// Of an ICMPv6 message: the target of a Neighbour Advertisement, and its link-layer address (RFC 4861 4.4).
[[nodiscard]] std::optional<AddressClaim> neighbour_claim(std::span<const std::uint8_t> message);

/// More addresses of one interface are not watched: each takes an instruction of at most 4,096.
inline constexpr std::size_t kMaxClaimed = 2000;

/// ARP packets whose sender has one of these addresses of IPv4; the first kMaxClaimed count.
std::vector<sock_filter> claim_filter(std::span<const IpAddress> addresses);

}  // namespace baton::vrrp
