#include "core/ip_address.hpp"

#include <algorithm>

#include <arpa/inet.h>

namespace baton {

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
  const std::string terminated(text);  // inet_pton wants a C string
  if (terminated.find('\0') != std::string::npos) return std::nullopt;
  if (text.find(':') == std::string_view::npos) {
    std::array<std::uint8_t, 4> octets{};
    if (inet_pton(AF_INET, terminated.c_str(), octets.data()) != 1) return std::nullopt;
    return v4(octets);
  }
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
  const auto octets = address.octets();
  const std::string_view bytes(reinterpret_cast<const char*>(octets.data()), octets.size());
  return std::hash<std::string_view>{}(bytes);
}
