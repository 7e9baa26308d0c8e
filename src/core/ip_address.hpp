// ip_address.hpp - an IPv4 or IPv6 address as a value.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace baton {

enum class Family : std::uint8_t { ipv4 = 4, ipv6 = 6 };

/// Ordered by family, then as an unsigned number in network order: the order VRRP breaks ties by (RFC 9568 6.4.3).
class IpAddress {
 public:
  IpAddress() = default;  // 0.0.0.0
  static IpAddress v4(std::uint32_t host_order);
  static IpAddress v4(std::array<std::uint8_t, 4> octets);
  static IpAddress v6(std::array<std::uint8_t, 16> octets);

  /// Dotted decimal with four parts or an IPv6 address (RFC 4291); no prefix, no zone, no surrounding blanks.
  static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] Family family() const { return family_; }
  [[nodiscard]] bool is_v4() const { return family_ == Family::ipv4; }
  [[nodiscard]] bool is_v6() const { return family_ == Family::ipv6; }
  [[nodiscard]] bool is_unspecified() const;
  [[nodiscard]] bool is_multicast() const;
  [[nodiscard]] bool is_link_local() const;  // 169.254/16, fe80::/10

  /// The 4 or 16 octets in network order.
  [[nodiscard]] std::span<const std::uint8_t> octets() const { return {octets_.data(), is_v4() ? 4U : 16U}; }
  [[nodiscard]] std::uint32_t v4_host_order() const;  // IPv4 only
  [[nodiscard]] std::string to_string() const;        // IPv6 as RFC 5952

  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;

 private:
  Family family_ = Family::ipv4;
  std::array<std::uint8_t, 16> octets_{};  // IPv4 in the first four, the rest zero
};

/// The longest prefix of a family: 32 or 128.
constexpr std::uint8_t max_prefix_length(Family family) {
  return family == Family::ipv4 ? 32 : 128;
}

}  // namespace baton

template <>
struct std::hash<baton::IpAddress> {
  std::size_t operator()(const baton::IpAddress& address) const noexcept;
};
