#include "daemon/service_plan.hpp"

#include <arpa/inet.h>
#include <linux/ip_vs.h>

#include <doctest/doctest.h>

#include "unit/daemon/planned_checks.hpp"

using namespace baton;
using namespace baton::daemon;

TEST_CASE("a virtual server becomes a service, its real servers a pool") {
  config::Config config;
  auto web = service("192.0.2.1", 80);
  web.scheduler = "wrr";
  web.persistence_timeout = 50;
  web.quorum = 2;
  web.hysteresis = 1;
  auto one = server("10.0.0.1", 8080);
  one.weight = 3;
  one.lb_kind = config::LbKind::dr;
  one.inhibit_on_failure = true;
  one.u_threshold = 100;
  one.l_threshold = 50;
  web.real_servers = {one, server("10.0.0.2", 8080)};
  config::SorryServer sorry;
  sorry.address = address("10.0.0.9");
  sorry.port = 80;
  sorry.lb_kind = config::LbKind::tun;
  web.sorry_server = sorry;
  config.virtual_servers = {web};

  const auto plan = plan_services(config);
  const ipvs::ServiceKey key{Family::ipv4, ipvs::Protocol::tcp, address("192.0.2.1"), 80, 0};
  REQUIRE(plan.contains(key));
  const auto& planned = plan.at(key);
  CHECK(planned.service.sched_name == "wrr");
  CHECK(planned.service.flags == IP_VS_SVC_F_PERSISTENT);
  CHECK(planned.service.timeout == 50);
  CHECK(planned.pool.quorum == 2);
  CHECK(planned.pool.hysteresis == 1);
  REQUIRE(planned.pool.members.size() == 2);
  const auto& member = planned.pool.members[0];
  CHECK(member.key == ipvs::DestKey{address("10.0.0.1"), 8080});
  CHECK(member.dest == ipvs::Dest{ipvs::FwdMethod::direct_route, 3, 100, 50});
  CHECK(member.inhibit_on_failure);
  REQUIRE(planned.pool.sorry);
  CHECK(planned.pool.sorry->dest.fwd_method == ipvs::FwdMethod::tunnel);
}

TEST_CASE("a service of IPv6 has the whole address as its persistence granularity") {
  config::Config config;
  auto six = service("2001:db8::1", 80);
  six.real_servers = {server("2001:db8::2", 80)};
  config.virtual_servers = {six};
  CHECK(plan_services(config).begin()->second.service.netmask == 128);
  auto four = service("192.0.2.1", 80);
  four.real_servers = {server("10.0.0.2", 80)};
  config.virtual_servers = {four};
  CHECK(plan_services(config).begin()->second.service.netmask == 0xffffffffU);
}

TEST_CASE("the flags, the engine and the granularity of a service reach the kernel's words") {
  config::Config config;
  auto dns = service("192.0.2.1", 53);
  dns.real_servers = {server("10.0.0.1", 53)};
  dns.ops = dns.flag_1 = dns.flag_3 = true;
  dns.persistence_engine = "sip";
  config.virtual_servers = {dns};
  const auto plain = plan_services(config).begin()->second.service;
  CHECK(plain.flags == (IP_VS_SVC_F_ONEPACKET | IP_VS_SVC_F_SCHED1 | IP_VS_SVC_F_SCHED3));
  CHECK(plain.pe_name.empty());  // the kernel wants no engine without persistence
  CHECK(plain.netmask == 0xffffffffU);
  dns.flag_2 = true;
  dns.persistence_granularity = address("255.255.255.0");
  config.virtual_servers = {dns};
  const auto masked = plan_services(config).begin()->second.service;
  CHECK((masked.flags & IP_VS_SVC_F_SCHED2) != 0);
  CHECK(masked.netmask == htonl(0xffffff00U));
  dns.persistence_granularity = std::uint8_t{64};
  config.virtual_servers = {dns};
  CHECK(plan_services(config).begin()->second.service.netmask == 64);
}

TEST_CASE("a service by firewall mark has no protocol, address or port") {
  config::Config config;
  config::VirtualServer marked;
  marked.identity = config::ServiceMark{7, Family::ipv6};
  auto real = server("2001:db8::2", 0);
  config::TcpCheck check;
  check.target.connect_port = 80;
  real.checks = {check};
  marked.real_servers = {real};
  config.virtual_servers = {marked};
  const ipvs::ServiceKey key{Family::ipv6, ipvs::Protocol::none, {}, 0, 7};
  REQUIRE(plan_services(config).contains(key));
  CHECK(plan_services(config).at(key).service.netmask == 128);
  const auto checks = plan_checks(config);
  REQUIRE(checks.contains({key, {address("2001:db8::2"), 0}}));
  CHECK(checks.begin()->second[0].target.to == checkers::Endpoint{address("2001:db8::2"), 80});
}

TEST_CASE("tunnels reach the kernel's words, and mean nothing for other methods") {
  config::Config config;
  auto web = service("192.0.2.1", 80);
  auto wrapped = server("10.0.0.2", 80);
  wrapped.lb_kind = config::LbKind::tun;
  wrapped.tunnel = {config::Tunnel::Type::gue, config::Tunnel::Checksum::remote, 6080};
  auto plain = server("10.0.0.3", 80);
  plain.tunnel = wrapped.tunnel;
  web.real_servers = {wrapped, plain};
  config::SorryServer sorry;
  sorry.lb_kind = config::LbKind::tun;
  sorry.tunnel.type = config::Tunnel::Type::gre;
  sorry.tunnel.checksum = config::Tunnel::Checksum::plain;
  web.sorry_server = sorry;
  config.virtual_servers = {web};
  const auto plan = plan_services(config);
  const auto& pool = plan.begin()->second.pool;
  REQUIRE(pool.members.size() == 2);
  CHECK(pool.members[0].dest.tunnel == ipvs::Tunnel{ipvs::Tunnel::Type::gue, 6080, IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM});
  CHECK(pool.members[1].dest.tunnel == ipvs::Tunnel{});
  CHECK(pool.sorry->dest.tunnel == ipvs::Tunnel{ipvs::Tunnel::Type::gre, 0, IP_VS_TUNNEL_ENCAP_FLAG_CSUM});
}
