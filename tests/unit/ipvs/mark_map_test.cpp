#include "ipvs/mark_map.hpp"

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace ipvs_tables;

TEST_CASE("mark map: each protocol of each family has a map, a single address and a range its element") {
  const MarkMap map{"m",
                    -5,
                    {{Protocol::tcp, address("192.0.2.1"), address("192.0.2.3"), 80, 77},
                     {Protocol::tcp, address("192.0.2.9"), address("192.0.2.9"), 0, 78},
                     {Protocol::udp, address("2001:db8::1"), address("2001:db8::1"), 53, 79}},
                    false};
  CHECK(nft_script(map) ==
        "table ip m\ndelete table ip m\n"
        "table ip m {\n map tcp_map {\n  type ipv4_addr . inet_service : mark\n  flags interval\n"
        "  elements = { 192.0.2.1-192.0.2.3 . 80 : 77, 192.0.2.9 . 0-65535 : 78 }\n }\n"
        " chain in {\n  type filter hook input priority -5; policy accept;\n"
        "  meta mark set ip daddr . tcp dport map @tcp_map return\n }\n}\n"
        "table ip6 m\ndelete table ip6 m\n"
        "table ip6 m {\n map udp_map {\n  type ipv6_addr . inet_service : mark\n  flags interval\n"
        "  elements = { 2001:db8::1 . 53 : 79 }\n }\n"
        " chain in {\n  type filter hook input priority -5; policy accept;\n"
        "  meta mark set ip6 daddr . udp dport map @udp_map return\n }\n}\n");
}

TEST_CASE("mark map: without ranges both tables go") {
  CHECK(nft_script({"m", -1, {}, false}) == "table ip m\ndelete table ip m\ntable ip6 m\ndelete table ip6 m\n");
}

TEST_CASE("mark map: counters, of each element and of the rule") {
  const MarkMap map{"m", -1, {{Protocol::tcp, address("192.0.2.1"), address("192.0.2.1"), 80, 7}}, true};
  CHECK(nft_script(map) ==
        "table ip m\ndelete table ip m\n"
        "table ip m {\n map tcp_map {\n  type ipv4_addr . inet_service : mark\n  flags interval\n  counter\n"
        "  elements = { 192.0.2.1 . 80 : 7 }\n }\n"
        " chain in {\n  type filter hook input priority -1; policy accept;\n"
        "  meta mark set ip daddr . tcp dport map @tcp_map counter return\n }\n}\n"
        "table ip6 m\ndelete table ip6 m\n");
}
