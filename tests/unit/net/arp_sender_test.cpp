// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/arp_sender.hpp"

#include <array>
#include <cerrno>
#include <memory>

#include <linux/if_ether.h>
#include <net/if.h>

#include <doctest/doctest.h>

#include "unit/net/namespaces.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;

constexpr vrrp::MacAddress kMac{2, 0, 0, 0, 0, 1};

IfIndex index_of(const char* name) {
  return static_cast<IfIndex>(if_nametoindex(name));
}

/// keepalived 2.2.7's frame for this sender, as captured on the wire; the last octet of the address is a parameter.
std::string keepalived_frame(const std::string& last_octet) {
  return "ffffffffffff0200000000010806"
         "0001080006040001"
         "0200000000010a0000" +
         last_octet + "ffffffffffff0a0000" + last_octet;
}

TEST_CASE("gratuitous ARP: keepalived's frames octet for octet, in its order") {
  in_namespace([] {
    const Cable cable;
    std::unique_ptr<Tap> tap;
    {
      const Namespace::Visit visit(cable.other);
      tap = std::make_unique<Tap>("v1", ETH_P_ARP);
    }
    ArpSender sender;
    const std::vector<IpAddress> addresses{*IpAddress::parse("10.0.0.100"), *IpAddress::parse("10.0.0.101"),
                                           *IpAddress::parse("10.0.0.7")};
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, addresses, 5).has_value());
    const auto frames = tap->frames(15, 3s);
    REQUIRE(frames.size() == 15);
    CHECK(tap->frames(1, 20ms).empty());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const std::array<std::string, 3> octets{"64", "65", "07"};
      CHECK(hex(frames[i]) == keepalived_frame(octets[i % 3]));
    }
  });
}

TEST_CASE("gratuitous ARP: nothing to announce sends nothing") {
  in_namespace([] {
    const Cable cable;
    std::unique_ptr<Tap> tap;
    {
      const Namespace::Visit visit(cable.other);
      tap = std::make_unique<Tap>("v1", ETH_P_ARP);
    }
    ArpSender sender;
    const IpAddress address = *IpAddress::parse("10.0.0.100");
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, {}, 5).has_value());
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, {&address, 1}, 0).has_value());
    CHECK(tap->frames(1, 50ms).empty());
  });
}

TEST_CASE("gratuitous ARP: with very many addresses each is announced, and the repeats are fewer") {
  in_namespace([] {
    const Cable cable;
    std::unique_ptr<Tap> tap;
    {
      const Namespace::Visit visit(cable.other);
      tap = std::make_unique<Tap>("v1", ETH_P_ARP);
    }
    ArpSender sender;
    std::vector<IpAddress> addresses;
    addresses.reserve(3000);
    for (std::uint32_t i = 0; i < 3000; ++i)
      addresses.push_back(IpAddress::v4(0x0a000000 + i));
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, addresses, 5).has_value());
    const auto frames = tap->frames(6000, 3s);  // two rounds of 3000: 8192 is the most
    REQUIRE(frames.size() == 6000);
    CHECK(frames[0] == frames[3000]);
    CHECK(frames[2999] == frames[5999]);
    CHECK(tap->frames(1, 20ms).empty());
    addresses.resize(9000, addresses.front());
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, addresses, 5).has_value());
    CHECK(tap->frames(9000, 3s).size() == 9000);
    CHECK(tap->frames(1, 20ms).empty());
  });
}

TEST_CASE("gratuitous ARP: errors name the interface, the frames left and the cause") {
  in_namespace([] {
    const Cable cable;
    ArpSender sender;
    const IpAddress address = *IpAddress::parse("10.0.0.100");
    ip("link set v0 down");
    const auto down = sender.send_gratuitous(index_of("v0"), kMac, {&address, 1}, 5);
    REQUIRE_FALSE(down.has_value());
    CHECK(down.error().system_code == ENETDOWN);
    CHECK(down.error().message == "announce on v0, 5 of 5 frames unsent: Network is down");
    const auto nowhere = sender.send_gratuitous(IfIndex{4711}, kMac, {&address, 1}, 5);
    REQUIRE_FALSE(nowhere.has_value());
    CHECK(nowhere.error().message == "announce on interface 4711, 5 of 5 frames unsent: No such device or address");
    ip("link set v0 up");
    CHECK(sender.send_gratuitous(index_of("v0"), kMac, {&address, 1}, 5).has_value());
  });
}

}  // namespace
