// dns_messages.hpp - answers of DNS as octets, for tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/ip_address.hpp"

namespace baton::checkers {

/// Builds one response, record by record; sections in their order.
class DnsMessage {
 public:
  explicit DnsMessage(std::string_view asked = "web.example", std::uint16_t type = 1) {
    octets_ = std::string("\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00", 12);
    put_name(asked);
    two(type);
    two(1);
  }
  DnsMessage& address(std::string_view owner, std::string_view address, std::uint32_t ttl = 60,
                      bool additional = false) {
    const auto value = *IpAddress::parse(address);
    std::string data;
    for (const auto octet : value.octets())
      data += static_cast<char>(octet);
    return record(owner, value.is_v6() ? 28 : 1, ttl, data, additional);
  }
  DnsMessage& service(std::string_view owner, std::uint16_t priority, std::uint16_t weight, std::uint16_t port,
                      std::string_view target, std::uint32_t ttl = 60) {
    std::string data;
    for (const auto value : {priority, weight, port})
      data += {static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)};
    return record(owner, 33, ttl, data + name_octets(target));
  }
  DnsMessage& alias(std::string_view owner, std::string_view target, std::uint32_t ttl = 60) {
    return record(owner, 5, ttl, name_octets(target));
  }
  DnsMessage& record(std::string_view owner, std::uint16_t type, std::uint32_t ttl, const std::string& data,
                     bool additional = false) {
    ++octets_[additional ? 11 : 7];
    put_name(owner);
    two(type);
    two(1);
    two(static_cast<std::uint16_t>(ttl >> 16U));
    two(static_cast<std::uint16_t>(ttl & 0xffffU));
    two(static_cast<std::uint16_t>(data.size()));
    octets_ += data;
    return *this;
  }
  [[nodiscard]] std::string& octets() { return octets_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return std::as_bytes(std::span(octets_)); }

  static std::string name_octets(std::string_view name) {
    std::string octets;
    while (!name.empty()) {
      const auto dot = std::min(name.find('.'), name.size());
      octets += static_cast<char>(dot);
      octets += name.substr(0, dot);
      name.remove_prefix(std::min(dot + 1, name.size()));
    }
    return octets + '\0';
  }

 private:
  void put_name(std::string_view name) { octets_ += name_octets(name); }
  void two(std::uint16_t value) { octets_ += {static_cast<char>(value >> 8U), static_cast<char>(value & 0xffU)}; }

  std::string octets_;
};

}  // namespace baton::checkers
