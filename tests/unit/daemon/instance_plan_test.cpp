#include "daemon/instance_plan.hpp"

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
