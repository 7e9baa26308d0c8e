// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/announcer.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <vector>

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

vrrp::AnnouncementBurst burst(IfIndex link, std::vector<IpAddress> addresses, unsigned repeat) {
  vrrp::AnnouncementBurst made;
  made.link = link;
  made.sender = kMac;
  made.addresses = std::move(addresses);
  made.repeat = repeat;
  return made;
}

struct Fixture {
  Fixture() {
    const Namespace::Visit visit(cable.other);
    tap = std::make_unique<Tap>("v1", ETH_P_ARP);
  }
  const Cable cable;
  boost::asio::io_context io;
  std::vector<Error> errors;
  Announcer announcer{io, [this](const Error& error) { errors.push_back(error); }};
  std::unique_ptr<Tap> tap;
};

TEST_CASE("gratuitous ARP: keepalived's frames octet for octet, in its order") {
  in_namespace([] {
    Fixture f;
    f.announcer.add(
        burst(index_of("v0"),
              {*IpAddress::parse("10.0.0.100"), *IpAddress::parse("10.0.0.101"), *IpAddress::parse("10.0.0.7")}, 5));
    f.announcer.send();
    const auto frames = f.tap->frames(15, 3s);
    REQUIRE(frames.size() == 15);
    CHECK(f.tap->frames(1, 20ms).empty());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      const std::array<std::string, 3> octets{"64", "65", "07"};
      CHECK(hex(frames[i]) == keepalived_frame(octets[i % 3]));
    }
    CHECK(f.errors.empty());
  });
}

TEST_CASE("announcements: nothing to announce sends nothing, and neither does what was cancelled") {
  in_namespace([] {
    Fixture f;
    const IpAddress address = *IpAddress::parse("10.0.0.100");
    f.announcer.add(burst(index_of("v0"), {}, 5));
    f.announcer.add(burst(index_of("v0"), {address}, 0));
    f.announcer.add(burst(index_of("v0"), {address}, 5));
    f.announcer.cancel(nullptr);
    f.announcer.send();
    CHECK(f.tap->frames(1, 50ms).empty());
  });
}

TEST_CASE("announcements: with very many addresses each is announced, and the repeats are fewer") {
  in_namespace([] {
    Fixture f;
    std::vector<IpAddress> addresses;
    addresses.reserve(3000);
    for (std::uint32_t i = 0; i < 3000; ++i)
      addresses.push_back(IpAddress::v4(0x0a000000 + i));
    f.announcer.add(burst(index_of("v0"), addresses, 5));
    f.announcer.send();
    f.io.run_for(100ms);
    const auto frames = f.tap->frames(6000, 3s);  // two rounds of 3000: 8192 is the most
    REQUIRE(frames.size() == 6000);
    CHECK(frames[0] == frames[3000]);
    CHECK(frames[2999] == frames[5999]);
    CHECK(f.tap->frames(1, 20ms).empty());
  });
}

TEST_CASE("announcements: with a distance the first goes at once, and the others follow by themselves") {
  in_namespace([] {
    Fixture f;
    auto spaced = burst(index_of("v0"), {*IpAddress::parse("10.0.0.100"), *IpAddress::parse("10.0.0.101")}, 2);
    spaced.lane = 1;
    spaced.distance = 200ms;
    f.announcer.add(spaced);
    f.announcer.send();
    CHECK(f.tap->frames(1, 1s).size() == 1);
    CHECK(f.tap->frames(1, 20ms).empty());
    f.io.run_for(5s);  // ends when there is nothing left to do
    const auto frames = f.tap->frames(3, 1s);
    REQUIRE(frames.size() == 3);
    CHECK(hex(frames[0]) == keepalived_frame("65"));
    CHECK(hex(frames[1]) == keepalived_frame("64"));
  });
}

TEST_CASE("announcements: errors name the interface, the frames left and the cause") {
  in_namespace([] {
    Fixture f;
    const IpAddress address = *IpAddress::parse("10.0.0.100");
    ip("link set v0 down");
    f.announcer.add(burst(index_of("v0"), {address}, 5));
    f.announcer.add(burst(IfIndex{4711}, {address}, 5));
    f.announcer.send();
    REQUIRE(f.errors.size() == 2);
    CHECK(f.errors[0].system_code == ENETDOWN);
    CHECK(f.errors[0].message == "announce on v0, 5 of 5 frames unsent: Network is down");
    CHECK(f.errors[1].message == "announce on interface 4711, 5 of 5 frames unsent: No such device or address");
    ip("link set v0 up");
    f.announcer.add(burst(index_of("v0"), {address}, 5));
    f.announcer.send();
    CHECK(f.errors.size() == 2);
  });
}

TEST_CASE("whether the kernel forwards IPv6 on an interface") {
  in_namespace([] {
    const Cable cable;
    CHECK_FALSE(forwards_ipv6("v0"));
    CHECK_FALSE(forwards_ipv6("nosuch0"));
  });
}

}  // namespace
