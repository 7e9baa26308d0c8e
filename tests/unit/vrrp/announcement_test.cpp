#include "vrrp/announcement.hpp"

#include <doctest/doctest.h>

#include "unit/vrrp/octets.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;

TEST_CASE("V3-61 V2-14: a gratuitous ARP is byte for byte keepalived's") {
  const auto frame = announcement({0x02, 0, 0, 0, 0, 0x01}, IpAddress::v4({10, 0, 0, 100}));
  CHECK(hex(frame.octets()) == joined("ffffffffffff 020000000001 0806 0001 0800 06 04 0001"
                                      "020000000001 0a000064 ffffffffffff 0a000064"));
}

TEST_CASE("sender and address stand in their places and nowhere else") {
  const MacAddress mac{0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6};
  const auto frame = announcement(mac, IpAddress::v4({192, 0, 2, 33}));
  CHECK(hex(frame.octets()) == joined("ffffffffffff a1a2a3a4a5a6 0806 0001 0800 06 04 0001"
                                      "a1a2a3a4a5a6 c0000221 ffffffffffff c0000221"));
}

TEST_CASE("V3-64: an unsolicited Neighbour Advertisement is byte for byte keepalived's") {
  const MacAddress mac{0x02, 0, 0, 0, 0, 0x01};
  const auto virtual_address = *IpAddress::parse("2001:db8::101");
  CHECK(hex(announcement(mac, virtual_address).octets()) ==
        joined("333300000001 020000000001 86dd 6000000000203aff 20010db8000000000000000000000101"
               "ff020000000000000000000000000001 8800f72a20000000 20010db8000000000000000000000101 0201020000000001"));
  const auto link_local = *IpAddress::parse("fe80::100");
  CHECK(hex(announcement(mac, link_local).octets()) ==
        joined("333300000001 020000000001 86dd 6000000000203aff fe800000000000000000000000000100"
               "ff020000000000000000000000000001 8800559d20000000 fe800000000000000000000000000100 0201020000000001"));
}

TEST_CASE("V3-40: a router says so in its Neighbour Advertisements, as keepalived with forwarding on") {
  const auto frame = announcement({0x02, 0, 0, 0, 0, 0x01}, *IpAddress::parse("fe80::100"), true);
  CHECK(hex(frame.octets()) ==
        joined("333300000001 020000000001 86dd 6000000000203aff fe800000000000000000000000000100"
               "ff020000000000000000000000000001 8800d59ca0000000 fe800000000000000000000000000100 0201020000000001"));
}
