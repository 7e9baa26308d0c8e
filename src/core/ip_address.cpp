#include "core/ip_address.hpp"

#include <algorithm>
#include <cstring>

#include <arpa/inet.h>

namespace baton {
namespace {

/// As inet_pton: four numbers to 255 without leading zeros.  A configuration can hold a million of them.
std::optional<std::array<std::uint8_t, 4>> parse_v4(std::string_view text) {
  std::array<std::uint8_t, 4> octets{};
  std::size_t at = 0;
  for (std::uint8_t& octet : octets) {
    if (&octet != octets.data() && (at == text.size() || text[at++] != '.')) return std::nullopt;
    unsigned value = 0;
    const std::size_t start = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) {
      if (at > start && value == 0) return std::nullopt;
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
      if (value > 255) return std::nullopt;
    }
    if (at == start) return std::nullopt;
    octet = static_cast<std::uint8_t>(value);
  }
  if (at != text.size()) return std::nullopt;
  return octets;
}

}  // namespace

IpAddress IpAddress::v4(std::uint32_t host_order) {
  return v4({static_cast<std::uint8_t>(host_order >> 24U), static_cast<std::uint8_t>(host_order >> 16U),
             static_cast<std::uint8_t>(host_order >> 8U), static_cast<std::uint8_t>(host_order)});
}

IpAddress IpAddress::v4(std::array<std::uint8_t, 4> octets) {
  IpAddress address;
  std::ranges::copy(octets, address.octets_.begin());
  return address;
}

IpAddress IpAddress::v6(std::array<std::uint8_t, 16> octets) {
  IpAddress address;
  address.family_ = Family::ipv6;
  address.octets_ = octets;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.empty() || text.size() > INET6_ADDRSTRLEN) return std::nullopt;
  if (text.find(':') == std::string_view::npos) {
    const auto octets = parse_v4(text);
    return octets ? std::optional(v4(*octets)) : std::nullopt;
  }
  const std::string terminated(text);  // inet_pton wants a C string
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) != 1) return std::nullopt;
  return v6(octets);
}

bool IpAddress::is_unspecified() const {
  return std::ranges::all_of(octets(), [](std::uint8_t octet) { return octet == 0; });
}

bool IpAddress::is_multicast() const {
  return is_v4() ? (octets_[0] & 0xf0U) == 0xe0U : octets_[0] == 0xffU;
}

bool IpAddress::is_link_local() const {
  return is_v4() ? octets_[0] == 169 && octets_[1] == 254 : octets_[0] == 0xfeU && (octets_[1] & 0xc0U) == 0x80U;
}

std::uint32_t IpAddress::v4_host_order() const {
  return std::uint32_t{octets_[0]} << 24U | std::uint32_t{octets_[1]} << 16U | std::uint32_t{octets_[2]} << 8U |
         std::uint32_t{octets_[3]};
}

std::string IpAddress::to_string() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return inet_ntop(is_v4() ? AF_INET : AF_INET6, octets_.data(), text.data(), text.size());
}

}  // namespace baton

std::size_t std::hash<baton::IpAddress>::operator()(const baton::IpAddress& address) const noexcept {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  const auto octets = address.octets();
  std::memcpy(&low, octets.data(), std::min<std::size_t>(octets.size(), sizeof low));
  if (octets.size() > sizeof low) std::memcpy(&high, octets.data() + sizeof low, sizeof high);
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15U;  // 2^64 / golden ratio
  const std::uint64_t mixed = (low ^ (high * kSpread)) * kSpread;
  return static_cast<std::size_t>(mixed ^ mixed >> 32U);
}
