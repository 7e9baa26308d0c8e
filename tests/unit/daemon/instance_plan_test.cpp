#include "daemon/instance_plan.hpp"

#include <algorithm>
#include <functional>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

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
  CHECK(planned.addresses[1] ==
        PlannedAddress{address("192.0.2.9"), 24, "eth7", 253, "eth7:vip", std::nullopt, 0, std::nullopt});
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
  CHECK(a.path.password == vrrp::simple_password("1111"));
  const auto& b = plan.at({"eth0", Vrid{2}});
  CHECK(b.params.version == vrrp::Version::v3);
  CHECK(b.params.advertisement_interval == 100ms);
  CHECK(b.params.preempt_delay == 7s);
  CHECK(b.params.preempt_mode);
  CHECK_FALSE(b.path.password);
}

TEST_CASE(
    "many instances advertise in groups, one after the other in the order of the file, within a quarter interval") {
  const auto phases = [](std::uint8_t count, Duration interval) {
    config::Config config;
    for (std::uint8_t i = 0; i < count; ++i) {
      auto each = instance("I" + std::to_string(i), "eth0", static_cast<std::uint8_t>(i + 1));
      each.version = 3;
      each.advert_int = interval;
      config.vrrp_instances.push_back(each);
    }
    std::vector<Duration> found;
    for (const auto& [key, planned] : plan_instances(config))  // by VRID
      found.push_back(planned.params.phase);
    return found;
  };
  CHECK(phases(20, 1s) == std::vector<Duration>(20));
  const auto some = phases(41, 1s);
  CHECK(some.front() == 2ms);
  CHECK(some[1] == 1ms);
  CHECK(some[20] == 1ms);
  CHECK(some[21] == 0ms);
  CHECK(some[40] == 0ms);
  const auto many = phases(250, 10ms);
  CHECK(std::ranges::is_sorted(many, std::ranges::greater()));
  CHECK(many.front() > 2ms);
  CHECK(many.front() <= 2500us);
}

TEST_CASE("an instance is also known by family, by unicast and its source, and by a group of its own") {
  config::Config config;
  auto six = instance("A", "eth0", 1);
  six.family = Family::ipv6;
  six.version = 3;
  six.virtual_addresses[0].address = address("2001:db8::1");
  auto four = instance("B", "eth0", 1);
  auto other_group = instance("C", "eth0", 1);
  other_group.mcast_dst_ip = address("224.0.0.99");
  auto unicast = instance("D", "eth0", 1);
  unicast.unicast_peers.push_back({address("192.0.2.2"), 3, 200, {}});
  auto with_source = unicast;
  with_source.name = "E";
  with_source.source_address = address("192.0.2.1");
  auto other_peers = unicast;
  other_peers.name = "F";
  other_peers.unicast_peers[0].address = address("192.0.2.3");
  config.vrrp_instances = {six, four, other_group, unicast, with_source, other_peers};
  const auto plan = plan_instances(config);
  REQUIRE(plan.size() == 5);
  CHECK(plan.at({"eth0", Vrid{1}, Family::ipv6}).name == "A");
  CHECK(plan.at({"eth0", Vrid{1}}).name == "B");
  CHECK(plan.at({"eth0", Vrid{1}, Family::ipv4, false, address("224.0.0.99")}).name == "C");
  CHECK(plan.at({"eth0", Vrid{1}, Family::ipv4, true}).name == "D");  // F differs in its peers only
  CHECK(plan.at({"eth0", Vrid{1}, Family::ipv4, true, address("192.0.2.1")}).name == "E");
}

TEST_CASE("the path: groups, peers with their TTLs, and what is sent with") {
  config::Config config;
  config.global.vrrp.vrrp_mcast_group6 = address("ff02::99");
  auto six = instance("A", "eth0", 1);
  six.family = Family::ipv6;
  six.version = 3;
  auto unicast = instance("B", "eth0", 2);
  unicast.unicast_peers.push_back({address("192.0.2.2"), 3, 200, {}});
  unicast.unicast_ttl = 7;
  auto unicast6 = six;
  unicast6.vrid = Vrid{3};
  unicast6.unicast_peers.push_back({address("2001:db8::2"), 0, 255, {}});
  auto lonely = instance("D", "eth0", 4);
  lonely.unicast_fault_no_peer = true;
  config.vrrp_instances = {six, unicast, unicast6, lonely};
  const auto plan = plan_instances(config);
  REQUIRE(plan.size() == 4);
  const auto& a = plan.at({"eth0", Vrid{1}, Family::ipv6, false, address("ff02::99")}).path;
  CHECK(a.group == address("ff02::99"));
  CHECK(a.time_to_live == 255);
  const auto& b = plan.at({"eth0", Vrid{2}, Family::ipv4, true}).path;
  CHECK_FALSE(b.group);
  CHECK(b.peers == std::vector<vrrp::Peer>{{address("192.0.2.2"), 3, 200}});
  CHECK(b.time_to_live == 7);
  CHECK(plan.at({"eth0", Vrid{3}, Family::ipv6, true}).path.time_to_live == 64);  // as the kernel's, as keepalived
  CHECK(plan.at({"eth0", Vrid{4}, Family::ipv4, true}).path.peers.empty());
}

TEST_CASE("authentication and checksums, where the version has them") {
  config::Config config;
  auto ah = instance("A", "eth0", 1);
  ah.auth_type = config::AuthType::ah;
  ah.auth_pass = "1111";
  auto three = ah;
  three.vrid = Vrid{2};
  three.version = 3;
  three.v3_checksum_as_v2 = true;
  auto old = instance("C", "eth0", 3);
  old.version = 3;
  old.unicast_peers.push_back({address("192.0.2.2"), 0, 255, {}});
  old.old_unicast_checksum = config::OldChecksum::always;
  auto never = old;
  never.vrid = Vrid{4};
  never.old_unicast_checksum = config::OldChecksum::never;
  config.vrrp_instances = {ah, three, old, never};
  const auto plan = plan_instances(config);
  const auto& a = plan.at({"eth0", Vrid{1}}).path;
  CHECK(a.ah_key == vrrp::simple_password("1111"));
  CHECK_FALSE(a.password);
  const auto& b = plan.at({"eth0", Vrid{2}}).path;
  CHECK_FALSE(b.ah_key);
  CHECK(b.checksum_form == vrrp::ChecksumForm::without_pseudo_header);
  CHECK(plan.at({"eth0", Vrid{3}, Family::ipv4, true}).path.checksum_form == vrrp::ChecksumForm::as_if_multicast);
  const auto& d = plan.at({"eth0", Vrid{4}, Family::ipv4, true}).path;
  CHECK(d.checksum_form == vrrp::ChecksumForm::with_pseudo_header);
  CHECK_FALSE(d.learns_checksum);
}

TEST_CASE("IPv6 addresses: no duplicate detection unless asked for, and one of a single host is deprecated") {
  config::Config config;
  auto six = instance("A", "eth0", 1);
  six.family = Family::ipv6;
  config::VirtualAddress alone, in_prefix, checked;
  alone.address = address("2001:db8::1");
  alone.prefix_length = 128;
  in_prefix.address = address("2001:db8::2");
  in_prefix.prefix_length = 64;
  in_prefix.noprefixroute = true;
  checked.address = address("2001:db8::3");
  checked.prefix_length = 128;
  checked.dad = true;
  checked.preferred_lft = config::kForever;
  six.virtual_addresses = {alone, in_prefix, checked};
  config.vrrp_instances = {six};
  const auto planned = plan_instances(config).at({"eth0", Vrid{1}, Family::ipv6}).addresses;
  CHECK(planned[0].flags == 0x02);  // IFA_F_NODAD
  CHECK(planned[0].preferred == 0s);
  CHECK(planned[1].flags == 0x202);  // and IFA_F_NOPREFIXROUTE
  CHECK(planned[1].preferred == std::nullopt);
  CHECK(planned[2].flags == 0);
  CHECK(planned[2].preferred == std::nullopt);
}

TEST_CASE("preferred_lft is for IPv6 only, and forever is no number") {
  config::VirtualAddress from;
  from.address = address("2001:db8::1");
  from.prefix_length = 64;
  from.preferred_lft = 30s;
  CHECK(plan_address(from, "eth0").preferred == 30s);
  from.preferred_lft = 0s;
  CHECK(plan_address(from, "eth0").preferred == 0s);
  from.preferred_lft = config::kForever;
  CHECK(plan_address(from, "eth0").preferred == std::nullopt);
  from.address = address("192.0.2.1");
  for (const auto lifetime : {0s, 30s}) {
    from.preferred_lft = lifetime;
    CHECK(plan_address(from, "eth0").preferred == std::nullopt);
  }
}

TEST_CASE("an address with a peer has the peer's prefix") {
  config::VirtualAddress from;
  from.address = address("192.0.2.1");
  CHECK(plan_address(from, "eth0").peer == std::nullopt);
  from.peer = config::PeerAddress{address("192.0.2.9"), 30};
  const auto planned = plan_address(from, "eth0");
  CHECK(planned.address == address("192.0.2.1"));
  CHECK(planned.peer == address("192.0.2.9"));
  CHECK(planned.prefix_length == 30);
}

TEST_CASE("the options of the election are those in force, strict_mode's above all") {
  config::Config config;
  config.global.vrrp.vrrp_down_timer_adverts = 5;
  config.global.vrrp.vrrp_higher_prio_send_advert = true;
  config.global.garp.vrrp_garp_master_repeat = 2;
  auto plain = instance("A", "eth0", 1);
  plain.announcing.master_refresh = 60s;
  plain.timer_expired_backup = 200;
  auto strict = instance("B", "eth0", 2);
  strict.strict_mode = true;
  strict.priority = 255;
  auto owner = instance("C", "eth0", 3);
  owner.priority = 255;
  config.vrrp_instances = {plain, strict, owner};
  const auto plan = plan_instances(config);
  const auto& a = plan.at({"eth0", Vrid{1}});
  CHECK(a.params.down_timer_adverts == 5);
  CHECK(a.params.higher_prio_send_advert);
  CHECK_FALSE(a.params.lower_prio_no_advert);
  CHECK(a.params.timer_expired_backup == 200);
  CHECK(a.params.announcing.repeat == 2);
  CHECK(a.params.announcing.refresh == 60s);
  CHECK(a.params.announcing.lower_priority_repeat == 2);
  const auto& b = plan.at({"eth0", Vrid{2}});
  CHECK(b.params.down_timer_adverts == 3);
  CHECK_FALSE(b.params.higher_prio_send_advert);
  CHECK(b.params.lower_prio_no_advert);
  CHECK(b.params.announcing.lower_priority_repeat == 0);
  CHECK(b.ignores_adverts);
  CHECK_FALSE(plan.at({"eth0", Vrid{3}}).ignores_adverts);
}

TEST_CASE("excluded addresses are held, not advertised, and of either family") {
  config::Config config;
  auto one = instance("A", "eth0", 1);
  config::VirtualAddress excluded;
  excluded.address = address("2001:db8::1");
  one.excluded_addresses.push_back(excluded);
  config.vrrp_instances = {one};
  const auto planned = plan_instances(config).at({"eth0", Vrid{1}});
  REQUIRE(planned.addresses.size() == 2);
  CHECK(planned.addresses[1].address == address("2001:db8::1"));
  CHECK_FALSE(planned.addresses[1].is_advertised);
  CHECK(planned.advertised() == std::vector<IpAddress>{address("192.0.2.10")});
}

TEST_CASE("a VMAC has the virtual router's MAC and the addresses of its family that name no device") {
  config::Config config;
  auto one = instance("A", "eth0", 51);
  one.vmac = config::Vmac{};
  config::VirtualAddress elsewhere;
  elsewhere.address = address("192.0.2.11");
  elsewhere.device = "eth1";
  one.virtual_addresses.push_back(elsewhere);
  config::VirtualAddress other_family;
  other_family.address = address("2001:db8::1");
  one.excluded_addresses.push_back(other_family);
  config.vrrp_instances = {one};
  const auto planned = plan_instances(config).at({"eth0", Vrid{51}});
  REQUIRE(planned.vmac);
  CHECK(planned.vmac->name == "vrrp.51");
  CHECK(planned.vmac->mac == vrrp::MacAddress{0, 0, 0x5e, 0, 1, 51});
  CHECK(planned.sending_device("eth0") == "vrrp.51");
  CHECK(planned.addresses[0].device == "vrrp.51");
  CHECK(planned.addresses[1].device == "eth1");
  CHECK(planned.addresses[2].device == "eth0");
}

TEST_CASE("adverts leave by the interface itself with vmac_xmit_base and by unicast; MACs and names may be others") {
  config::Config config;
  auto one = instance("A", "eth0", 51);
  one.vmac = config::Vmac{};
  one.vmac_xmit_base = true;
  auto two = instance("B", "eth1", 51);
  two.vmac = config::Vmac{};
  two.vmac->mac = {2, 0, 0, 0, 0, 9};
  config::UnicastPeer peer;
  peer.address = address("192.0.2.2");
  two.unicast_peers.push_back(peer);
  two.source_address = address("192.0.2.1");
  config.vrrp_instances = {one, two};
  config.global.vrrp.vmac_prefix = "v";
  const auto plan = plan_instances(config);
  CHECK(plan.at({"eth0", Vrid{51}}).sending_device("eth0") == "eth0");
  const auto& by_unicast = plan.at({"eth1", Vrid{51}, Family::ipv4, true, address("192.0.2.1")});
  CHECK(by_unicast.sending_device("eth1") == "eth1");
  CHECK(by_unicast.vmac->mac == vrrp::MacAddress{2, 0, 0, 0, 0, 9});
  CHECK(plan.at({"eth0", Vrid{51}}).vmac->name == "v.51");
  CHECK(by_unicast.vmac->name == "v1.51");
}

TEST_CASE("packets to the addresses are taken unless no_accept or strict_mode say otherwise; an owner takes them") {
  config::Config config;
  auto one = instance("A", "eth0", 1);
  const auto accepts = [&config, &one] {
    config.vrrp_instances = {one};
    return plan_instances(config).at({"eth0", Vrid{1}}).accepts_packets;
  };
  CHECK(accepts());
  one.accept = false;
  CHECK_FALSE(accepts());
  one.priority = kOwnerPriority;
  CHECK(accepts());
  one.priority = 100;
  one.accept.reset();
  one.strict_mode = true;
  CHECK_FALSE(accepts());
}
