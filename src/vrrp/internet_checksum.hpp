// internet_checksum.hpp - 16-bit numbers in network order, and the checksum of IP's family (RFC 1071).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/ip_address.hpp"

namespace baton::vrrp {

inline std::uint16_t load16(std::span<const std::uint8_t> octets, std::size_t at) {
  return static_cast<std::uint16_t>(octets[at] << 8U | octets[at + 1]);
}

inline void store16(std::span<std::uint8_t> octets, std::size_t at, std::uint16_t value) {
  octets[at] = static_cast<std::uint8_t>(value >> 8U);
  octets[at + 1] = static_cast<std::uint8_t>(value);
}

/// Of whole pairs of octets, folded to 16 bits; `sum` is that of what comes before.
std::uint32_t ones_complement_sum(std::span<const std::uint8_t> octets, std::uint32_t sum = 0);

/// Addresses, protocol and length of a message, as the checksum covers them (RFC 8200 8.1); the sum of IPv4's is alike.
std::uint32_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::size_t length);

/// What goes into the field: the complement of the folded sum.
inline std::uint16_t checksum_of(std::uint32_t sum) {
  return static_cast<std::uint16_t>(~ones_complement_sum({}, sum));
}

}  // namespace baton::vrrp
