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
