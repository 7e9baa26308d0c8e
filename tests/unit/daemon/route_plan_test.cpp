#include "daemon/route_plan.hpp"

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

config::Route route() {
  config::Route made;
  made.destination = {*IpAddress::parse("10.20.0.0"), 24};
  made.device = "eth0";
  return made;
}

vrrp::KernelRoute planned(const config::Route& from) {
  IdentifierNames names;
  std::vector<std::string> trouble;
  const auto plan = plan_routes({from}, {}, &names, &trouble);
  REQUIRE(trouble.empty());
  REQUIRE(plan.routes.size() == 1);
  return plan.routes.front();
}

vrrp::KernelRule planned(const config::Rule& from) {
  IdentifierNames names;
  std::vector<std::string> trouble;
  const auto plan = plan_routes({}, {from}, &names, &trouble);
  REQUIRE(trouble.empty());
  REQUIRE(plan.rules.size() == 1);
  return plan.rules.front();
}

}  // namespace

TEST_CASE("a route without words is one of the main table, of keepalived, tracked") {
  const auto to = planned(route());
  CHECK(to.table == RT_TABLE_MAIN);
  CHECK(to.protocol == 18);
  CHECK(to.scope == RT_SCOPE_UNIVERSE);
  CHECK(to.type == RTN_UNICAST);
  CHECK(to.placement == 0);
  CHECK(to.is_tracked);
  CHECK(to.metrics.empty());
  CHECK(to.hops == std::vector<vrrp::RouteHop>{{std::nullopt, "eth0", 1, false, {}, {}}});
}

TEST_CASE("types have numbers and scopes; the order of equal routes is asked for") {
  auto from = route();
  from.type = config::RouteType::blackhole;
  from.insertion = config::RouteInsertion::append;
  CHECK(planned(from).type == RTN_BLACKHOLE);
  CHECK(planned(from).placement == NLM_F_APPEND);
  from.type = config::RouteType::local;
  from.insertion = config::RouteInsertion::add;
  CHECK(planned(from).scope == RT_SCOPE_HOST);
  CHECK(planned(from).placement == NLM_F_EXCL);
  from.scope = config::Identifier{std::string("link")};
  CHECK(planned(from).scope == RT_SCOPE_LINK);
}

TEST_CASE("metrics: locked ones are named together, times are in the kernel's units") {
  auto from = route();
  from.mtu = config::Lockable<std::uint32_t>{1400, true};
  from.rtt = config::Lockable<config::Latency>{Duration(100ms), false};
  from.rttvar = config::Lockable<config::Latency>{std::uint32_t{40}, true};
  from.rto_min = config::Lockable<config::Latency>{Duration(250ms), false};
  from.ecn = true;
  from.quickack = false;
  using Metrics = std::vector<std::pair<std::uint16_t, std::uint32_t>>;
  CHECK(planned(from).metrics == Metrics{{RTAX_MTU, 1400},
                                         {RTAX_RTT, 800},
                                         {RTAX_RTTVAR, 40},
                                         {RTAX_RTO_MIN, 250},
                                         {RTAX_FEATURES, RTAX_FEATURE_ECN},
                                         {RTAX_QUICKACK, 0},
                                         {RTAX_LOCK, (1U << RTAX_MTU) | (1U << RTAX_RTTVAR)}});
}

TEST_CASE("nexthops are ways of one route; so are via and or") {
  auto from = route();
  from.via = IpAddress::parse("192.0.2.8");
  from.second_via = IpAddress::parse("192.0.2.9");
  const auto hops = planned(from).hops;
  REQUIRE(hops.size() == 2);
  CHECK(hops[0].gateway == from.via);
  CHECK(hops[1].gateway == from.second_via);
  from.second_via.reset();
  from.nexthops.resize(3);
  from.nexthops[2].weight = 5;
  from.nexthops[2].realms = config::Realms{config::Identifier{1U}, config::Identifier{2U}};
  REQUIRE(planned(from).hops.size() == 3);
  CHECK(planned(from).hops[2].weight == 5);
  CHECK(planned(from).hops[2].realms == 0x10002);
}

TEST_CASE("tables and protocols by name; a name that nobody knows leaves the line out") {
  auto from = route();
  from.table = config::Identifier{std::string("local")};
  from.protocol = config::Identifier{std::string("static")};
  CHECK(planned(from).table == RT_TABLE_LOCAL);
  CHECK(planned(from).protocol == RTPROT_STATIC);
  from.table = config::Identifier{std::string("no-such-table")};
  IdentifierNames names;
  std::vector<std::string> trouble;
  CHECK(plan_routes({from, route()}, {}, &names, &trouble).routes.size() == 1);
  CHECK(trouble == std::vector<std::string>{"route 10.20.0.0/24: no table 'no-such-table'"});
}

TEST_CASE("a route of a VRF names it: its table is the kernel's to say") {
  auto from = route();
  CHECK(planned(from).vrf.empty());
  from.vrf = "red";
  CHECK(planned(from).vrf == "red");
}

TEST_CASE("rules: actions, marks, ranges") {
  config::Rule from;
  from.preference = 1000;
  from.action = config::LookUp{config::Identifier{300U}};
  from.fwmark = config::Mark{7, 15};
  from.sport = config::NumberRange{80, 90};
  from.ipproto = config::Identifier{std::string("tcp")};
  const auto look_up = planned(from);
  CHECK(look_up.action == FR_ACT_TO_TBL);
  CHECK(look_up.table == 300);
  CHECK(look_up.mark == 7U);
  CHECK(look_up.mask == 15U);
  CHECK(look_up.source_ports == vrrp::NumberSpan{80, 90});
  CHECK(look_up.ip_protocol == 6);
  from.action = config::GoTo{2000};
  CHECK(planned(from).action == FR_ACT_GOTO);
  CHECK(planned(from).go_to == 2000U);
  from.action = config::RuleVerdict::prohibit;
  CHECK(planned(from).action == FR_ACT_PROHIBIT);
  from.action = config::RuleVerdict::l3mdev;
  CHECK(planned(from).uses_master_device);
}

TEST_CASE("files of names: numbers first, or last as in /etc/protocols; what is none is left out") {
  const auto names =
      parse_identifiers("# comment\n255\tlocal\n0x10 lowdelay\n\nrubbish\nudp 17 UDP # datagrams\n99 a b\n");
  CHECK(names.size() == 5);
  CHECK(names.at("local") == 255);
  CHECK(names.at("lowdelay") == 16);
  CHECK(names.at("udp") == 17);
  CHECK(names.at("UDP") == 17);
  CHECK(names.at("a") == 99);
}
