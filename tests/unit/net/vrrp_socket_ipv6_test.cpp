// IPv6, unicast and the Authentication Header against the kernel of this machine, in network namespaces of the test's
// own.
#include <fstream>
#include <memory>
#include <thread>
#include <vector>

#include <linux/if_ether.h>
#include <net/if.h>

#include <doctest/doctest.h>

#include "net/vrrp_socket.hpp"
#include "unit/addresses.hpp"
#include "unit/net/namespaces.hpp"
#include "vrrp/packet.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;

IfIndex index_of(const char* name) {
  return static_cast<IfIndex>(if_nametoindex(name));
}

vrrp::Advertisement advert(vrrp::Version version, const char* text) {
  vrrp::Advertisement made;
  made.version = version;
  made.vrid = Vrid{51};
  made.priority = 200;
  made.max_adver_interval = 1s;
  made.addresses = {address(text)};
  return made;
}

/// The cable with IPv6: fe80::1 here, fe80::2 there, and 2001:db8::1, ::2.
struct Fixture {
  Fixture() {
    enable("v0", "1");
    const Namespace::Visit visit(cable.other);
    enable("v1", "2");
  }
  static void enable(const std::string& name, const std::string& number) {
    std::ofstream("/proc/sys/net/ipv6/conf/" + name + "/disable_ipv6") << 0;
    ip_batch("addr add fe80::" + number + "/64 dev " + name + " nodad\naddr add 2001:db8::" + number + "/64 dev " +
             name + " nodad\n");
  }
  std::unique_ptr<VrrpReceiver> open(ReceiverPlan plan) {
    plan.wanted = {Vrid{51}};
    auto opened = VrrpReceiver::open(io, "v0", index_of("v0"), std::move(plan));
    REQUIRE(opened.has_value());
    return std::move(*opened);
  }
  void send_from_other(const std::vector<std::uint8_t>& packet) const {
    const Namespace::Visit visit(cable.other);
    VrrpSender sender;
    CHECK(sender.send({index_of("v1"), packet}).has_value());
  }

  const Cable cable;
  boost::asio::io_context io;
};

/// What has arrived after a while at most: unicast waits for the neighbour to be found.
std::vector<Frame> heard(VrrpReceiver& receiver, std::size_t count) {
  std::vector<Frame> packets;
  for (int i = 0; i < 100 && packets.size() < count; ++i) {
    REQUIRE(receiver.drain([&packets](std::span<const std::uint8_t> packet, Instant) {
      packets.emplace_back(packet.begin(), packet.end());
    }));
    if (packets.size() < count) std::this_thread::sleep_for(20ms);
  }
  return packets;
}

TEST_CASE(
    "V3-05 V3-06 V3-07: IPv6 goes out as it was encoded and comes in with its header, to the group and by unicast") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open({.family = Family::ipv6, .takes_unicast = true, .groups = {address("ff02::12")}});
    const auto made = advert(vrrp::Version::v3, "fe80::100");
    const std::vector<std::vector<std::uint8_t>> packets{
        vrrp::encode_packet(made, {address("fe80::2"), address("ff02::12")}),
        vrrp::encode_packet(made, {address("2001:db8::2"), address("2001:db8::1"), 0, {}, 64}),
        vrrp::encode_packet(made, {address("fe80::2"), address("fe80::1"), 0, {}, 9})};
    for (const auto& packet : packets) {
      f.send_from_other(packet);
      const auto got = heard(*receiver, 1);
      REQUIRE(got.size() == 1);
      CHECK(hex(got[0]) == hex(packet));
      CHECK(vrrp::decode_packet(got[0])->advertisement == made);
    }
  });
}

TEST_CASE("V3-07 V3-22: IPv6 with another hop limit, VRID or group wakes nobody") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open({.family = Family::ipv6, .groups = {address("ff02::12")}});
    auto made = advert(vrrp::Version::v3, "fe80::100");
    f.send_from_other(vrrp::encode_packet(made, {address("fe80::2"), address("ff02::12"), 0, {}, 254}));
    f.send_from_other(
        vrrp::encode_packet(made, {address("fe80::2"), address("ff02::1")}));  // not looked at: see refusal()
    made.vrid = Vrid{52};
    f.send_from_other(vrrp::encode_packet(made, {address("fe80::2"), address("ff02::12")}));
    made.vrid = Vrid{51};
    f.send_from_other(vrrp::encode_packet(made, {address("fe80::2"), address("ff02::12")}));
    for (const auto& packet : heard(*receiver, 1)) {
      const auto received = vrrp::decode_packet(packet);
      REQUIRE(received);
      CHECK(received->advertisement.vrid == Vrid{51});
      CHECK(received->time_to_live == 255);
    }
  });
}

TEST_CASE("membership follows the plan, in both families") {
  in_namespace([] {
    Fixture f;
    const auto six = f.open({.family = Family::ipv6, .groups = {address("ff02::12")}});
    const auto four = f.open({.groups = {address("224.0.0.18")}});
    CHECK(ip_output("maddr show dev v0").find("ff02::12") != std::string::npos);
    CHECK(ip_output("maddr show dev v0").find("224.0.0.18") != std::string::npos);
    CHECK(six->set_plan({.family = Family::ipv6, .wanted = {Vrid{51}}, .groups = {address("ff02::99")}}));
    CHECK(four->set_plan({.wanted = {Vrid{51}}, .groups = {address("224.0.0.99")}}));
    const auto groups = ip_output("maddr show dev v0");
    CHECK(groups.find("ff02::12") == std::string::npos);
    CHECK(groups.find("ff02::99") != std::string::npos);
    CHECK(groups.find("224.0.0.18") == std::string::npos);
    CHECK(groups.find("224.0.0.99") != std::string::npos);
  });
}

TEST_CASE("AH: protocol 51 is heard by a socket of its own, with its header whole") {
  in_namespace([] {
    Fixture f;
    const auto receiver = f.open({.has_authentication_header = true, .groups = {address("224.0.0.18")}});
    const auto plain = f.open({.groups = {address("224.0.0.18")}});
    auto made = advert(vrrp::Version::v2, "10.0.0.100");
    made.has_authentication_header = true;
    auto packet = vrrp::encode_packet(made, {address("10.0.0.2"), address("224.0.0.18"), 1});
    vrrp::seal(packet, vrrp::kIpv4HeaderSize, vrrp::simple_password("secret"), 5);
    f.send_from_other(packet);
    const auto got = heard(*receiver, 1);
    REQUIRE(got.size() == 1);
    CHECK(hex(got[0]) == hex(packet));
    CHECK(vrrp::check_value(got[0], vrrp::kIpv4HeaderSize, vrrp::simple_password("secret")) ==
          vrrp::decode_packet(got[0])->authentication->check_value);
    CHECK(heard(*plain, 0).empty());
  });
}

TEST_CASE("both families in one call of the sender, in order") {
  in_namespace([] {
    Fixture f;
    const auto six = f.open({.family = Family::ipv6, .groups = {address("ff02::12")}});
    const auto four = f.open({.groups = {address("224.0.0.18")}});
    const auto packet6 =
        vrrp::encode_packet(advert(vrrp::Version::v3, "fe80::100"), {address("fe80::2"), address("ff02::12")});
    const auto packet4 =
        vrrp::encode_packet(advert(vrrp::Version::v2, "10.0.0.100"), {address("10.0.0.2"), address("224.0.0.18"), 1});
    {
      const Namespace::Visit visit(f.cable.other);
      VrrpSender sender;
      std::vector<OutgoingPacket> packets;
      for (int i = 0; i < 50; ++i)
        packets.push_back({index_of("v1"), i % 3 == 0 ? packet6 : packet4});
      sender.send(packets, [](std::size_t, const Error& error) { FAIL(error.message); });
    }
    CHECK(heard(*six, 17).size() == 17);
    CHECK(heard(*four, 33).size() == 33);
  });
}

}  // namespace
