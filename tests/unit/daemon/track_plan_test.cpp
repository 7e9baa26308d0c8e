#include "daemon/track_plan.hpp"

#include <doctest/doctest.h>

#include "daemon/instance_plan.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;
using vrrp::TrackKind;

namespace {

config::Tracked tracked(const std::string& name, int weight = 0, bool is_reversed = false) {
  config::Tracked made;
  made.name = name;
  made.weight = {weight, is_reversed};
  return made;
}

config::VrrpInstance instance(const std::string& name, std::uint8_t vrid = 1) {
  config::VrrpInstance made;
  made.name = name;
  made.interface = "eth0";
  made.vrid = Vrid{vrid};
  return made;
}

}  // namespace

TEST_CASE("an instance tracks its own and what its group tracks") {
  auto one = instance("A");
  one.tracking.scripts = {tracked("chk", -20)};
  config::SyncGroup group;
  group.tracking.files = {tracked("number", 2, true)};
  CHECK(plan_trackers(one, nullptr, {}) == std::vector<vrrp::Tracker>{{{TrackKind::script, "chk"}, -20, false}});
  CHECK(plan_trackers(one, &group, {}) ==
        std::vector<vrrp::Tracker>{{{TrackKind::script, "chk"}, -20, false}, {{TrackKind::file, "number"}, 2, true}});
}

TEST_CASE("the other interfaces of addresses are tracked, once, unless no_track says otherwise") {
  auto one = instance("A");
  one.tracking.interfaces = {tracked("eth3", -10)};
  for (const auto* device : {"", "eth0", "eth1", "eth1", "eth2", "eth3"}) {
    config::VirtualAddress address;
    address.device = device;
    address.no_track = address.device == "eth2";
    one.virtual_addresses.push_back(address);
  }
  CHECK(plan_trackers(one, nullptr, {}) == std::vector<vrrp::Tracker>{{{TrackKind::interface, "eth3"}, -10, false},
                                                                      {{TrackKind::interface, "eth1"}, 0, false}});
}

TEST_CASE("the interfaces of routes, and those of static things that a track_group follows, are tracked") {
  config::Config config;
  auto one = instance("A");
  config::Route route;
  route.device = "eth1";
  config::Route untracked;
  untracked.device = "eth2";
  untracked.no_track = true;
  one.virtual_routes = {route, untracked};
  config.vrrp_instances = {one, instance("B", 2)};
  config::TrackGroup group;
  group.name = "T";
  group.instances = {"A"};
  config.track_groups = {group};
  config::VirtualAddress address;
  address.device = "eth5";
  address.track_group = "T";
  config.static_addresses = {address};
  route.device = "eth6";
  route.track_group = "T";
  config.static_routes = {route};
  config::Rule rule;
  rule.iif = "eth7";
  rule.track_group = "T";
  config.static_rules = {rule};
  const auto names = [&](std::size_t index) {
    std::string text;
    for (const auto& tracker : plan_trackers(config.vrrp_instances[index], nullptr, followed_interfaces(config))) {
      CHECK(tracker.weight == 0);
      text += tracker.key.name + " ";
    }
    return text;
  };
  CHECK(names(0) == "eth1 eth5 eth6 eth7 ");
  CHECK(names(1).empty());
}

TEST_CASE("only what somebody tracks is run and watched") {
  config::Config config;
  config.vrrp_instances = {instance("A")};
  config.vrrp_instances[0].tracking.scripts = {tracked("used")};
  config::SyncGroup group;
  group.tracking.files = {tracked("number")};
  config.sync_groups = {group};
  config::VrrpScript used, unused;
  used.name = "used";
  used.interval = 200ms;
  unused.name = "unused";
  config.vrrp_scripts = {unused, used};
  config::TrackFile number, other;
  number.name = "number";
  other.name = "other";
  config.track_files = {number, other};
  const auto scripts = plan_track_scripts(config);
  REQUIRE(scripts.size() == 1);
  CHECK(scripts[0].name == "used");
  CHECK(scripts[0].timeout == 200ms);  // the interval
  REQUIRE(plan_track_files(config).size() == 1);
  CHECK(plan_track_files(config)[0].name == "number");
}

TEST_CASE("members of a group know it, their place in it, and that one of them does not preempt") {
  config::Config config;
  config.vrrp_instances = {instance("A", 1), instance("B", 2), instance("C", 3)};
  config.vrrp_instances[0].nopreempt = true;
  config::SyncGroup group;
  group.name = "G1";
  group.instances = {"B", "A"};
  group.notify_priority_changes = true;
  config.sync_groups = {group};
  const auto plan = plan_instances(config);
  const auto& a = plan.at({"eth0", Vrid{1}});
  const auto& b = plan.at({"eth0", Vrid{2}});
  const auto& c = plan.at({"eth0", Vrid{3}});
  CHECK(a.group == "G1");
  CHECK(a.group_position == 1);
  CHECK(b.group_position == 0);
  CHECK(b.params.is_grouped);
  CHECK_FALSE(b.params.preempt_mode);
  CHECK(b.tells_priority);
  CHECK(c.group.empty());
  CHECK_FALSE(c.params.is_grouped);
  CHECK(c.params.preempt_mode);
  CHECK_FALSE(c.tells_priority);
}

namespace {

/// The pattern that a process of these words gets.
vrrp::ProcessPattern pattern(std::vector<std::string> words, config::ParamMatch match, bool full_command = false) {
  config::Config config;
  config::TrackProcess process;
  process.name = "p";
  process.process = words.front();
  process.parameters.assign(words.begin() + 1, words.end());
  process.param_match = match;
  process.full_command = full_command;
  config.track_processes = {process};
  config.vrrp_instances = {instance("A")};
  config.vrrp_instances[0].tracking.processes = {tracked("p")};
  const auto plan = plan_track_processes(config);
  REQUIRE(plan.size() == 1);
  return plan[0].pattern;
}

}  // namespace

TEST_CASE("processes: what is compared is the name, or with any word about parameters the command line") {
  using config::ParamMatch;
  using vrrp::ParameterMatch;
  using vrrp::ProcessPattern;
  CHECK(pattern({"nginx"}, ParamMatch::plain) == ProcessPattern::of_name("nginx"));
  CHECK(pattern({"nginx"}, ParamMatch::plain, true) == ProcessPattern::of_command({"nginx"}, ParameterMatch::any));
  CHECK(pattern({"nginx"}, ParamMatch::exact) == ProcessPattern::of_command({"nginx"}, ParameterMatch::exact));
  CHECK(pattern({"nginx", "-g"}, ParamMatch::plain) ==
        ProcessPattern::of_command({"nginx", "-g"}, ParameterMatch::exact));
  CHECK(pattern({"nginx", "-g"}, ParamMatch::plain, true) ==
        ProcessPattern::of_command({"nginx", "-g"}, ParameterMatch::exact));
  CHECK(pattern({"nginx", "-g"}, ParamMatch::partial) ==
        ProcessPattern::of_command({"nginx", "-g"}, ParameterMatch::leading));
  CHECK(pattern({"nginx", "-g"}, ParamMatch::initial) ==
        ProcessPattern::of_command({"nginx", "-g"}, ParameterMatch::beginning));
}

TEST_CASE("processes and gateways that nobody tracks are not watched") {
  config::Config config;
  config::TrackProcess process;
  process.process = "nginx";
  process.quorum = 2;
  process.quorum_max = 4;
  process.fork_delay = 1s;
  process.terminate_delay = 2s;
  config::TrackGateway gateway;
  gateway.address = IpAddress::parse("192.0.2.1");
  for (const auto* name : {"a", "b", "c"}) {
    process.name = gateway.name = name;
    config.track_processes.push_back(process);
    config.track_gateways.push_back(gateway);
  }
  config.vrrp_instances = {instance("A")};
  config.vrrp_instances[0].tracking.processes = {tracked("a")};
  config.vrrp_instances[0].tracking.gateways = {tracked("b")};
  config::SyncGroup group;
  group.tracking.processes = {tracked("c"), tracked("a")};
  group.tracking.gateways = {tracked("c")};
  config.sync_groups = {group};
  const auto processes = plan_track_processes(config);
  REQUIRE(processes.size() == 2);
  CHECK(processes[0].name == "a");
  CHECK(processes[1].name == "c");
  CHECK(processes[0].quorum == vrrp::QuorumRule{2, 4, 1s, 2s});
  const auto gateways = plan_track_gateways(config);
  REQUIRE(gateways.size() == 2);
  CHECK(gateways[0].name == "b");
  CHECK(gateways[1].name == "c");
}

TEST_CASE("an instance tracks processes and gateways of its own and of its group") {
  auto one = instance("A");
  one.tracking.processes = {tracked("p", 10)};
  one.tracking.gateways = {tracked("g", -20, true)};
  config::SyncGroup group;
  group.tracking.gateways = {tracked("h")};
  CHECK(plan_trackers(one, &group, {}) == std::vector<vrrp::Tracker>{{{TrackKind::process, "p"}, 10, false},
                                                                     {{TrackKind::gateway, "g"}, -20, true},
                                                                     {{TrackKind::gateway, "h"}, 0, false}});
}

TEST_CASE("gateways: a ping, or a connection where there is a port; the timeout is the interval unless it is said") {
  config::Config config;
  config::TrackGateway gateway;
  gateway.name = "g";
  gateway.address = IpAddress::parse("fe80::1");
  gateway.interface = "eth7";
  gateway.interval = 250ms;
  gateway.rise = 4;
  gateway.fall = 5;
  config.track_gateways = {gateway};
  config.vrrp_instances = {instance("A")};
  config.vrrp_instances[0].tracking.gateways = {tracked("g")};
  auto plan = plan_track_gateways(config);
  REQUIRE(plan.size() == 1);
  CHECK(std::holds_alternative<checkers::PingSpec>(plan[0].check.what));
  CHECK(plan[0].check.target.to.address == *gateway.address);
  CHECK(plan[0].check.target.bind_if == "eth7");
  CHECK(plan[0].check.schedule.delay_loop == 250ms);
  CHECK(plan[0].check.schedule.connect_timeout == 250ms);
  CHECK(plan[0].rise == 4);
  CHECK(plan[0].fall == 5);
  config.track_gateways[0].port = 443;
  config.track_gateways[0].timeout = 100ms;
  plan = plan_track_gateways(config);
  CHECK(std::holds_alternative<checkers::TcpSpec>(plan[0].check.what));
  CHECK(plan[0].check.target.to.port == 443);
  CHECK(plan[0].check.schedule.connect_timeout == 100ms);
}
