#include "daemon/service_plan.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include <linux/ip_vs.h>

#include "daemon/check_plan.hpp"

namespace baton::daemon {

namespace {

ipvs::FwdMethod to_ipvs(config::LbKind kind) {
  switch (kind) {
    case config::LbKind::fullnat:
    case config::LbKind::nat: return ipvs::FwdMethod::masq;
    case config::LbKind::dr: return ipvs::FwdMethod::direct_route;
    case config::LbKind::tun: return ipvs::FwdMethod::tunnel;
  }
  return ipvs::FwdMethod::masq;
}

ipvs::Tunnel to_ipvs(const config::Tunnel& from) {
  ipvs::Tunnel to;
  switch (from.type) {
    case config::Tunnel::Type::ipip: to.type = ipvs::Tunnel::Type::ipip; break;
    case config::Tunnel::Type::gre: to.type = ipvs::Tunnel::Type::gre; break;
    case config::Tunnel::Type::gue: to.type = ipvs::Tunnel::Type::gue; break;
  }
  to.port = from.port;
  switch (from.checksum) {
    case config::Tunnel::Checksum::none: to.flags = IP_VS_TUNNEL_ENCAP_FLAG_NOCSUM; break;
    case config::Tunnel::Checksum::plain: to.flags = IP_VS_TUNNEL_ENCAP_FLAG_CSUM; break;
    case config::Tunnel::Checksum::remote: to.flags = IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM; break;
  }
  return to;
}

ipvs::PoolParams to_pool(const config::VirtualServer& from) {
  ipvs::PoolParams pool;
  pool.quorum = from.quorum;
  pool.hysteresis = from.hysteresis;
  pool.omega = from.omega;
  pool.max_removed = from.max_removed;
  for (const auto& server : from.real_servers) {
    ipvs::PoolMember member;
    member.key = key_of(server);
    member.dest.fwd_method = to_ipvs(server.lb_kind);
    if (server.lb_kind == config::LbKind::tun) member.dest.tunnel = to_ipvs(server.tunnel);
    member.dest.weight = static_cast<std::uint32_t>(server.weight);
    member.dest.u_threshold = server.u_threshold;
    member.dest.l_threshold = server.l_threshold;
    member.inhibit_on_failure = server.inhibit_on_failure;
    member.is_checked = std::ranges::any_of(server.checks, is_carried_out);
    member.slow_start = server.slow_start;
    member.alpha = std::ranges::any_of(server.checks, begins_failed);
    pool.members.push_back(member);
  }
  if (from.sorry_server) {
    ipvs::PoolMember sorry;
    sorry.key = {from.sorry_server->address, from.sorry_server->port};
    sorry.dest.fwd_method = to_ipvs(from.sorry_server->lb_kind);
    if (from.sorry_server->lb_kind == config::LbKind::tun) sorry.dest.tunnel = to_ipvs(from.sorry_server->tunnel);
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
  to.netmask = ipvs::host_netmask(family);
  if (from.persistence_granularity) to.netmask = to_netmask(*from.persistence_granularity);
  if (from.persistence_timeout) {
    to.flags |= IP_VS_SVC_F_PERSISTENT;
    to.timeout = *from.persistence_timeout;
    to.pe_name = from.persistence_engine;  // the kernel wants no engine without persistence
  }
  if (from.ops) to.flags |= IP_VS_SVC_F_ONEPACKET;
  if (from.flag_1) to.flags |= IP_VS_SVC_F_SCHED1;
  if (from.flag_2) to.flags |= IP_VS_SVC_F_SCHED2;
  if (from.flag_3) to.flags |= IP_VS_SVC_F_SCHED3;
  return to;
}

}  // namespace

ipvs::DestKey key_of(const config::RealServer& from) {
  return {from.address, from.port};
}

std::map<ipvs::ServiceKey, PlannedService> plan_services(const config::Config& config) {
  std::map<ipvs::ServiceKey, PlannedService> plan;
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    const auto& key = identities.key(i);
    const auto& from = config.virtual_servers[i];
    if (!key || (from.real_servers.empty() && from.real_server_pools.empty())) continue;
    auto services = identities.services(i);
    auto settings = to_service(from, services.front().family);
    const bool is_masqueraded = from.lb_kind == config::LbKind::fullnat;
    plan.emplace(*key, PlannedService{std::move(settings), to_pool(from), is_masqueraded, std::move(services),
                                      identities.name(i)});
  }
  return plan;
}

ipvs::MarkMap plan_marks(const config::Config& config) {
  ipvs::MarkMap map;
  const auto& firewall = config.global.firewall;
  map.table = firewall.nftables_ipvs.value_or("");
  if (map.table.empty()) map.table = "keepalived_ipvs";
  map.priority = firewall.nftables_ipvs_priority;
  map.has_counters = firewall.nftables_counters;
  if (!firewall.nftables_ipvs) return map;
  std::unordered_map<std::string_view, const config::VirtualServerGroup*> groups;
  for (const auto& group : config.virtual_server_groups)
    groups.try_emplace(group.name, &group);
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    const auto mark = identities.automatic_mark(i);
    const auto& server = config.virtual_servers[i];
    if (mark == 0 || !identities.key(i)) continue;
    for (const auto& entry : groups.at(std::get<config::ServiceGroup>(server.identity).name)->addresses)
      map.ranges.push_back({to_ipvs(server.protocol), entry.first, entry.last, entry.port, mark});
  }
  return map;
}

}  // namespace baton::daemon
