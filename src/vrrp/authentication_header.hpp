// authentication_header.hpp - VRRP version 2 inside an IP Authentication Header (RFC 2402, RFC 2338 5.3.6), as
// keepalived sends it: HMAC-MD5-96 over the whole IPv4 packet.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace baton::vrrp {

inline constexpr std::uint8_t kAhProtocol = 51;  // IANA
inline constexpr std::size_t kAhSize = 24;       // octets: next header to sequence number, then 12 of the check value

/// auth_pass: at most 8 octets, padded with zeros, which do not change an HMAC.
using AhKey = std::array<std::uint8_t, 8>;
/// ICV: the first 96 bits of HMAC-MD5 (RFC 2403).
using CheckValue = std::array<std::uint8_t, 12>;

struct AuthenticationHeader {
  std::uint32_t security_parameters = 0;  // SPI: keepalived takes its source address
  std::uint32_t sequence = 0;
  CheckValue check_value{};
  friend bool operator==(const AuthenticationHeader&, const AuthenticationHeader&) = default;
};

/// The header that follows the IPv4 header of `header_size` octets; the packet is long enough (asserted).
AuthenticationHeader authentication_header(std::span<const std::uint8_t> packet, std::size_t header_size);

/// Over the whole packet with what may change on the way, and the check value, as zero.  The TTL is such only by
/// unicast: to a multicast group keepalived counts it as 255.  None of a packet longer than 2048 octets, or where MD5
/// is refused.  Allocates nothing.
std::optional<CheckValue> check_value(std::span<const std::uint8_t> packet, std::size_t header_size, const AhKey& key);

/// Writes sequence number and check value into a packet that is otherwise ready.
void seal(std::span<std::uint8_t> packet, std::size_t header_size, const AhKey& key, std::uint32_t sequence);

}  // namespace baton::vrrp
