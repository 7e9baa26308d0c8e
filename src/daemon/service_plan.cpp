#include "daemon/service_plan.hpp"

#include <algorithm>
#include <cstring>

#include <linux/ip_vs.h>

#include "daemon/check_plan.hpp"

namespace baton::daemon {

namespace {

ipvs::Protocol to_ipvs(config::Protocol protocol) {
  switch (protocol) {
    case config::Protocol::tcp: return ipvs::Protocol::tcp;
    case config::Protocol::udp: return ipvs::Protocol::udp;
    case config::Protocol::sctp: return ipvs::Protocol::sctp;
  }
  return ipvs::Protocol::none;
}

ipvs::FwdMethod to_ipvs(config::LbKind kind) {
  switch (kind) {
    case config::LbKind::nat: return ipvs::FwdMethod::masq;
    case config::LbKind::dr: return ipvs::FwdMethod::direct_route;
    case config::LbKind::tun: return ipvs::FwdMethod::tunnel;
  }
  return ipvs::FwdMethod::masq;
}

ipvs::PoolParams to_pool(const config::VirtualServer& from) {
  ipvs::PoolParams pool;
  pool.quorum = from.quorum;
  pool.hysteresis = from.hysteresis;
  pool.omega = from.omega;
  pool.max_removed = from.max_removed;
  for (const auto& server : from.real_servers) {
    if (!is_reachable(server.tunnel)) continue;
    ipvs::PoolMember member;
    member.key = key_of(server);
    member.dest.fwd_method = to_ipvs(server.lb_kind);
    member.dest.weight = static_cast<std::uint32_t>(server.weight);
    member.dest.u_threshold = server.u_threshold;
    member.dest.l_threshold = server.l_threshold;
    member.inhibit_on_failure = server.inhibit_on_failure;
    member.is_checked = std::ranges::any_of(server.checks, is_carried_out);
    member.slow_start = server.slow_start;
    member.alpha = std::ranges::any_of(server.checks, begins_failed);
    pool.members.push_back(member);
  }
  if (from.sorry_server && is_reachable(from.sorry_server->tunnel)) {
    ipvs::PoolMember sorry;
    sorry.key = {from.sorry_server->address, from.sorry_server->port};
    sorry.dest.fwd_method = to_ipvs(from.sorry_server->lb_kind);
    sorry.inhibit_on_failure = from.sorry_server->inhibit;
    pool.sorry = sorry;
  }
  return pool;
}

/// As the kernel has it: an IPv4 netmask in network order, an IPv6 prefix length.
std::uint32_t to_netmask(const config::Granularity& from) {
  const auto* mask = std::get_if<IpAddress>(&from);
  if (mask == nullptr) return std::get<std::uint8_t>(from);
  std::uint32_t netmask = 0;
  std::memcpy(&netmask, mask->octets().data(), sizeof netmask);
  return netmask;
}

/// Without its dests.
ipvs::Service to_service(const config::VirtualServer& from, Family family) {
  ipvs::Service to;
  to.sched_name = from.scheduler;
  to.pe_name = from.persistence_engine;
  to.netmask = ipvs::host_netmask(family);
  if (from.persistence_granularity) to.netmask = to_netmask(*from.persistence_granularity);
  if (from.persistence_timeout) {
    to.flags |= IP_VS_SVC_F_PERSISTENT;
    to.timeout = *from.persistence_timeout;
  }
  if (from.ops) to.flags |= IP_VS_SVC_F_ONEPACKET;
  if (from.flag_1) to.flags |= IP_VS_SVC_F_SCHED1;
  if (from.flag_2) to.flags |= IP_VS_SVC_F_SCHED2;
  if (from.flag_3) to.flags |= IP_VS_SVC_F_SCHED3;
  return to;
}

}  // namespace

std::optional<ipvs::ServiceKey> key_of(const config::VirtualServer& from) {
  if (const auto* by = std::get_if<config::ServiceAddress>(&from.identity))
    return ipvs::ServiceKey{by->address.family(), to_ipvs(from.protocol.value_or(config::Protocol::udp)), by->address,
                            by->port, 0};
  if (const auto* by = std::get_if<config::ServiceMark>(&from.identity))
    return ipvs::ServiceKey{by->family, ipvs::Protocol::none, {}, 0, by->fwmark};
  return std::nullopt;
}

bool is_reachable(const config::Tunnel& tunnel) {
  return tunnel == config::Tunnel{};
}

ipvs::DestKey key_of(const config::RealServer& from) {
  return {from.address, from.port};
}

std::map<ipvs::ServiceKey, PlannedService> plan_services(const config::Config& config) {
  std::map<ipvs::ServiceKey, PlannedService> plan;
  for (const auto& from : config.virtual_servers) {
    const auto key = key_of(from);
    if (!key) continue;
    PlannedService to{to_service(from, key->family), to_pool(from)};
    if (!to.pool.members.empty()) plan.insert_or_assign(*key, std::move(to));
  }
  return plan;
}

std::string users_name(const ipvs::ServiceKey& key) {
  if (key.fwmark != 0) return "FWM " + std::to_string(key.fwmark);
  const char* protocol = key.protocol == ipvs::Protocol::tcp    ? "tcp"
                         : key.protocol == ipvs::Protocol::udp  ? "udp"
                         : key.protocol == ipvs::Protocol::sctp ? "sctp"
                                                                : "none";
  return '[' + key.address.to_string() + "]:" + protocol + ':' + std::to_string(key.port);
}

std::string users_name(const ipvs::ServiceKey& service, const ipvs::DestKey& server) {
  ipvs::ServiceKey name = service;
  name.fwmark = 0;
  name.address = server.address;
  name.port = server.port;
  return users_name(name);
}

}  // namespace baton::daemon
