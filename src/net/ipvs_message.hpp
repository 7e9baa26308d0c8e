// ipvs_message.hpp - building and reading one message of the kernel's generic netlink family "IPVS".
//
// For the codecs of this folder.  Readers trust no length and no value.
#pragma once

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "core/assert.hpp"
#include "net/ipvs_codec.hpp"

namespace baton::net {

inline constexpr std::size_t kMessageBytes = 512;  // all attributes but the names take less than 300
inline constexpr std::size_t kAddressBytes = 16;   // union nf_inet_addr, for both families

/// A message under construction.  What does not fit is a bug: the size follows from what is put in.
class IpvsWriter {
 public:
  IpvsWriter(std::uint16_t family, std::uint8_t command, std::uint8_t version, int flags, std::size_t names = 0)
      : message_(nlmsg_alloc_size(kMessageBytes + names)) {
    ASSERT(message_ != nullptr);
    ASSERT(genlmsg_put(message_.get(), 0, 0, family, 0, flags, command, version) != nullptr);
  }

  void bytes(int type, const void* data, std::size_t size) {
    ASSERT(nla_put(message_.get(), type, static_cast<int>(size), data) == 0);
  }
  void u8(int type, std::uint8_t value) { bytes(type, &value, sizeof value); }
  void u16(int type, std::uint16_t value) { bytes(type, &value, sizeof value); }
  void u32(int type, std::uint32_t value) { bytes(type, &value, sizeof value); }
  void port(int type, std::uint16_t value) { u16(type, htons(value)); }
  void string(int type, const std::string& value) { bytes(type, value.c_str(), value.size() + 1); }
  void family(int type, Family value) { u16(type, value == Family::ipv4 ? AF_INET : AF_INET6); }
  void address(int type, const IpAddress& value) {
    std::array<std::uint8_t, kAddressBytes> octets{};
    std::ranges::copy(value.octets(), octets.begin());
    bytes(type, octets.data(), octets.size());
  }

  template <class Inner>
  void nested(int type, Inner inner) {
    nlattr* const start = nla_nest_start(message_.get(), type);
    ASSERT(start != nullptr);
    inner();
    nla_nest_end(message_.get(), start);
  }

  NetlinkMessage take() { return std::move(message_); }

 private:
  NetlinkMessage message_;
};

inline IpvsWriter ipvs_command(IpvsFamily family, std::uint8_t number, int flags = 0, std::size_t names = 0) {
  return {static_cast<std::uint16_t>(family), number, IPVS_GENL_VERSION, flags, names};
}

/// The attributes of one nested attribute of a generic netlink message, each at least as long as the reader needs.
template <int kMax>
class IpvsAttributes {
 public:
  /// Absent when the message is malformed or has no such nested attribute.
  static std::optional<IpvsAttributes> in(const nlmsghdr& message, int outer) {
    // libnl takes a pointer to a message that could be changed, and does not change it.
    auto* const header = const_cast<nlmsghdr*>(&message);
    if (genlmsg_valid_hdr(header, 0) == 0) return std::nullopt;
    const auto* const body = static_cast<const genlmsghdr*>(nlmsg_data(header));
    const nlattr* const nest = nla_find(genlmsg_attrdata(body, 0), genlmsg_attrlen(body, 0), outer);
    IpvsAttributes found;
    if (nest == nullptr || nla_parse_nested(found.table_.data(), kMax, const_cast<nlattr*>(nest), nullptr) != 0)
      return std::nullopt;
    return found;
  }

  /// Those of the message itself.
  static std::optional<IpvsAttributes> of(const nlmsghdr& message) {
    auto* const header = const_cast<nlmsghdr*>(&message);
    if (genlmsg_valid_hdr(header, 0) == 0) return std::nullopt;
    const auto* const body = static_cast<const genlmsghdr*>(nlmsg_data(header));
    IpvsAttributes found;
    if (nla_parse(found.table_.data(), kMax, genlmsg_attrdata(body, 0), genlmsg_attrlen(body, 0), nullptr) != 0)
      return std::nullopt;
    return found;
  }

  template <class Value>
  [[nodiscard]] std::optional<Value> value(int type) const {
    const nlattr* const found = table_[static_cast<std::size_t>(type)];
    if (found == nullptr || nla_len(found) < static_cast<int>(sizeof(Value))) return std::nullopt;
    Value result{};
    std::memcpy(&result, nla_data(found), sizeof result);
    return result;
  }
  [[nodiscard]] std::optional<std::uint16_t> port(int type) const {
    const auto found = value<std::uint16_t>(type);
    if (!found) return std::nullopt;
    return ntohs(*found);
  }
  [[nodiscard]] std::string string(int type) const {
    const nlattr* const found = table_[static_cast<std::size_t>(type)];
    if (found == nullptr) return {};
    const auto* const text = static_cast<const char*>(nla_data(found));
    return {text, strnlen(text, static_cast<std::size_t>(nla_len(found)))};
  }
  [[nodiscard]] std::optional<Family> family(int type) const {
    const auto found = value<std::uint16_t>(type);
    if (found == AF_INET) return Family::ipv4;
    if (found == AF_INET6) return Family::ipv6;
    return std::nullopt;
  }
  [[nodiscard]] std::optional<IpAddress> address(int type, Family family) const {
    const auto octets = value<std::array<std::uint8_t, kAddressBytes>>(type);
    if (!octets) return std::nullopt;
    if (family == Family::ipv6) return IpAddress::v6(*octets);
    return IpAddress::v4({(*octets)[0], (*octets)[1], (*octets)[2], (*octets)[3]});
  }

 private:
  std::array<nlattr*, std::size_t{kMax} + 1> table_{};
};

}  // namespace baton::net
