#include "vrrp/packet_filter.hpp"

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using baton::address;
using baton::vrrp::nft_script;
using baton::vrrp::PacketFilter;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("nothing to filter: both tables are taken away, whether they are there or not") {
  PacketFilter filter;
  filter.table = "mine";
  CHECK(filter.empty());
  CHECK(nft_script(filter) == "table ip mine\ndelete table ip mine\ntable ip6 mine\ndelete table ip6 mine\n");
}

TEST_CASE("packets to and from addresses are dropped; each address once") {
  PacketFilter filter;
  filter.addresses = {{address("192.0.2.2"), "eth0"}, {address("192.0.2.1"), "eth0"}, {address("192.0.2.1"), "eth1"}};
  CHECK(nft_script(filter) ==
        "table ip keepalived\ndelete table ip keepalived\n"
        "table ip keepalived {\n"
        " set vips {\n  type ipv4_addr\n  elements = { 192.0.2.1, 192.0.2.2 }\n }\n"
        " chain in {\n  type filter hook input priority -1; policy accept;\n  ip daddr @vips drop\n }\n"
        " chain out {\n  type filter hook output priority -1; policy accept;\n  ip saddr @vips drop\n }\n"
        "}\n"
        "table ip6 keepalived\ndelete table ip6 keepalived\n");
}

TEST_CASE("IPv6: neighbour discovery goes on; a link-local address is filtered where it is") {
  PacketFilter filter;
  filter.addresses = {{address("fe80::100"), "eth0"}, {address("2001:db8::100"), "eth0"}};
  filter.counts = true;
  filter.priority = 5;
  const auto text = nft_script(filter);
  CHECK(has(text, "icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n  ip6 daddr @vips counter drop\n"));
  CHECK(has(text, "elements = { 2001:db8::100 }"));
  CHECK(has(text, "iifname \"eth0\" ip6 daddr fe80::100 counter drop\n"));
  CHECK(has(text, "hook output priority 5;"));
  CHECK_FALSE(has(text, "table ip keepalived {"));
}

TEST_CASE("VMACs tell the network nothing of their groups") {
  PacketFilter filter;
  filter.virtual_links = {{"vrrp.51", "eth0"}, {"vrrp.52", ""}};
  const auto text = nft_script(filter);
  CHECK(has(text, "oifname { \"vrrp.51\", \"vrrp.52\" } ip protocol igmp drop\n"));
  CHECK(has(text, "oifname { \"vrrp.51\", \"vrrp.52\" } icmpv6 type { mld-listener-report"));
  CHECK(has(text, "device oifname map { \"vrrp.51\" : \"eth0\" } drop\n"));
  CHECK(text.find("dup to") < text.find("nd-router-solicit"));
  CHECK_FALSE(has(text, "hook input"));
  CHECK_FALSE(has(text, "accept\n"));
}

TEST_CASE("reports of IPv6 groups leave by the parent, unless there is none or the kernel cannot") {
  PacketFilter filter;
  filter.virtual_links = {{"vrrp.51", ""}};
  CHECK_FALSE(has(nft_script(filter), "dup to"));
  filter.virtual_links = {{"vrrp.51", "eth0", baton::IfIndex{2}}, {"vrrp1.51", "eth1", baton::IfIndex{3}}};
  filter.counts = true;
  CHECK(has(nft_script(filter),
            "  icmpv6 type { mld-listener-report, mld2-listener-report } dup to ip6 daddr device oifname map "
            "{ \"vrrp.51\" : \"eth0\", \"vrrp1.51\" : \"eth1\" } counter drop\n"));
  auto again = filter;
  again.virtual_links[0].parent_index = baton::IfIndex{9};
  CHECK(filter != again);
  filter.moves_reports = false;
  CHECK_FALSE(has(nft_script(filter), "dup to"));
  CHECK(has(nft_script(filter), "icmpv6 type { mld-listener-report"));
}
