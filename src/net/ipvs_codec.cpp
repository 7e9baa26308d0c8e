#include "net/ipvs_codec.hpp"

#include <cerrno>
#include <optional>
#include <string>

#include "core/overloaded.hpp"
#include "net/ipvs_message.hpp"

namespace baton::net {
namespace {

using ipvs::Dest;
using ipvs::DestKey;
using ipvs::FwdMethod;
using ipvs::Service;
using ipvs::ServiceKey;
using ipvs::TunnelSupport;

void put_key(IpvsWriter& writer, const ServiceKey& key) {
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
  auto writer = ipvs_command(family, number, 0, service.sched_name.size() + service.pe_name.size());
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
  auto writer = ipvs_command(family, number, flags);
  writer.nested(IPVS_CMD_ATTR_SERVICE, [&] { put_key(writer, key); });
  return writer.take();
}

/// `dest` is absent when only the key is wanted.
NetlinkMessage dest_command(IpvsFamily family, std::uint8_t number, const ServiceKey& service, const DestKey& key,
                            const Dest* dest) {
  auto writer = ipvs_command(family, number);
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
    // Kernels that lack these would take them for what they know: the caller has asked which kernel it is.
    if (dest->tunnel == ipvs::Tunnel{}) return;
    writer.u8(IPVS_DEST_ATTR_TUN_TYPE, static_cast<std::uint8_t>(dest->tunnel.type));
    writer.port(IPVS_DEST_ATTR_TUN_PORT, dest->tunnel.port);
    writer.u16(IPVS_DEST_ATTR_TUN_FLAGS, dest->tunnel.flags);
  });
  return writer.take();
}

using ServiceAttributes = IpvsAttributes<IPVS_SVC_ATTR_MAX>;
using DestAttributes = IpvsAttributes<IPVS_DEST_ATTR_MAX>;

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

NetlinkMessage encode_family_request() {
  IpvsWriter writer(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1, 0);
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
  return ipvs_command(family, IPVS_CMD_FLUSH).take();
}

NetlinkMessage encode_service_dump(IpvsFamily family) {
  return ipvs_command(family, IPVS_CMD_GET_SERVICE, NLM_F_DUMP).take();
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

Result<DestEntry> decode_dest(const nlmsghdr& message, Family service) {
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
  DestEntry entry{{*address, *port}, {fwd_method, *weight, *upper, *lower, {}}, TunnelSupport::ipip};
  const auto type = attributes->value<std::uint8_t>(IPVS_DEST_ATTR_TUN_TYPE);
  const auto flags = attributes->value<std::uint16_t>(IPVS_DEST_ATTR_TUN_FLAGS);
  if (type) entry.kernel = flags ? TunnelSupport::all : TunnelSupport::gue;
  // The kernel keeps what another program said of the tunnel of a server that is behind none.
  if (!type || fwd_method != FwdMethod::tunnel) return entry;
  auto& tunnel = entry.dest.tunnel;
  tunnel.type = static_cast<ipvs::Tunnel::Type>(*type);
  tunnel.flags = flags.value_or(0);
  if (tunnel.type == ipvs::Tunnel::Type::gue) tunnel.port = attributes->port(IPVS_DEST_ATTR_TUN_PORT).value_or(0);
  return entry;
}

}  // namespace baton::net
