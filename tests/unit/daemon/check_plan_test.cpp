#include "daemon/check_plan.hpp"

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
  CHECK(bare.urls[0].server_name.empty());
  CHECK(bare.urls[0].host == "url.example");
  CHECK(bare.urls[0].status_codes == std::vector<checkers::StatusRange>{{200, 299}});
  CHECK(bare.urls[1].host == "[2001:db8::7]:8443");
  CHECK(bare.urls[1].status_codes.size() == 2);
  const auto& named = std::get<checkers::HttpSpec>(specs[1].what);
  CHECK(named.urls[0].server_name == "url.example");
  CHECK(named.urls[1].server_name == "checker.example");
  CHECK(named.urls[1].host == "checker.example");
}
