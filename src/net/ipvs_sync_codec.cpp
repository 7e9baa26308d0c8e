#include "net/ipvs_sync_codec.hpp"

#include <cerrno>

#include "core/overloaded.hpp"
#include "net/ipvs_message.hpp"

namespace baton::net {
namespace {

using ipvs::SyncDaemon;
using ipvs::SyncRole;
using ipvs::Timeouts;

using DaemonAttributes = IpvsAttributes<IPVS_DAEMON_ATTR_MAX>;

NetlinkMessage daemon_command(IpvsFamily family, std::uint8_t number, const SyncDaemon& daemon) {
  auto writer = ipvs_command(family, number, 0, daemon.interface.size());
  writer.nested(IPVS_CMD_ATTR_DAEMON, [&] {
    writer.u32(IPVS_DAEMON_ATTR_STATE, static_cast<std::uint32_t>(daemon.role));
    writer.string(IPVS_DAEMON_ATTR_MCAST_IFN, daemon.interface);
    writer.u32(IPVS_DAEMON_ATTR_SYNC_ID, daemon.sync_id);
    if (daemon.maxlen) writer.u16(IPVS_DAEMON_ATTR_SYNC_MAXLEN, *daemon.maxlen);
    if (daemon.port) writer.u16(IPVS_DAEMON_ATTR_MCAST_PORT, *daemon.port);
    if (daemon.ttl) writer.u8(IPVS_DAEMON_ATTR_MCAST_TTL, *daemon.ttl);
    if (!daemon.group) return;
    const auto octets = daemon.group->octets();
    writer.bytes(daemon.group->is_v4() ? IPVS_DAEMON_ATTR_MCAST_GROUP : IPVS_DAEMON_ATTR_MCAST_GROUP6, octets.data(),
                 octets.size());
  });
  return writer.take();
}

std::uint32_t seconds(std::chrono::seconds value) {
  return static_cast<std::uint32_t>(value.count());
}

}  // namespace

NetlinkMessage encode(const ipvs::SyncStep& step, IpvsFamily family) {
  return std::visit(
      Overloaded{
          [&](const ipvs::StopSyncDaemon& stop) {
            // The kernel asks for role, interface and number and takes the rest as it is.
            SyncDaemon named;
            named.role = stop.daemon.role;
            named.interface = stop.daemon.interface;
            named.sync_id = stop.daemon.sync_id;
            return daemon_command(family, IPVS_CMD_DEL_DAEMON, named);
          },
          [&](const ipvs::StartSyncDaemon& start) { return daemon_command(family, IPVS_CMD_NEW_DAEMON, start.daemon); },
      },
      step);
}

NetlinkMessage encode_sync_dump(IpvsFamily family) {
  return ipvs_command(family, IPVS_CMD_GET_DAEMON, NLM_F_DUMP).take();
}

Result<SyncDaemon> decode_sync_daemon(const nlmsghdr& message) {
  const auto malformed = failure("the kernel's message about an IPVS sync daemon is malformed", EBADMSG);
  const auto attributes = DaemonAttributes::in(message, IPVS_CMD_ATTR_DAEMON);
  if (!attributes) return malformed;
  const auto state = attributes->value<std::uint32_t>(IPVS_DAEMON_ATTR_STATE);
  const auto sync_id = attributes->value<std::uint32_t>(IPVS_DAEMON_ATTR_SYNC_ID);
  if (!state || (*state != 1 && *state != 2) || !sync_id) return malformed;
  SyncDaemon daemon;
  daemon.role = static_cast<SyncRole>(*state);
  daemon.sync_id = static_cast<std::uint8_t>(*sync_id);
  daemon.interface = attributes->string(IPVS_DAEMON_ATTR_MCAST_IFN);
  daemon.maxlen = attributes->value<std::uint16_t>(IPVS_DAEMON_ATTR_SYNC_MAXLEN);
  daemon.port = attributes->value<std::uint16_t>(IPVS_DAEMON_ATTR_MCAST_PORT);
  daemon.ttl = attributes->value<std::uint8_t>(IPVS_DAEMON_ATTR_MCAST_TTL);
  if (const auto four = attributes->value<std::array<std::uint8_t, 4>>(IPVS_DAEMON_ATTR_MCAST_GROUP))
    daemon.group = IpAddress::v4(*four);
  if (const auto six = attributes->value<std::array<std::uint8_t, 16>>(IPVS_DAEMON_ATTR_MCAST_GROUP6))
    daemon.group = IpAddress::v6(*six);
  return daemon;
}

NetlinkMessage encode(const Timeouts& timeouts, IpvsFamily family) {
  auto writer = ipvs_command(family, IPVS_CMD_SET_CONFIG);
  writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP, seconds(timeouts.tcp));
  writer.u32(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN, seconds(timeouts.tcp_fin));
  writer.u32(IPVS_CMD_ATTR_TIMEOUT_UDP, seconds(timeouts.udp));
  return writer.take();
}

NetlinkMessage encode_timeouts_request(IpvsFamily family) {
  return ipvs_command(family, IPVS_CMD_GET_CONFIG).take();
}

Result<Timeouts> decode_timeouts(const nlmsghdr& message) {
  const auto attributes = IpvsAttributes<IPVS_CMD_ATTR_MAX>::of(message);
  if (!attributes) return failure("the kernel's message about IPVS timeouts is malformed", EBADMSG);
  const auto value = [&](int type) {
    return std::chrono::seconds(attributes->template value<std::uint32_t>(type).value_or(0));
  };
  return Timeouts{value(IPVS_CMD_ATTR_TIMEOUT_TCP), value(IPVS_CMD_ATTR_TIMEOUT_TCP_FIN),
                  value(IPVS_CMD_ATTR_TIMEOUT_UDP)};
}

}  // namespace baton::net
