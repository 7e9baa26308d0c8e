#include "daemon/vrrp_listeners.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

PlannedInstance by_multicast(Family family = Family::ipv4) {
  PlannedInstance plan;
  plan.path.group = vrrp::multicast_group(family);
  return plan;
}

}  // namespace

TEST_CASE("one socket for each interface, family and protocol, with all groups and VRIDs that are wanted there") {
  auto other_group = by_multicast();
  other_group.path.group = IpAddress::v4({224, 0, 0, 99});
  auto authentic = by_multicast();
  authentic.path.ah_key = vrrp::simple_password("x");
  PlannedInstance unicast;
  unicast.path.peers = {{IpAddress::v4({10, 0, 0, 2}), 0, 255}};
  const auto plan = plan_listeners({{{"eth0", Vrid{1}}, by_multicast()},
                                    {{"eth0", Vrid{2}}, by_multicast()},
                                    {{"eth0", Vrid{3}, Family::ipv4, false, *other_group.path.group}, other_group},
                                    {{"eth0", Vrid{1}, Family::ipv6}, by_multicast(Family::ipv6)},
                                    {{"eth0", Vrid{4}}, authentic},
                                    {{"eth1", Vrid{5}, Family::ipv4, true}, unicast}},
                                   false);
  REQUIRE(plan.size() == 4);
  const auto& four = plan.at({"eth0", Family::ipv4, false});
  CHECK(four.wanted == std::vector<Vrid>{Vrid{1}, Vrid{2}, Vrid{3}});
  CHECK(four.groups == std::vector<IpAddress>{vrrp::multicast_group(Family::ipv4), *other_group.path.group});
  CHECK_FALSE(four.takes_unicast);
  CHECK_FALSE(four.takes_unknown);
  CHECK(plan.at({"eth0", Family::ipv6, false}).groups == std::vector<IpAddress>{vrrp::multicast_group(Family::ipv6)});
  CHECK(plan.at({"eth0", Family::ipv4, true}).has_authentication_header);
  CHECK(plan.at({"eth1", Family::ipv4, false}).takes_unicast);
  CHECK(plan.at({"eth1", Family::ipv4, false}).groups.empty());
}

TEST_CASE("log_unknown_vrids opens the filter") {
  CHECK(plan_listeners({{{"eth0", Vrid{1}}, by_multicast()}}, true).at({"eth0"}).takes_unknown);
}

TEST_CASE("an instance with a VMAC hears there; the interface itself is a member of the group, and hears others") {
  auto with_vmac = by_multicast();
  with_vmac.vmac = PlannedVmac{"vrrp.1", {}, true};
  const auto plan = plan_listeners({{{"eth0", Vrid{1}}, with_vmac}, {{"eth0", Vrid{2}}, by_multicast()}}, false);
  REQUIRE(plan.size() == 2);
  const auto& own = plan.at({"eth0", Family::ipv4, false, "vrrp.1"});
  CHECK(own.wanted == std::vector<Vrid>{Vrid{1}});
  CHECK(own.groups.size() == 1);
  const auto& shared = plan.at({"eth0", Family::ipv4, false});
  CHECK(shared.wanted == std::vector<Vrid>{Vrid{2}});
  CHECK(shared.groups.size() == 1);
  CHECK(ListenerKey{"eth0", Family::ipv4, false, "vrrp.1"}.device() == "vrrp.1");
  CHECK(ListenerKey{"eth0"}.device() == "eth0");
}

TEST_CASE("an instance with an ipvlan hears there alone, by multicast and by unicast") {
  auto with_ipvlan = by_multicast();
  with_ipvlan.ipvlan = PlannedIpvlan{"ipv0", 0, std::nullopt};
  PlannedInstance unicast;
  unicast.ipvlan = PlannedIpvlan{"ipv1", 0, std::nullopt};
  unicast.path.peers = {{IpAddress::v4({10, 0, 0, 2}), 0, 255}};
  const auto plan =
      plan_listeners({{{"eth0", Vrid{1}}, with_ipvlan}, {{"eth0", Vrid{2}, Family::ipv4, true}, unicast}}, false);
  REQUIRE(plan.size() == 2);
  CHECK(plan.at({"eth0", Family::ipv4, false, "ipv0"}).groups.size() == 1);
  CHECK(plan.at({"eth0", Family::ipv4, false, "ipv1"}).takes_unicast);
}
