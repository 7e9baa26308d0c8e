#include "daemon/wiring.hpp"

#include <arpa/inet.h>
#include <linux/ip_vs.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

IpAddress address(const char* text) {
  const auto parsed = IpAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

config::VrrpInstance instance(std::string name, std::string interface, std::uint8_t vrid) {
  config::VrrpInstance made;
  made.name = std::move(name);
  made.interface = std::move(interface);
  made.vrid = Vrid{vrid};
  config::VirtualAddress vip;
  vip.address = address("192.0.2.10");
  made.virtual_addresses.push_back(vip);
  return made;
}

config::RealServer server(const char* ip, std::uint16_t port) {
  config::RealServer made;
  made.address = address(ip);
  made.port = port;
  return made;
}

config::VirtualServer service(const char* ip, std::uint16_t port) {
  config::VirtualServer made;
  made.identity = config::ServiceAddress{address(ip), port};
  made.protocol = config::Protocol::tcp;
  return made;
}

}  // namespace

TEST_CASE("an instance is known by interface and VRID, whatever its name and place") {
  config::Config config;
  config.vrrp_instances = {instance("B", "eth1", 51), instance("A", "eth0", 51)};
  const auto plan = plan_instances(config);
  REQUIRE(plan.size() == 2);
  CHECK(plan.at({"eth0", Vrid{51}}).name == "A");
  CHECK(plan.at({"eth0", Vrid{51}}).index == 1);
  CHECK(plan.at({"eth1", Vrid{51}}).name == "B");
}

TEST_CASE("addresses go to the instance's interface unless they name a device, in the order of the file") {
  config::Config config;
  auto one = instance("A", "eth0", 1);
  config::VirtualAddress second;
  second.address = address("192.0.2.9");
  second.prefix_length = 24;
  second.device = "eth7";
  second.scope = config::Scope::link;
  second.label = "eth7:vip";
  one.virtual_addresses.push_back(second);
  config.vrrp_instances = {one};
  const auto planned = plan_instances(config).at({"eth0", Vrid{1}});
  REQUIRE(planned.addresses.size() == 2);
  CHECK(planned.addresses[0].device == "eth0");
  CHECK(planned.addresses[1] == PlannedAddress{address("192.0.2.9"), 24, "eth7", 253, "eth7:vip", std::nullopt});
  CHECK(planned.advertised() == std::vector<IpAddress>{address("192.0.2.10"), address("192.0.2.9")});
}

TEST_CASE("compat 10.4: 255 starts active when the wanted state is MASTER or not said") {
  config::Config config;
  auto owner = instance("A", "eth0", 1);
  owner.priority = 255;
  auto shy = owner;
  shy.vrid = Vrid{2};
  shy.state = config::WantedState::backup;
  auto plain = instance("C", "eth0", 3);
  plain.state = config::WantedState::master;
  plain.priority = 254;
  config.vrrp_instances = {owner, shy, plain};
  const auto plan = plan_instances(config);
  CHECK(plan.at({"eth0", Vrid{1}}).params.start_active);
  CHECK_FALSE(plan.at({"eth0", Vrid{2}}).params.start_active);
  CHECK_FALSE(plan.at({"eth0", Vrid{3}}).params.start_active);
}

TEST_CASE("version, timers and preemption reach the election; a password only version 2") {
  config::Config config;
  auto two = instance("A", "eth0", 1);
  two.auth_type = config::AuthType::pass;
  two.auth_pass = "1111";
  two.nopreempt = true;
  auto three = instance("B", "eth0", 2);
  three.auth_type = config::AuthType::pass;
  three.auth_pass = "1111";
  three.version = 3;
  three.advert_int = 100ms;
  three.preempt_delay = 7s;
  config.vrrp_instances = {two, three};
  const auto plan = plan_instances(config);
  const auto& a = plan.at({"eth0", Vrid{1}});
  CHECK(a.params.version == vrrp::Version::v2);
  CHECK_FALSE(a.params.preempt_mode);
  CHECK(a.password == vrrp::simple_password("1111"));
  const auto& b = plan.at({"eth0", Vrid{2}});
  CHECK(b.params.version == vrrp::Version::v3);
  CHECK(b.params.advertisement_interval == 100ms);
  CHECK(b.params.preempt_delay == 7s);
  CHECK(b.params.preempt_mode);
  CHECK_FALSE(b.password);
}

TEST_CASE("what the vrrp role does not run is left out: IPv6, AH, and the second of two that unicast tells apart") {
  config::Config config;
  auto six = instance("A", "eth0", 1);
  six.family = Family::ipv6;
  six.virtual_addresses[0].address = address("2001:db8::1");
  auto ah = instance("B", "eth0", 2);
  ah.auth_type = config::AuthType::ah;
  ah.auth_pass = "1111";
  auto first = instance("C", "eth0", 3);
  auto second = instance("D", "eth0", 3);
  first.unicast_peers.push_back({address("192.0.2.2"), 0, 255, {}});
  second.unicast_peers.push_back({address("192.0.2.3"), 0, 255, {}});
  config.vrrp_instances = {six, ah, first, second};
  const auto plan = plan_instances(config);
  REQUIRE(plan.size() == 2);
  CHECK_FALSE(plan.at({"eth0", Vrid{2}}).password);
  CHECK(plan.at({"eth0", Vrid{3}}).name == "C");
}

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
  CHECK(plain.pe_name == "sip");
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

TEST_CASE("groups are left out of what runs, with their checks") {
  config::Config config;
  config::VirtualServer grouped;
  grouped.identity = config::ServiceGroup{"G", std::nullopt};
  auto real = server("10.0.0.2", 80);
  real.checks = {config::TcpCheck{}};
  grouped.real_servers = {real};
  config.virtual_servers = {grouped};
  CHECK(plan_services(config).empty());
  CHECK(plan_checks(config).empty());
}

TEST_CASE("servers behind a tunnel that is not ipip are left out, and a service that has no others") {
  config::Config config;
  auto web = service("192.0.2.1", 80);
  auto wrapped = server("10.0.0.2", 80);
  wrapped.lb_kind = config::LbKind::tun;
  wrapped.tunnel.type = config::Tunnel::Type::gre;
  wrapped.checks = {config::TcpCheck{}};
  web.real_servers = {wrapped};
  config::SorryServer sorry;
  sorry.tunnel = wrapped.tunnel;
  web.sorry_server = sorry;
  config.virtual_servers = {web};
  CHECK(plan_services(config).empty());
  CHECK(plan_checks(config).empty());
  web.real_servers.push_back(server("10.0.0.3", 80));
  config.virtual_servers = {web};
  const auto plan = plan_services(config);
  REQUIRE(plan.size() == 1);
  REQUIRE(plan.begin()->second.pool.members.size() == 1);
  CHECK(plan.begin()->second.pool.members[0].key.address == address("10.0.0.3"));
  CHECK_FALSE(plan.begin()->second.pool.sorry);
}

TEST_CASE("checks connect to the real server unless they say otherwise") {
  config::Config config;
  auto web = service("192.0.2.1", 80);
  auto one = server("10.0.0.1", 8080);
  config::TcpCheck plain;
  plain.timing.retry = 4;
  plain.timing.delay_loop = 6s;
  config::TcpCheck elsewhere;
  elsewhere.target.connect_ip = address("10.0.9.9");
  elsewhere.target.connect_port = 99;
  elsewhere.target.bind_port = 1234;
  elsewhere.target.fwmark = 7;
  one.checks = {plain, elsewhere};
  web.real_servers = {one, server("10.0.0.2", 8080)};
  config.virtual_servers = {web};

  const auto plan = plan_checks(config);
  REQUIRE(plan.size() == 1);  // the second has no check: always up
  const auto& specs = plan.begin()->second;
  REQUIRE(specs.size() == 2);
  CHECK(specs[0].target.to == checkers::Endpoint{address("10.0.0.1"), 8080});
  CHECK_FALSE(specs[0].target.from);
  CHECK(specs[0].schedule.retry == 4);
  CHECK(specs[0].schedule.delay_loop == 6s);
  CHECK(specs[1].target.to == checkers::Endpoint{address("10.0.9.9"), 99});
  CHECK(specs[1].target.from == checkers::Endpoint{IpAddress{}, 1234});
  CHECK(specs[1].target.fwmark == 7);
}

TEST_CASE("a server is served without the kinds of checks that are not carried out") {
  config::Config config;
  config.virtual_servers.resize(1);
  auto& service = config.virtual_servers[0];
  service.real_servers.resize(2);
  service.real_servers[0].port = 80;
  service.real_servers[0].checks = {config::MiscCheck{}, config::TcpCheck{}, config::DnsCheck{}};
  service.real_servers[1].port = 81;
  service.real_servers[1].checks = {config::SmtpCheck{}, config::PingCheck{}, config::UdpCheck{}, config::FileCheck{},
                                    config::BfdCheck{}};
  const auto plan = plan_checks(config);
  REQUIRE(plan.size() == 1);
  REQUIRE(plan.begin()->second.size() == 1);
  CHECK(std::holds_alternative<checkers::TcpSpec>(plan.begin()->second[0].what));
}

TEST_CASE("the Host header: the URL's virtualhost, the checker's, else address and port") {
  config::Config config;
  auto web = service("192.0.2.1", 443);
  auto one = server("2001:db8::7", 8443);
  config::HttpCheck check;
  check.tls = true;
  check.enable_sni = true;
  config::HttpUrl first;
  first.virtualhost = "url.example";
  config::HttpUrl second;
  second.path = "/ok";
  second.status_codes = {{200, 204}, {404, 404}};
  check.urls = {first, second};
  one.checks = {check};
  check.virtualhost = "checker.example";
  one.checks.emplace_back(check);
  web.real_servers = {one};
  config.virtual_servers = {web};

  const auto specs = plan_checks(config).begin()->second;
  const auto& bare = std::get<checkers::HttpSpec>(specs[0].what);
  CHECK(bare.tls);
  CHECK(bare.server_name.empty());
  CHECK(bare.urls[0].host == "url.example");
  CHECK(bare.urls[0].status_codes == std::vector<checkers::StatusRange>{{200, 299}});
  CHECK(bare.urls[1].host == "[2001:db8::7]:8443");
  CHECK(bare.urls[1].status_codes.size() == 2);
  const auto& named = std::get<checkers::HttpSpec>(specs[1].what);
  CHECK(named.server_name == "checker.example");
  CHECK(named.urls[1].host == "checker.example");
}

TEST_CASE("names in logs are keepalived's") {
  const ipvs::ServiceKey key{Family::ipv4, ipvs::Protocol::udp, address("192.0.2.1"), 53, 0};
  CHECK(users_name(key) == "[192.0.2.1]:udp:53");
  CHECK(users_name(key, {address("10.0.0.1"), 5353}) == "[10.0.0.1]:udp:5353");
  ipvs::ServiceKey mark;
  mark.fwmark = 7;
  CHECK(users_name(mark) == "FWM 7");
}
