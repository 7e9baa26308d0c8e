#include "net/ipvs_codec.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

#include <arpa/inet.h>
#include <linux/genetlink.h>
#include <linux/ip_vs.h>
#include <linux/netlink.h>

#include <netlink/attr.h>
#include <netlink/genl/genl.h>
#include <netlink/msg.h>

#include "core/assert.hpp"
#include "core/overloaded.hpp"

namespace baton::net {
namespace {

using ipvs::Dest;
using ipvs::DestKey;
using ipvs::FwdMethod;
using ipvs::Service;
using ipvs::ServiceKey;

constexpr std::size_t kMessageBytes = 512;  // all attributes but the names take less than 300
constexpr std::size_t kAddressBytes = 16;   // union nf_inet_addr, for both families

/// A message under construction.  What does not fit is a bug: the size follows from what is put in.
class Writer {
 public:
  Writer(std::uint16_t family, std::uint8_t command, std::uint8_t version, int flags, std::size_t names = 0)
      : message_(nlmsg_alloc_size(kMessageBytes + names)) {
    ASSERT(message_ != nullptr);
    ASSERT(genlmsg_put(message_.get(), 0, 0, family, 0, flags, command, version) != nullptr);
  }

  void bytes(int type, const void* data, std::size_t size) {
    ASSERT(nla_put(message_.get(), type, static_cast<int>(size), data) == 0);
  }
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

Writer command(IpvsFamily family, std::uint8_t number, int flags = 0, std::size_t names = 0) {
  return {static_cast<std::uint16_t>(family), number, IPVS_GENL_VERSION, flags, names};
}

void put_key(Writer& writer, const ServiceKey& key) {
  writer.family(IPVS_SVC_ATTR_AF, key.family);
  if (key.fwmark != 0) {
    writer.u32(IPVS_SVC_ATTR_FWMARK, key.fwmark);
    return;
  }
  writer.u16(IPVS_SVC_ATTR_PROTOCOL, static_cast<std::uint16_t>(key.protocol));
  writer.address(IPVS_SVC_ATTR_ADDR, key.address);
  writer.port(IPVS_SVC_ATTR_PORT, key.port);
}

NetlinkMessage service_command(IpvsFamily family, std::uint8_t number, const ServiceKey& key, const Service& service) {
  auto writer = command(family, number, 0, service.sched_name.size() + service.pe_name.size());
  writer.nested(IPVS_CMD_ATTR_SERVICE, [&] {
    put_key(writer, key);
    const ip_vs_flags flags{.flags = service.flags, .mask = ~std::uint32_t{0}};
    writer.string(IPVS_SVC_ATTR_SCHED_NAME, service.sched_name);
    writer.bytes(IPVS_SVC_ATTR_FLAGS, &flags, sizeof flags);
    writer.u32(IPVS_SVC_ATTR_TIMEOUT, service.timeout);
    writer.u32(IPVS_SVC_ATTR_NETMASK, service.netmask);
    if (!service.pe_name.empty()) writer.string(IPVS_SVC_ATTR_PE_NAME, service.pe_name);
  });
  return writer.take();
}

NetlinkMessage key_command(IpvsFamily family, std::uint8_t number, const ServiceKey& key, int flags = 0) {
  auto writer = command(family, number, flags);
  writer.nested(IPVS_CMD_ATTR_SERVICE, [&] { put_key(writer, key); });
  return writer.take();
}

/// `dest` is absent when only the key is wanted.
NetlinkMessage dest_command(IpvsFamily family, std::uint8_t number, const ServiceKey& service, const DestKey& key,
                            const Dest* dest) {
  auto writer = command(family, number);
  writer.nested(IPVS_CMD_ATTR_SERVICE, [&] { put_key(writer, service); });
  writer.nested(IPVS_CMD_ATTR_DEST, [&] {
    writer.address(IPVS_DEST_ATTR_ADDR, key.address);
    writer.port(IPVS_DEST_ATTR_PORT, key.port);
    writer.family(IPVS_DEST_ATTR_ADDR_FAMILY, key.address.family());
    if (dest == nullptr) return;
    writer.u32(IPVS_DEST_ATTR_FWD_METHOD, static_cast<std::uint32_t>(dest->fwd_method));
    writer.u32(IPVS_DEST_ATTR_WEIGHT, dest->weight);
    writer.u32(IPVS_DEST_ATTR_U_THRESH, dest->u_threshold);
    writer.u32(IPVS_DEST_ATTR_L_THRESH, dest->l_threshold);
  });
  return writer.take();
}

/// The attributes of one nested attribute of a generic netlink message, each at least as long as the reader needs.
template <int kMax>
class Attributes {
 public:
  /// Absent when the message is malformed or has no such nested attribute.
  static std::optional<Attributes> in(const nlmsghdr& message, int outer) {
    // libnl takes a pointer to a message that could be changed, and does not change it.
    auto* const header = const_cast<nlmsghdr*>(&message);
    if (genlmsg_valid_hdr(header, 0) == 0) return std::nullopt;
    const auto* const body = static_cast<const genlmsghdr*>(nlmsg_data(header));
    const nlattr* const nest = nla_find(genlmsg_attrdata(body, 0), genlmsg_attrlen(body, 0), outer);
    Attributes found;
    if (nest == nullptr || nla_parse_nested(found.table_.data(), kMax, const_cast<nlattr*>(nest), nullptr) != 0)
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

using ServiceAttributes = Attributes<IPVS_SVC_ATTR_MAX>;
using DestAttributes = Attributes<IPVS_DEST_ATTR_MAX>;

tl::unexpected<Error> malformed(const char* what) {
  return failure(std::string("the kernel's message about an IPVS ") + what + " is malformed", EBADMSG);
}

std::optional<ServiceKey> key_in(const ServiceAttributes& attributes) {
  const auto family = attributes.family(IPVS_SVC_ATTR_AF);
  if (!family) return std::nullopt;
  ServiceKey key;
  key.family = *family;
  if (const auto fwmark = attributes.value<std::uint32_t>(IPVS_SVC_ATTR_FWMARK)) {
    key.fwmark = *fwmark;
    return key;
  }
  const auto protocol = attributes.value<std::uint16_t>(IPVS_SVC_ATTR_PROTOCOL);
  const auto address = attributes.address(IPVS_SVC_ATTR_ADDR, *family);
  const auto port = attributes.port(IPVS_SVC_ATTR_PORT);
  if (!protocol || *protocol > 0xff || !address || !port) return std::nullopt;
  key.protocol = static_cast<ipvs::Protocol>(*protocol);
  key.address = *address;
  key.port = *port;
  return key;
}

}  // namespace

void FreeNetlinkMessage::operator()(nl_msg* message) const {
  nlmsg_free(message);
}

NetlinkMessage encode_family_request() {
  Writer writer(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0);
  writer.string(CTRL_ATTR_FAMILY_NAME, IPVS_GENL_NAME);
  return writer.take();
}

Result<IpvsFamily> decode_family(const nlmsghdr& message) {
  auto* const header = const_cast<nlmsghdr*>(&message);
  const auto refused = failure("the kernel's message about the IPVS family is malformed", EBADMSG);
  if (genlmsg_valid_hdr(header, 0) == 0) return refused;
  const auto* const body = static_cast<const genlmsghdr*>(nlmsg_data(header));
  const nlattr* const number = nla_find(genlmsg_attrdata(body, 0), genlmsg_attrlen(body, 0), CTRL_ATTR_FAMILY_ID);
  if (number == nullptr || nla_len(number) != static_cast<int>(sizeof(std::uint16_t))) return refused;
  return static_cast<IpvsFamily>(nla_get_u16(number));
}

NetlinkMessage encode(const ipvs::Operation& operation, IpvsFamily family) {
  return std::visit(
      Overloaded{
          [&](const ipvs::NewService& step) {
            return service_command(family, IPVS_CMD_NEW_SERVICE, step.key, step.service);
          },
          [&](const ipvs::SetService& step) {
            return service_command(family, IPVS_CMD_SET_SERVICE, step.key, step.service);
          },
          [&](const ipvs::DelService& step) { return key_command(family, IPVS_CMD_DEL_SERVICE, step.key); },
          [&](const ipvs::NewDest& step) {
            return dest_command(family, IPVS_CMD_NEW_DEST, step.service, step.key, &step.dest);
          },
          [&](const ipvs::SetDest& step) {
            return dest_command(family, IPVS_CMD_SET_DEST, step.service, step.key, &step.dest);
          },
          [&](const ipvs::DelDest& step) {
            return dest_command(family, IPVS_CMD_DEL_DEST, step.service, step.key, nullptr);
          },
      },
      operation);
}

NetlinkMessage encode_flush(IpvsFamily family) {
  return command(family, IPVS_CMD_FLUSH).take();
}

NetlinkMessage encode_service_dump(IpvsFamily family) {
  return command(family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP).take();
}

NetlinkMessage encode_dest_dump(const ServiceKey& service, IpvsFamily family) {
  return key_command(family, IPVS_CMD_GET_DEST, service, NLM_F_DUMP);
}

Result<std::pair<ServiceKey, Service>> decode_service(const nlmsghdr& message) {
  const auto attributes = ServiceAttributes::in(message, IPVS_CMD_ATTR_SERVICE);
  if (!attributes) return malformed("service");
  const auto key = key_in(*attributes);
  const auto flags = attributes->value<ip_vs_flags>(IPVS_SVC_ATTR_FLAGS);
  const auto timeout = attributes->value<std::uint32_t>(IPVS_SVC_ATTR_TIMEOUT);
  const auto netmask = attributes->value<std::uint32_t>(IPVS_SVC_ATTR_NETMASK);
  if (!key || !flags || !timeout || !netmask) return malformed("service");
  Service service;
  service.sched_name = attributes->string(IPVS_SVC_ATTR_SCHED_NAME);
  service.pe_name = attributes->string(IPVS_SVC_ATTR_PE_NAME);
  service.flags = flags->flags;
  service.timeout = *timeout;
  service.netmask = *netmask;
  return std::pair{*key, ipvs::settings(*key, service)};
}

Result<std::pair<DestKey, Dest>> decode_dest(const nlmsghdr& message, Family service) {
  const auto attributes = DestAttributes::in(message, IPVS_CMD_ATTR_DEST);
  if (!attributes) return malformed("real server");
  const auto family = attributes->family(IPVS_DEST_ATTR_ADDR_FAMILY).value_or(service);
  const auto address = attributes->address(IPVS_DEST_ATTR_ADDR, family);
  const auto port = attributes->port(IPVS_DEST_ATTR_PORT);
  const auto method = attributes->value<std::uint32_t>(IPVS_DEST_ATTR_FWD_METHOD);
  const auto weight = attributes->value<std::uint32_t>(IPVS_DEST_ATTR_WEIGHT);
  const auto upper = attributes->value<std::uint32_t>(IPVS_DEST_ATTR_U_THRESH);
  const auto lower = attributes->value<std::uint32_t>(IPVS_DEST_ATTR_L_THRESH);
  if (!address || !port || !method || !weight || !upper || !lower) return malformed("real server");
  const auto fwd_method = static_cast<FwdMethod>(*method & IP_VS_CONN_F_FWD_MASK);
  return std::pair{DestKey{*address, *port}, Dest{fwd_method, *weight, *upper, *lower}};
}

}  // namespace baton::net
