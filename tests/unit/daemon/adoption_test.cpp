#include "daemon/adoption.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

HeldAddress held(const char* text, const char* device = "eth0") {
  const auto parsed = IpAddress::parse(text);
  REQUIRE(parsed);
  return {*parsed, 32, device};
}

PlannedInstance planned(const std::vector<HeldAddress>& addresses) {
  PlannedInstance instance;
  for (const auto& each : addresses)
    instance.addresses.push_back({each.address, each.prefix_length, each.device, 0, {}, std::nullopt, 0, {}});
  return instance;
}

const InstanceKey kFirst{"eth0", Vrid{51}};
const InstanceKey kSecond{"eth0", Vrid{52}};

}  // namespace

TEST_CASE("a master whose address is still there goes on; nothing of its is left over") {
  const auto result = adopt({{kFirst, planned({held("10.0.0.1")})}}, {{{"eth0", Vrid{51}}, {held("10.0.0.1")}}},
                            {held("10.0.0.1"), held("192.0.2.7")});
  CHECK(result.adopted == std::set<InstanceKey>{kFirst});
  CHECK(result.leftovers.empty());
}

TEST_CASE("a master whose lease has run out does not go on") {
  const auto result =
      adopt({{kFirst, planned({held("10.0.0.1")})}}, {{{"eth0", Vrid{51}}, {held("10.0.0.1")}}}, {held("192.0.2.7")});
  CHECK(result.adopted.empty());
  CHECK(result.leftovers.empty());
}

TEST_CASE("an address that nobody's ledger explains is left over: keepalived's after a crash") {
  const auto result = adopt({{kFirst, planned({held("10.0.0.1")})}}, {}, {held("10.0.0.1"), held("10.0.0.2")});
  CHECK(result.adopted.empty());
  CHECK(result.leftovers == std::vector<HeldAddress>{held("10.0.0.1")});
}

TEST_CASE("what left the configuration while nobody ran is left over") {
  const auto result =
      adopt({{kFirst, planned({held("10.0.0.1")})}},
            {{{"eth0", Vrid{51}}, {held("10.0.0.1"), held("10.0.0.2")}}, {{"eth0", Vrid{52}}, {held("10.0.0.3")}}},
            {held("10.0.0.1"), held("10.0.0.2"), held("10.0.0.3")});
  CHECK(result.adopted == std::set<InstanceKey>{kFirst});
  CHECK(result.leftovers == std::vector<HeldAddress>{held("10.0.0.2"), held("10.0.0.3")});
}

TEST_CASE("an address that moved from one instance to an adopted one stays") {
  const auto result = adopt({{kFirst, planned({held("10.0.0.1"), held("10.0.0.3")})}, {kSecond, planned({})}},
                            {{{"eth0", Vrid{51}}, {held("10.0.0.1")}}, {{"eth0", Vrid{52}}, {held("10.0.0.3")}}},
                            {held("10.0.0.1"), held("10.0.0.3")});
  CHECK(result.leftovers.empty());
}

TEST_CASE("the same address on another interface or with another prefix is somebody else's") {
  auto wide = held("10.0.0.1");
  wide.prefix_length = 24;
  const auto result = adopt({{kFirst, planned({held("10.0.0.1")})}}, {{{"eth0", Vrid{51}}, {held("10.0.0.1")}}},
                            {held("10.0.0.1", "eth1"), wide});
  CHECK(result.adopted.empty());
  CHECK(result.leftovers.empty());
}

TEST_CASE("an address owner's own address is never taken for a leftover") {
  auto owner = planned({held("10.0.0.1")});
  owner.params.start_active = true;
  const auto result = adopt({{kFirst, owner}}, {}, {held("10.0.0.1")});
  CHECK(result.leftovers.empty());
}

TEST_CASE("regression: of a group one member went on as master though another's lease had run out") {
  auto first = planned({held("10.0.0.1")});
  auto second = planned({held("10.0.0.3")});
  first.group = second.group = "G";
  const VrrpLedger ledger{{kFirst, {held("10.0.0.1")}}, {kSecond, {held("10.0.0.3")}}};
  const auto torn = adopt({{kFirst, first}, {kSecond, second}}, ledger, {held("10.0.0.1")});
  CHECK(torn.adopted.empty());
  CHECK(torn.leftovers == std::vector<HeldAddress>{held("10.0.0.1")});
  const auto whole = adopt({{kFirst, first}, {kSecond, second}}, ledger, {held("10.0.0.1"), held("10.0.0.3")});
  CHECK(whole.adopted == std::set<InstanceKey>{kFirst, kSecond});
  // A member that was no master, or is new, keeps the others from it, too.
  CHECK(adopt({{kFirst, first}, {kSecond, second}}, {ledger.front()}, {held("10.0.0.1")}).adopted.empty());
}

TEST_CASE("a member without addresses goes on with its group, but not alone") {
  auto first = planned({held("10.0.0.1")});
  auto second = planned({});
  first.group = second.group = "G";
  const VrrpLedger ledger{{kFirst, {held("10.0.0.1")}}, {kSecond, {}}};
  CHECK(adopt({{kFirst, first}, {kSecond, second}}, ledger, {held("10.0.0.1")}).adopted ==
        std::set<InstanceKey>{kFirst, kSecond});
  CHECK(adopt({{kFirst, first}, {kSecond, second}}, ledger, {}).adopted.empty());
  first.group = second.group = "";
  CHECK(adopt({{kFirst, first}, {kSecond, second}}, ledger, {held("10.0.0.1")}).adopted ==
        std::set<InstanceKey>{kFirst});
}
