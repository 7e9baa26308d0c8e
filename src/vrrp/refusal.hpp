// refusal.hpp - why a received packet is refused, and how often each reason was met (RFC 6527's counters).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/tally.hpp"

namespace baton::vrrp {

enum class Refusal : std::uint8_t {
  too_short,
  ip_header,         // not IPv4/IPv6, bad header length, protocol neither 112 nor 51
  time_to_live,      // by multicast not 255; by unicast outside the peer's range
  version,           // neither 2 nor 3, or 2 over IPv6
  version_mismatch,  // not the version this instance is configured for
  type,              // not 1
  vrid,              // not ours
  length,            // count of addresses does not fit the length
  checksum,
  address_count,        // 0 addresses
  authentication_type,  // v2: unknown, or not the one this instance uses
  authentication,       // v2: wrong password, or the Authentication Header does not fit
  sequence,             // v2: the Authentication Header has been seen before
  interval,             // v2: differs from ours; v3: 0
  destination,          // multicast for an instance of unicast, or the reverse
  source,               // unicast from somebody who is no peer
  owner,                // we own the addresses and ignore all others
  address_list,         // addresses differ from ours: counted, never refused for (address_list_differs())
};
inline constexpr std::size_t kRefusals = static_cast<std::size_t>(Refusal::address_list) + 1;

/// A sentence for the log: "the checksum is wrong".
std::string_view users_text(Refusal refusal);

/// How often each was met.
using RefusalCounts = Tally<Refusal, kRefusals>;

}  // namespace baton::vrrp
