#include "daemon/wiring.hpp"

#include <cstring>

#include <linux/ip_vs.h>

#include "core/overloaded.hpp"

namespace baton::daemon {

namespace {

PlannedAddress to_planned(const config::VirtualAddress& from, const std::string& interface) {
  PlannedAddress to;
  to.address = from.address;
  to.prefix_length = from.prefix_length;
  to.device = from.device.empty() ? interface : from.device;
  to.scope = static_cast<std::uint8_t>(from.scope);
  to.label = from.label;
  to.broadcast = from.broadcast;
  return to;
}

vrrp::Params to_params(const config::VrrpInstance& from) {
  vrrp::Params to;
  to.version = from.version == 3 ? vrrp::Version::v3 : vrrp::Version::v2;
  to.priority = from.priority;
  to.advertisement_interval = from.advert_int;
  to.preempt_mode = !from.nopreempt;
  to.preempt_delay = from.preempt_delay;
  to.start_active = from.priority == kOwnerPriority && from.state != config::WantedState::backup;
  return to;
}

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

/// None: a group, which is not served yet.
std::optional<ipvs::ServiceKey> key_of(const config::VirtualServer& from) {
  if (const auto* by = std::get_if<config::ServiceAddress>(&from.identity))
    return ipvs::ServiceKey{by->address.family(), to_ipvs(from.protocol.value_or(config::Protocol::udp)), by->address,
                            by->port, 0};
  if (const auto* by = std::get_if<config::ServiceMark>(&from.identity))
    return ipvs::ServiceKey{by->family, ipvs::Protocol::none, {}, 0, by->fwmark};
  return std::nullopt;
}

/// Packets go as plain ipip or not at all: other tunnels are not served yet.
bool is_reachable(const config::Tunnel& tunnel) {
  return tunnel == config::Tunnel{};
}

ipvs::DestKey key_of(const config::RealServer& from) {
  return {from.address, from.port};
}

ipvs::PoolParams to_pool(const config::VirtualServer& from) {
  ipvs::PoolParams pool;
  pool.quorum = from.quorum;
  pool.hysteresis = from.hysteresis;
  for (const auto& server : from.real_servers) {
    if (!is_reachable(server.tunnel)) continue;
    ipvs::PoolMember member;
    member.key = key_of(server);
    member.dest.fwd_method = to_ipvs(server.lb_kind);
    member.dest.weight = static_cast<std::uint32_t>(server.weight);
    member.dest.u_threshold = server.u_threshold;
    member.dest.l_threshold = server.l_threshold;
    member.inhibit_on_failure = server.inhibit_on_failure;
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

checkers::Schedule to_schedule(const config::CheckTiming& from) {
  return {from.delay_loop, from.delay_before_retry, from.connect_timeout, from.warmup, from.retry};
}

checkers::Target to_target(const config::CheckTarget& from, const config::RealServer& server) {
  checkers::Target to;
  to.to = {from.connect_ip.value_or(server.address), from.connect_port.value_or(server.port)};
  if (from.bindto || from.bind_port)
    to.from = checkers::Endpoint{from.bindto.value_or(to.to.address.is_v4() ? IpAddress{} : IpAddress::v6({})),
                                 from.bind_port.value_or(0)};
  to.bind_if = from.bind_if;
  to.fwmark = from.fwmark;
  return to;
}

/// The Host header without a virtualhost: the address and port that the probe connects to, as keepalived sends it.
std::string host_of(const checkers::Endpoint& to) {
  const auto address = to.address.to_string();
  return (to.address.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(to.port);
}

checkers::UrlSpec to_url(const config::HttpUrl& from, const config::HttpCheck& check, const checkers::Endpoint& to) {
  checkers::UrlSpec url;
  url.path = from.path;
  url.digest = from.digest;
  url.host = !from.virtualhost.empty()    ? from.virtualhost
             : !check.virtualhost.empty() ? check.virtualhost
                                          : host_of(to);
  for (const auto& range : from.status_codes)
    url.status_codes.push_back({range.first, range.last});
  if (url.status_codes.empty()) url.status_codes.emplace_back();
  return url;
}

/// Absent: a kind of check that is not carried out, and the server is served without it, as was told when it was read.
std::optional<checkers::CheckSpec> to_spec(const config::Check& from, const config::RealServer& server) {
  using Spec = std::optional<checkers::CheckSpec>;
  return std::visit(
      Overloaded{
          [](const auto&) { return Spec(); },
          [&](const config::TcpCheck& check) -> Spec {
            return checkers::CheckSpec{to_target(check.target, server), checkers::TcpSpec{}, to_schedule(check.timing)};
          },
          [&](const config::HttpCheck& check) -> Spec {
            checkers::HttpSpec http;
            http.tls = check.tls;
            if (check.enable_sni) http.server_name = check.sni_name.empty() ? check.virtualhost : check.sni_name;
            auto target = to_target(check.target, server);
            for (const auto& url : check.urls)
              http.urls.push_back(to_url(url, check, target.to));
            return checkers::CheckSpec{std::move(target), std::move(http), to_schedule(check.timing)};
          },
      },
      from);
}

}  // namespace

std::vector<IpAddress> PlannedInstance::advertised() const {
  std::vector<IpAddress> list;
  list.reserve(addresses.size());
  for (const auto& planned : addresses)
    list.push_back(planned.address);
  return list;
}

std::map<InstanceKey, PlannedInstance> plan_instances(const config::Config& config) {
  std::map<InstanceKey, PlannedInstance> plan;
  for (std::uint32_t index = 0; index < config.vrrp_instances.size(); ++index) {
    const auto& from = config.vrrp_instances[index];
    if (from.family == Family::ipv6) continue;
    PlannedInstance to;
    to.name = from.name;
    to.index = index;
    to.params = to_params(from);
    if (from.auth_type == config::AuthType::pass && from.version == 2)
      to.password = vrrp::simple_password(from.auth_pass);
    for (const auto& address : from.virtual_addresses)
      to.addresses.push_back(to_planned(address, from.interface));
    plan.try_emplace({from.interface, from.vrid}, std::move(to));  // the first one of a pair that differs in its peers
  }
  return plan;
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

std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_checks(const config::Config& config) {
  std::map<MemberKey, std::vector<checkers::CheckSpec>> plan;
  for (const auto& service : config.virtual_servers) {
    const auto key = key_of(service);
    if (!key) continue;
    for (const auto& server : service.real_servers) {
      if (!is_reachable(server.tunnel)) continue;
      std::vector<checkers::CheckSpec> specs;
      for (const auto& check : server.checks)
        if (auto spec = to_spec(check, server)) specs.push_back(std::move(*spec));
      // A repeated service replaces the former, as in plan_services.
      if (!specs.empty()) plan.insert_or_assign({*key, key_of(server)}, std::move(specs));
    }
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
