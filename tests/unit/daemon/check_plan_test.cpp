#include "daemon/check_plan.hpp"

#include <doctest/doctest.h>

#include "checkers/regex_search.hpp"
#include "unit/daemon/planned_checks.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

TEST_CASE("the checks of a group run once, under the key of its first service") {
  config::Config config;
  config::VirtualServer grouped;
  grouped.identity = config::ServiceGroup{"G", std::nullopt};
  auto real = server("10.0.0.2", 80);
  real.checks = {config::TcpCheck{}};
  grouped.real_servers = {real};
  config.virtual_servers = {grouped};
  CHECK(plan_checks(config).empty());  // nobody defines the group
  config.virtual_server_groups = {{"G", {{address("192.0.2.1"), address("192.0.2.9"), 80, {}}}, {}, {}}};
  const auto checks = plan_checks(config);
  REQUIRE(checks.size() == 1);
  const ipvs::ServiceKey first{Family::ipv4, ipvs::Protocol::udp, address("192.0.2.1"), 80, 0};
  CHECK(checks.begin()->first == MemberKey{first, {address("10.0.0.2"), 80}});
  CHECK(plan_services(config).contains(first));
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

TEST_CASE("every kind that a probe carries out, in the order in which they are written") {
  config::Config config;
  config.global.lvs.checker_log_all_failures = true;
  config.virtual_servers.resize(1);
  auto& service = config.virtual_servers[0];
  service.real_servers.resize(1);
  service.real_servers[0].port = 80;
  config::SmtpCheck mail;
  mail.helo_name = "me.example";
  mail.hosts.emplace_back().target.connect_port = 26;
  mail.hosts[0].mode.log_all_failures = false;
  config::SmtpCheck plain;
  plain.helo_name = "plain.example";
  config::UdpCheck question;
  question.require_reply = true;
  question.reply = {{0x61, 0xf0}};
  service.real_servers[0].checks = {config::MiscCheck{}, config::TcpCheck{},  config::DnsCheck{}, plain, mail, question,
                                    config::PingCheck{}, config::FileCheck{}, config::BfdCheck{}};
  const auto specs = plan_checks(config).begin()->second;
  REQUIRE(specs.size() == 6);
  CHECK(std::holds_alternative<checkers::TcpSpec>(specs[0].what));
  CHECK(std::get<checkers::DnsSpec>(specs[1].what) == checkers::DnsSpec{6, "."});
  CHECK(specs[1].log_all_failures);
  CHECK(std::get<checkers::SmtpSpec>(specs[2].what).helo_name == "plain.example");
  CHECK(specs[2].target.to.port == 80);
  CHECK(std::get<checkers::SmtpSpec>(specs[3].what).helo_name == "me.example");  // its host alone
  CHECK(specs[3].target.to.port == 26);
  CHECK_FALSE(specs[3].log_all_failures);
  const auto& udp = std::get<checkers::UdpSpec>(specs[4].what);
  CHECK(udp.payload.size() == 32);
  CHECK(udp.require_reply);
  CHECK(udp.reply == std::vector<checkers::UdpSpec::Expected>{{0x61, 0xf0}});
  CHECK(std::holds_alternative<checkers::PingSpec>(specs[5].what));
}

TEST_CASE("what pages can ask for: protocol, text, request, TLS") {
  config::Config config;
  auto web = service("192.0.2.1", 443);
  auto one = server("10.0.0.1", 8443);
  config::HttpCheck check;
  check.tls = true;
  check.http_protocol = config::HttpProtocol::v1_1;
  check.fast_recovery = true;
  check.tls_compliant = true;
  config::HttpUrl url;
  url.regex = "up";
  url.regex_options.set(3);  // caseless
  url.regex_max_offset = 9;
  check.urls = {url, config::HttpUrl{}};
  check.urls[1].tls_compliant = false;
  check.timing.latency_limit = 2s;
  one.checks = {check};
  check.verify = true;
  check.method = "HEAD";
  check.expire_within = std::chrono::hours(48);
  one.checks.emplace_back(check);
  web.real_servers = {one};
  config.virtual_servers = {web};

  auto specs = plan_checks(config).begin()->second;
  const auto& bare = std::get<checkers::HttpSpec>(specs[0].what);
  CHECK(specs[0].schedule.latency_limit == 2s);
  CHECK(bare.protocol == checkers::HttpProtocol::v1_1);
  CHECK(bare.fast_recovery);
  CHECK(bare.urls[0].tls_compliant);
  CHECK_FALSE(bare.urls[1].tls_compliant);
  REQUIRE(bare.urls[0].regex);
  CHECK(bare.urls[0].regex->options == checkers::regex_option("caseless"));
  CHECK(bare.urls[0].regex->max_offset == 9);
  CHECK_FALSE(bare.tls_options);
  CHECK_FALSE(bare.request);
  const auto& other = std::get<checkers::HttpSpec>(specs[1].what);
  CHECK(other.request->method == "HEAD");
  CHECK(other.tls_options->verify);
  CHECK(other.tls_options->expire_within == 48h);

  config.ssl.emplace();
  config.ssl->ca = "/ca.pem";
  config.ssl->certificate = "/c.pem";
  config.ssl->password = "secret";
  specs = plan_checks(config).begin()->second;
  const auto& plain = *std::get<checkers::HttpSpec>(specs[0].what).tls_options;
  CHECK(plain.certificate == "/c.pem");
  CHECK(plain.password == "secret");
  CHECK(plain.ca_file.empty());
  CHECK(std::get<checkers::HttpSpec>(specs[1].what).tls_options->ca_file == "/ca.pem");
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
  CHECK(bare.urls[0].server_name == "url.example");
  CHECK(bare.urls[1].server_name.empty());
  CHECK(bare.urls[0].host == "url.example");
  CHECK(bare.urls[0].status_codes == std::vector<checkers::StatusRange>{{200, 299}});
  CHECK(bare.urls[1].host == "[2001:db8::7]:8443");
  CHECK(bare.urls[1].status_codes.size() == 2);
  const auto& named = std::get<checkers::HttpSpec>(specs[1].what);
  CHECK(named.urls[0].server_name == "url.example");
  CHECK(named.urls[1].server_name == "checker.example");
  CHECK(named.urls[1].host == "checker.example");
}
