#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

VrrpInstance first(const Parsed& parsed) {
  REQUIRE_MESSAGE(!parsed.config.vrrp_instances.empty(), said(parsed));
  return parsed.config.vrrp_instances[0];
}

/// What is said of an instance with these lines, besides what is not active yet.
std::string told(std::string_view lines) {
  const Parsed parsed = read(instance(lines));
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all()) {
    if (d.status == Status::not_active) continue;
    text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
            std::to_string(static_cast<int>(d.status)) + " " + d.text + "\n";
  }
  return text;
}

int status(std::string_view lines) {
  return read(instance(lines)).diagnostics.exit_status();
}

TEST_CASE("use_vmac: name, MAC and group, in any order") {
  const Vmac plain = first(read(instance("use_vmac"))).vmac.value();
  CHECK(plain == Vmac{});
  for (const char* line : {"use_vmac mac0 02:0:0:0:0:1 netlink_notify_msg group 7",
                           "use_vmac group 7 netlink_notify_msg 02:00:00:00:00:01 name mac0"}) {
    const Vmac full = first(read(instance(line))).vmac.value();
    CHECK(full.interface == "mac0");
    CHECK(full.mac == std::vector<std::uint8_t>{2, 0, 0, 0, 0, 1});
    CHECK(full.netlink_notify_msg);
    CHECK(full.group == "7");
    CHECK(told(line).empty());
  }
}

TEST_CASE("a MAC address of five octets gets the VRID, whichever line stands first") {
  CHECK(first(read(instance("use_vmac 02:00:00:00:0f"))).vmac->mac == std::vector<std::uint8_t>{2, 0, 0, 0, 15, 10});
}

TEST_CASE("MAC addresses that a VMAC must not have") {
  CHECK(told("use_vmac 01:11:22:33:44:55") == "5:10 5 '01:11:22:33:44:55' is a multicast MAC address: it is ignored\n");
  CHECK(told("use_vmac 00:00:5e:00:01:0a").find("is in the range of virtual routers") != std::string::npos);
  CHECK(told("use_vmac 00:00:5e:00:02").find("is in the range of virtual routers") != std::string::npos);
  CHECK(told("use_vmac 02:11:22:33").find("is no MAC address") != std::string::npos);
  CHECK(told("use_vmac 02:11:22:33:44:5g").find("is no MAC address") != std::string::npos);
  CHECK(told("use_vmac 02:11:22:33:44:555").find("is no MAC address") != std::string::npos);
  CHECK(first(read(instance("use_vmac foo 01:11:22:33:44:55"))).vmac->interface == "foo");
}

TEST_CASE("names of VMACs: one, of fifteen octets, nobody else's") {
  CHECK(told("use_vmac a b") == "5:12 5 use_vmac has a name already, 'a': 'b' is ignored\n");
  CHECK(told("use_vmac a\nuse_vmac b 02:0:0:0:0:1") == "6:10 5 use_vmac has a name already, 'a': 'b' is ignored\n");
  CHECK(told("use_vmac averyverylongname1").find("cannot be the name of an interface") != std::string::npos);
  CHECK(told("use_vmac group").find("'group' lacks its value") != std::string::npos);
  const Parsed parsed = read(instance("use_vmac foo") +
                             "vrrp_instance B {\ninterface eth0\nvirtual_router_id 11\n"
                             "use_vmac foo\nvirtual_ipaddress {\n192.0.2.11\n}\n}\n");
  CHECK(said(parsed).find("13:10 error 5: vrrp_instance 'A' has an interface 'foo' of its own already: the name is "
                          "ignored") != std::string::npos);
  CHECK(parsed.config.vrrp_instances.at(1).vmac->interface.empty());
}

TEST_CASE("vmac_xmit_base needs a VMAC, and unicast with a VMAC needs it") {
  CHECK(told("vmac_xmit_base") == "5:1 5 vmac_xmit_base without use_vmac: it is ignored\n");
  CHECK(told("use_vmac\nvmac_xmit_base").empty());
  CHECK(told("use_ipvlan 192.0.2.5\nvmac_xmit_base") == "6:1 5 vmac_xmit_base without use_vmac: it is ignored\n");
  const char* unicast = "use_vmac\nunicast_peer {\n192.0.2.2\n}";
  CHECK(told(unicast) == "5:1 5 use_vmac in a unicast instance needs vmac_xmit_base: it is set\n");
  CHECK(first(read(instance(unicast))).vmac_xmit_base);
}

TEST_CASE("use_ipvlan: name, address, mode") {
  const Ipvlan full = first(read(instance("use_ipvlan ip0 192.0.2.5/24 private group x"))).ipvlan.value();
  CHECK(full.interface == "ip0");
  CHECK(full.address->to_string() == "192.0.2.5");
  CHECK(full.prefix_length == 24);
  CHECK(full.mode == IpvlanMode::private_mode);
  CHECK(full.group == "x");
  CHECK(told("use_ipvlan") == "5:1 5 an ipvlan of IPv4 needs an address: the instance stays in FAULT\n");
  CHECK(told("use_ipvlan 192.0.2.5 192.0.2.6") == "5:22 5 use_ipvlan has an address already: '192.0.2.6' is ignored\n");
  CHECK(told("use_ipvlan 192.0.2.5 bridge vepa") == "5:29 5 use_ipvlan has a mode already: 'vepa' is ignored\n");
  CHECK(told("use_vmac\nuse_ipvlan 192.0.2.5") ==
        "5:1 0 an instance has one interface of its own: use_vmac is ignored\n");
}

TEST_CASE("peers, each once, with the hops that their adverts may have made") {
  const Parsed parsed =
      read(instance("unicast_peer {\n192.0.2.2 min_ttl 254\n192.0.2.3 max_ttl 9 min_ttl 3\n192.0.2.2\n}"));
  const VrrpInstance instance = first(parsed);
  REQUIRE(instance.unicast_peers.size() == 2);
  CHECK(instance.unicast_peers[0].min_ttl == 254);
  CHECK(instance.unicast_peers[0].max_ttl == 255);
  CHECK(instance.unicast_peers[1].min_ttl == 3);
  CHECK(instance.unicast_peers[1].max_ttl == 9);
  CHECK(instance.check_unicast_src);
  CHECK(said(parsed).find("8:1 warning 0: unicast_peer 192.0.2.2 is listed twice: this one is ignored") !=
        std::string::npos);
  CHECK(parsed.diagnostics.exit_status() == 0);
}

TEST_CASE("mistakes in a peer cost the option or the peer") {
  CHECK(told("unicast_peer {\n192.0.2.2/24\n}") == "6:1 0 unicast_peer takes no mask: '/24' is dropped\n");
  CHECK(told("unicast_peer {\n192.0.2.2\nhost\n}") == "7:1 5 unicast_peer: 'host' is no IP address\n");
  CHECK(told("unicast_peer {\n192.0.2.2 192.0.2.3\n}") == "6:11 5 '192.0.2.3' is no option of a peer: it is ignored\n");
  CHECK(told("unicast_peer {\n192.0.2.2 min_ttl\n}") == "6:11 5 'min_ttl' lacks its value: it is ignored\n");
  CHECK(told("unicast_peer {\n192.0.2.2 min_ttl 256\n}") == "6:19 5 min_ttl must be 0 to 255, not '256'\n");
  CHECK(told("unicast_peer {\n192.0.2.2 min_ttl 5 max_ttl 3\n}") ==
        "6:1 5 min_ttl 5 is above max_ttl 3: every advert of this peer is dropped\n");
  CHECK(told("unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.1\n192.0.2.2\n}") ==
        "7:1 0 unicast_peer 192.0.2.1 is this router itself, its unicast_src_ip\n");
}

TEST_CASE("the first address tells the family of all") {
  const Parsed parsed = read(instance("unicast_src_ip 2001:db8::1\nunicast_peer {\n192.0.2.2\n}"));
  CHECK(
      said(parsed).find("7:1 error 5: all addresses of an instance are of one family: this one is left out (it is one "
                        "of IPv6 since line 5)") != std::string::npos);
  CHECK(parsed.config.vrrp_instances.empty());  // no address is left, which version 3 needs
  CHECK(parsed.diagnostics.refusal() == 2);
}

TEST_CASE("a source has no mask; both keywords set the one source") {
  CHECK(told("unicast_src_ip 192.0.2.1/24\nunicast_peer {\n192.0.2.2\n}") ==
        "5:16 0 unicast_src_ip takes no mask: '/24' is dropped\n");
  CHECK(told("mcast_src_ip foo") == "5:14 5 mcast_src_ip: 'foo' is no IP address\n");
  const VrrpInstance both =
      first(read(instance("mcast_src_ip 192.0.2.1\nunicast_src_ip 192.0.2.3\nunicast_peer {\n192.0.2.2\n}")));
  CHECK(both.source_address->to_string() == "192.0.2.3");
}

TEST_CASE("without peers an instance is one of multicast, which is said unless it wants a FAULT") {
  const char* words = "a unicast keyword without unicast peers: the instance runs by multicast\n";
  for (const char* lines :
       {"unicast_peer {\n}", "unicast_src_ip 192.0.2.1", "check_unicast_src", "old_unicast_checksum"}) {
    CHECK_MESSAGE(told(lines).find(words) != std::string::npos, lines);
    CHECK(status(lines) == 5);
  }
  CHECK_FALSE(first(read(instance("check_unicast_src"))).check_unicast_src);
  CHECK(told("unicast_fault_no_peer\nunicast_src_ip 192.0.2.1").empty());
  CHECK(told("unicast_ttl 5") == "5:13 5 unicast_ttl without unicast peers: it is ignored\n");
  const std::string dumped = dump(read(instance("unicast_src_ip 192.0.2.1")).config);
  CHECK(dumped.find("    mcast_src_ip 192.0.2.1\n") != std::string::npos);
}

TEST_CASE("multicast destinations are multicast, of IPv6 link-local, and none beside peers") {
  CHECK(first(read(instance("mcast_dst_ip 224.0.0.99"))).mcast_dst_ip->to_string() == "224.0.0.99");
  CHECK(told("mcast_dst_ip 192.0.2.1") == "5:14 5 mcast_dst_ip: '192.0.2.1' is no multicast address\n");
  CHECK(told("mcast_dst_ip x") == "5:14 5 mcast_dst_ip: 'x' is no IP address\n");
  CHECK(told("mcast_dst_ip ff05::99") == "5:14 5 mcast_dst_ip: 'ff05::99' is not of link-local scope (ff02::)\n");
  CHECK(told("mcast_dst_ip 224.0.0.99\nunicast_peer {\n192.0.2.2\n}") ==
        "5:14 5 mcast_dst_ip in a unicast instance: it is ignored\n");
}

TEST_CASE("vrf is for instances without an interface") {
  CHECK(told("vrf red") == "5:5 5 vrf is for instances without an interface: it is ignored\n");
}

TEST_CASE("native_ipv6 makes an instance one of IPv6") {
  const Parsed parsed = read(instance("native_ipv6"));
  CHECK(said(parsed).find("all addresses of an instance are of one family") != std::string::npos);
  const Parsed late = read(
      "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n"
      "native_ipv6\n}\n");
  CHECK(said(late).find("7:1 error 5: native_ipv6 in an instance of IPv4: the line is ignored") != std::string::npos);
  const Parsed alone =
      read("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nnative_ipv6\nno_virtual_ipaddress\n}\n");
  CHECK(first(alone).family == Family::ipv6);
  CHECK(first(alone).version == 3);
  CHECK(dump(alone.config).find("    native_ipv6\n") != std::string::npos);
}

}  // namespace
}  // namespace baton::config
