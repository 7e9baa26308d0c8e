// echo.hpp - ICMP echo messages of both families (RFC 792, RFC 4443 4) (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/ip_address.hpp"

namespace baton::checkers {

/// What makes one echo differ from all others.
struct EchoKey {
  std::uint16_t id = 0;  // a datagram socket of the kernel puts its own there
  std::uint16_t sequence = 0;
  std::uint64_t nonce = 0;  // begins the data: ours whatever the kernel made of the id
};

/// Octets of a message, its header included: as many as keepalived sends.
inline constexpr std::size_t kEchoSize = 128;

/// A request, with the checksum that IPv4 wants; for IPv6 the kernel sets it.
std::string echo_request(Family family, const EchoKey& key);

/// Whether a message, with or without its IPv4 header before it, is the reply to that request.  The id is not compared.
bool is_echo_reply(Family family, const EchoKey& key, std::span<const std::byte> message);

}  // namespace baton::checkers
