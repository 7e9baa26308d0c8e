#include "vrrp/arp.hpp"

#include <doctest/doctest.h>

#include "unit/vrrp/octets.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;

TEST_CASE("V3-61 V2-14: a gratuitous ARP is byte for byte keepalived's") {
  const auto frame = gratuitous_arp({0x02, 0, 0, 0, 0, 0x01}, IpAddress::v4({10, 0, 0, 100}));
  CHECK(hex(frame) == joined("ffffffffffff 020000000001 0806 0001 0800 06 04 0001"
                             "020000000001 0a000064 ffffffffffff 0a000064"));
}

TEST_CASE("sender and address stand in their places and nowhere else") {
  const MacAddress mac{0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6};
  const auto frame = gratuitous_arp(mac, IpAddress::v4({192, 0, 2, 33}));
  CHECK(hex(frame) == joined("ffffffffffff a1a2a3a4a5a6 0806 0001 0800 06 04 0001"
                             "a1a2a3a4a5a6 c0000221 ffffffffffff c0000221"));
}
