#include "daemon/link_plan.hpp"

#include <linux/if_link.h>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

config::VirtualAddress vip(const char* text, const char* device = "", bool use_vmac = false) {
  config::VirtualAddress made;
  made.address = address(text);
  made.device = device;
  made.use_vmac = use_vmac;
  return made;
}

config::VrrpInstance instance(std::string name, std::string interface, std::uint8_t vrid,
                              std::vector<config::VirtualAddress> addresses, Family family = Family::ipv4) {
  config::VrrpInstance made;
  made.name = std::move(name);
  made.interface = std::move(interface);
  made.vrid = Vrid{vrid};
  made.family = family;
  made.virtual_addresses = std::move(addresses);
  return made;
}

using Plan = std::map<InstanceKey, PlannedInstance>;

Plan plan_of(std::vector<config::VrrpInstance> instances, const std::string& prefix = "",
             const std::string& address_prefix = "") {
  config::Config config;
  config.vrrp_instances = std::move(instances);
  config.global.vrrp.vmac_prefix = prefix;
  config.global.vrrp.vmac_addr_prefix = address_prefix;
  return plan_instances(config);
}

/// Where the addresses are, in their order.
std::vector<std::string> devices(const PlannedInstance& plan) {
  std::vector<std::string> list;
  for (const auto& planned : plan.addresses)
    list.push_back(planned.device);
  return list;
}

/// As keepalived 2.2.7 was seen to do it, the case addr2.
config::VrrpInstance with_addresses_elsewhere() {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100"), vip("10.1.0.100", "eth1")});
  one.excluded_addresses = {vip("fd00::100"), vip("fd01::100", "eth1")};
  return one;
}

const InstanceKey kKey{"eth0", Vrid{51}};
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("use_vmac_addr: what is elsewhere or of the other family has a VMAC there, named as keepalived names it") {
  auto one = with_addresses_elsewhere();
  one.use_vmac_addr = true;
  CHECK(devices(plan_of({one}).at(kKey)) == Names{"eth0", "vrrp.51", "vrrp6.51", "vrrp1.51"});
  one.vmac = config::Vmac{};
  const auto plan = plan_of({one});
  CHECK(devices(plan.at(kKey)) == Names{"vrrp.51", "vrrp1.51", "vrrp6.51", "vrrp2.51"});
  const auto links = plan_links(plan);
  REQUIRE(links.size() == 4);
  CHECK(links.at("vrrp1.51").parent == "eth1");
  CHECK(links.at("vrrp1.51").mac == vrrp::MacAddress{0, 0, 0x5e, 0, 1, 51});
  CHECK_FALSE(links.at("vrrp1.51").has_ipv6);
  CHECK(links.at("vrrp.51").turn < links.at("vrrp1.51").turn);
  CHECK(links.at("vrrp6.51").turn < links.at("vrrp2.51").turn);
  CHECK(links.at("vrrp.51").has_ipv6);
  CHECK_FALSE(links.at("vrrp.51").needs_link_local);
  const auto& sixth = links.at("vrrp6.51");
  CHECK(sixth.parent == "eth0");
  CHECK(sixth.mac == vrrp::MacAddress{0, 0, 0x5e, 0, 2, 51});
  CHECK(sixth.family == Family::ipv6);
  CHECK(sixth.has_ipv6);
  CHECK(sixth.needs_link_local);
}

TEST_CASE("use_vmac of single addresses, with vmac_addr_prefix; one VMAC for all of one interface and family") {
  const auto plan = plan_of({instance("A", "eth0", 51,
                                      {vip("10.0.0.100"), vip("10.1.0.100", "eth1", true), vip("10.1.0.101", "eth1"),
                                       vip("10.0.0.102", "eth0", true), vip("10.1.0.103", "eth1", true)})},
                            "", "vaddr");
  CHECK(devices(plan.at(kKey)) == Names{"eth0", "vaddr.51", "eth1", "vaddr1.51", "vaddr.51"});
  CHECK(plan.at(kKey).address_vmacs.size() == 2);
  CHECK_FALSE(plan.at(kKey).vmac);
}

TEST_CASE("with use_vmac, an address that names the instance's interface is on the VMAC all the same") {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100"), vip("10.0.0.102", "eth0"), vip("10.0.0.103", "eth0", true)});
  one.vmac = config::Vmac{};
  one.excluded_addresses = {vip("fd00::100"), vip("fd00::101", "", true)};
  const auto plan = plan_of({one});
  CHECK(devices(plan.at(kKey)) == Names{"vrrp.51", "vrrp.51", "vrrp.51", "eth0", "vrrp6.51"});
}

TEST_CASE("a MAC of one's own is that of all its VMACs: an interface has one for both families then") {
  auto one = with_addresses_elsewhere();
  one.use_vmac_addr = true;
  one.vmac = config::Vmac{};
  one.vmac->mac = {2, 0, 0x5e, 0, 1, 0x99};
  const auto plan = plan_of({one});
  CHECK(devices(plan.at(kKey)) == Names{"vrrp.51", "vrrp1.51", "vrrp.51", "vrrp1.51"});
  const auto links = plan_links(plan);
  REQUIRE(links.size() == 2);
  CHECK(links.at("vrrp1.51").mac == vrrp::MacAddress{2, 0, 0x5e, 0, 1, 0x99});
  CHECK(links.at("vrrp1.51").has_ipv6);
  CHECK(links.at("vrrp1.51").family == Family::ipv4);
}

TEST_CASE("names: written ones are nobody else's, made ones are cut to what the kernel takes") {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100")});
  one.vmac = config::Vmac{};
  auto two = instance("B", "eth1", 51, {vip("10.1.0.100")});
  two.vmac = config::Vmac{};
  two.vmac->interface = "vrrp.51";
  auto plan = plan_of({one, two});
  CHECK(plan.at(kKey).vmac->name == "vrrp1.51");
  CHECK(plan.at({"eth1", Vrid{51}}).vmac->name == "vrrp.51");

  auto many = with_addresses_elsewhere();
  many.vmac = config::Vmac{};
  many.use_vmac_addr = true;
  plan = plan_of({many}, "averylongprefix1", "anotherlongprefix");
  CHECK(devices(plan.at(kKey)) == Names{"averylongpre.51", "anotherlongp.51", "anotherlong6.51", "anotherlong1.51"});
}

TEST_CASE("the families of one VRID, and the same VRID elsewhere, have VMACs of their own") {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100")});
  auto two = instance("B", "eth0", 51, {vip("fe80::100")}, Family::ipv6);
  auto three = instance("C", "eth1", 51, {vip("10.1.0.100")});
  for (auto* each : {&one, &two, &three})
    each->vmac = config::Vmac{};
  const auto plan = plan_of({one, two, three});
  CHECK(plan.at(kKey).vmac->name == "vrrp.51");
  CHECK(plan.at({"eth0", Vrid{51}, Family::ipv6}).vmac->name == "vrrp6.51");
  CHECK(plan.at({"eth1", Vrid{51}}).vmac->name == "vrrp1.51");
  CHECK(plan_links(plan).at("vrrp6.51").needs_link_local);
}

TEST_CASE("use_ipvlan: adverts go by it and carry its address; the addresses stand on the interface itself") {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100"), vip("10.1.0.100", "eth1")});
  one.ipvlan = config::Ipvlan{};
  one.ipvlan->address = address("10.0.0.51");
  one.ipvlan->prefix_length = 24;
  one.ipvlan->mode = config::IpvlanMode::vepa;
  one.vmac_xmit_base = true;  // keepalived: only valid with a VMAC
  const auto plan = plan_of({one});
  const auto& planned = plan.at(kKey);
  CHECK(devices(planned) == Names{"eth0", "eth1"});
  CHECK(planned.path.source == address("10.0.0.51"));
  CHECK(planned.sending_device("eth0") == "vrrp.51");
  CHECK(planned.source_device("eth0") == "vrrp.51");
  const auto links = plan_links(plan);
  REQUIRE(links.size() == 1);
  const auto& link = links.at("vrrp.51");
  CHECK(link.kind == net::LinkKind::ipvlan);
  CHECK(link.ipvlan_flags == IPVLAN_F_VEPA);
  REQUIRE(link.address);
  CHECK(link.address->prefix_length == 24);
  CHECK(link.description() == "ipvlan 2 10.0.0.51/24 eth0");
}

TEST_CASE("use_ipvlan: a source that is written counts, and unicast goes by it as well") {
  auto one = instance("A", "eth0", 51, {vip("10.0.0.100")});
  one.ipvlan = config::Ipvlan{};
  one.ipvlan->interface = "ipv0";
  one.ipvlan->address = address("10.0.0.51");
  one.ipvlan->mode = config::IpvlanMode::private_mode;
  one.source_address = address("10.0.0.52");
  config::UnicastPeer peer;
  peer.address = address("10.0.0.2");
  one.unicast_peers.push_back(peer);
  const auto plan = plan_of({one});
  const auto& planned = plan.at({"eth0", Vrid{51}, Family::ipv4, true, address("10.0.0.52")});
  CHECK(planned.path.source == address("10.0.0.52"));
  CHECK(planned.sending_device("eth0") == "ipv0");
  CHECK(plan_links(plan).at("ipv0").ipvlan_flags == IPVLAN_F_PRIVATE);
}

TEST_CASE("what takes another interface is in its description, and nothing else") {
  WantedLink link;
  link.parent = "eth0";
  link.mac = {0, 0, 0x5e, 0, 1, 51};
  CHECK(link.description() == "macvlan 00:00:5e:00:01:33 eth0");
  link.group_number = 5;
  CHECK(link.description() == "macvlan 00:00:5e:00:01:33 group 5 eth0");
  link.group_number = 0;
  auto other = link;
  other.has_ipv6 = true;
  CHECK(other.description() == link.description());
  other.parent = "eth1";
  CHECK(other.description() != link.description());
}

TEST_CASE("garp_extra_if: one address of each VMAC by which no adverts leave; with all of each such interface") {
  auto one = with_addresses_elsewhere();
  one.virtual_addresses.push_back(vip("10.1.0.101", "eth1"));
  one.announcing.extra_if = config::GarpExtra{60s, false};
  const auto announced = [&] {
    const auto plan = plan_of({one});
    Names list;
    for (const auto* planned : announced_elsewhere(plan.at(kKey), "eth0"))
      list.push_back(planned->device + ' ' + planned->address.to_string());
    CHECK((plan.at(kKey).params.announcing.extra == 60s) == !list.empty());
    return list;
  };
  CHECK(announced().empty());
  one.announcing.extra_if->all = true;
  CHECK(announced() == Names{"eth1 10.1.0.100"});
  one.use_vmac_addr = true;
  one.announcing.extra_if->all = false;
  CHECK(announced() == Names{"vrrp.51 10.1.0.100", "vrrp6.51 fd00::100", "vrrp1.51 fd01::100"});
  one.vmac = config::Vmac{};
  CHECK(announced() == Names{"vrrp1.51 10.1.0.100", "vrrp6.51 fd00::100", "vrrp2.51 fd01::100"});
  one.vmac_xmit_base = true;
  CHECK(announced().front() == "vrrp.51 10.0.0.100");
  CHECK(announced().size() == 4);
}
