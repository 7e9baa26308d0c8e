#include "checkers/echo.hpp"

#include <algorithm>

namespace baton::checkers {

namespace {

constexpr std::size_t kEchoHeader = 8;
constexpr std::size_t kIpv4Header = 20;

struct Types {
  std::uint8_t request, reply;
};

Types types_of(Family family) {
  constexpr Types kIcmp{8, 0};
  constexpr Types kIcmpv6{128, 129};
  return family == Family::ipv4 ? kIcmp : kIcmpv6;
}

/// RFC 1071, of an even number of octets.
std::uint16_t checksum(const std::string& message) {
  static_assert(kEchoSize % 2 == 0);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i + 1 < message.size(); i += 2)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(message[i]) << 8U) +
           static_cast<unsigned char>(message[i + 1]);
  while (sum > 0xffffU)
    sum = (sum & 0xffffU) + (sum >> 16U);
  return static_cast<std::uint16_t>(~sum);
}

void put(std::string& message, std::size_t at, std::uint64_t number, std::size_t octets) {
  for (std::size_t i = 0; i < octets; ++i)
    message[at + i] = static_cast<char>(number >> (8 * (octets - 1 - i)) & 0xffU);
}

}  // namespace

std::string echo_request(Family family, const EchoKey& key) {
  std::string message(kEchoSize, '\0');
  put(message, 0, types_of(family).request, 1);
  put(message, 4, key.id, 2);
  put(message, 6, key.sequence, 2);
  put(message, kEchoHeader, key.nonce, 8);
  for (std::size_t i = kEchoHeader + 8; i < kEchoSize; ++i)
    message[i] = static_cast<char>(i);
  if (family == Family::ipv4) put(message, 2, checksum(message), 2);
  return message;
}

bool is_echo_reply(Family family, const EchoKey& key, std::span<const std::byte> message) {
  if (message.empty()) return false;
  // No ICMP message begins with 4x; a raw socket hands the IPv4 header over too.
  const auto first = std::to_integer<unsigned>(message[0]);
  if (family == Family::ipv4 && first >> 4U == 4) {
    const std::size_t header = std::size_t{first & 0xfU} * 4;
    if (header < kIpv4Header || header > message.size()) return false;
    message = message.subspan(header);
  }
  if (message.size() != kEchoSize || std::to_integer<unsigned>(message[0]) != types_of(family).reply ||
      message[1] != std::byte{0})
    return false;
  const std::string sent = echo_request(family, key);
  const auto same = std::as_bytes(std::span(sent)).subspan(6);  // sequence and data
  return std::ranges::equal(message.subspan(6), same);
}

}  // namespace baton::checkers
