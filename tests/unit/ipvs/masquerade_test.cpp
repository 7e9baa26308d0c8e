#include "ipvs/masquerade.hpp"

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace ipvs_tables;

TEST_CASE("masquerade: nft replaces both tables in one transaction, and a family without services has none") {
  CHECK(nft_masquerade({}) ==
        "table ip baton_fullnat\ndelete table ip baton_fullnat\n"
        "table ip6 baton_fullnat\ndelete table ip6 baton_fullnat\n");
  CHECK(nft_masquerade({tcp("192.0.2.1", 80), tcp("192.0.2.2", 443)}) ==
        "table ip baton_fullnat\ndelete table ip baton_fullnat\n"
        "table ip baton_fullnat {\n"
        " set tcp_services {\n  type ipv4_addr . inet_service\n  elements = { 192.0.2.1 . 80, 192.0.2.2 . 443 }\n }\n"
        " chain postrouting {\n  type nat hook postrouting priority 100; policy accept;\n"
        "  meta l4proto tcp ct original ip daddr . ct original proto-dst @tcp_services masquerade\n }\n}\n"
        "table ip6 baton_fullnat\ndelete table ip6 baton_fullnat\n");
}

TEST_CASE("masquerade: all ports of an address, marks and IPv6 have sets of their own") {
  const auto text = nft_masquerade({key(Protocol::udp, "192.0.2.1", 0), mark(5), mark(7), tcp("2001:db8::1", 80)});
  CHECK(text.find("meta l4proto udp ct original ip daddr @udp_all_ports masquerade") != std::string::npos);
  CHECK(text.find("type mark\n  elements = { 5, 7 }") != std::string::npos);
  CHECK(text.find("elements = { 2001:db8::1 . 80 }") != std::string::npos);
  CHECK(text.find("ct original ip6 daddr . ct original proto-dst @tcp_services") != std::string::npos);
}

TEST_CASE("masquerade: iptables has a rule for each service of its family, in a chain that is emptied first") {
  const std::set<ServiceKey> services{tcp("192.0.2.1", 80), key(Protocol::sctp, "192.0.2.1", 0), mark(5),
                                      tcp("2001:db8::1", 80)};
  CHECK(iptables_masquerade(services, Family::ipv4) ==
        "*nat\n:BATON-FULLNAT - [0:0]\n"
        "-A BATON-FULLNAT -m mark --mark 5 -m ipvs --ipvs --vmethod MASQ -j MASQUERADE\n"
        "-A BATON-FULLNAT -m ipvs --vproto 6 --vaddr 192.0.2.1 --vport 80 -j MASQUERADE\n"
        "-A BATON-FULLNAT -m ipvs --vproto 132 --vaddr 192.0.2.1 -j MASQUERADE\n"
        "COMMIT\n");
  CHECK(iptables_masquerade(services, Family::ipv6) ==
        "*nat\n:BATON-FULLNAT - [0:0]\n"
        "-A BATON-FULLNAT -m ipvs --vproto 6 --vaddr 2001:db8::1 --vport 80 -j MASQUERADE\nCOMMIT\n");
  CHECK(has_family(services, Family::ipv6));
  CHECK_FALSE(has_family({mark(5)}, Family::ipv6));
}

TEST_CASE("masquerade: iptables takes the jump away before the chain") {
  CHECK(iptables_without_masquerade() ==
        "*nat\n-D POSTROUTING -j BATON-FULLNAT\n-F BATON-FULLNAT\n-X BATON-FULLNAT\nCOMMIT\n");
}
