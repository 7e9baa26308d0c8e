#include "net/route_codec.hpp"

#include <cstring>

#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"

using namespace baton;
using namespace baton::net;

namespace {

std::optional<IfIndex> number_of(const std::string& name) {
  return name == "eth0" ? std::optional(IfIndex{7}) : std::nullopt;
}

vrrp::KernelRoute route(const char* destination, std::uint8_t length) {
  vrrp::KernelRoute made;
  made.destination = {address(destination), length};
  made.family = made.destination.address.family();
  made.hops.push_back({address("192.0.2.9"), "eth0", 1, false, {}, {}});
  return made;
}

/// The payload of an attribute of a route's message; empty when there is none.
std::vector<std::uint8_t> attribute(const ObjectBytes& bytes, unsigned type) {
  for (std::size_t at = NLMSG_LENGTH(sizeof(rtmsg)); at + sizeof(nlattr) <= bytes.size();) {
    nlattr header{};
    std::memcpy(&header, bytes.data() + at, sizeof header);
    REQUIRE(header.nla_len >= sizeof header);
    REQUIRE(at + header.nla_len <= bytes.size());
    const auto* first = reinterpret_cast<const std::uint8_t*>(bytes.data() + at + sizeof header);
    if ((header.nla_type & NLA_TYPE_MASK) == type) return {first, first + header.nla_len - sizeof header};
    at += (header.nla_len + 3U) & ~3U;
  }
  return {};
}

}  // namespace

TEST_CASE("a route is encoded with what is said, and nothing else") {
  const auto bytes = encode(route("10.20.0.0", 24), number_of);
  REQUIRE(bytes);
  CHECK(attribute(*bytes, RTA_DST) == std::vector<std::uint8_t>{10, 20, 0, 0});
  CHECK(attribute(*bytes, RTA_GATEWAY) == std::vector<std::uint8_t>{192, 0, 2, 9});
  CHECK(attribute(*bytes, RTA_OIF) == std::vector<std::uint8_t>{7, 0, 0, 0});
  CHECK(attribute(*bytes, RTA_METRICS).empty());
  CHECK(attribute(*bytes, RTA_PRIORITY).empty());
  CHECK_FALSE(is_rule(*bytes));
}

TEST_CASE("a device that does not exist is said") {
  auto one = route("10.20.0.0", 24);
  one.hops[0].device = "eth9";
  const auto bytes = encode(one, number_of);
  REQUIRE_FALSE(bytes);
  CHECK(bytes.error().message == "no interface eth9");
}

TEST_CASE("a gateway of the other family goes into RTA_VIA") {
  auto one = route("10.20.0.0", 24);
  one.hops[0].gateway = address("2001:db8::9");
  const auto bytes = encode(one, number_of);
  REQUIRE(bytes);
  const auto via = attribute(*bytes, RTA_VIA);
  REQUIRE(via.size() == 18);
  CHECK(via[0] == AF_INET6);
  CHECK(via[2] == 0x20);
  CHECK(attribute(*bytes, RTA_GATEWAY).empty());
}

TEST_CASE("several ways make one RTA_MULTIPATH; weights count from 0 there") {
  auto one = route("10.20.0.0", 24);
  one.hops.push_back({address("192.0.2.8"), "eth0", 256, true, {}, {}});
  const auto bytes = encode(one, number_of);
  REQUIRE(bytes);
  const auto ways = attribute(*bytes, RTA_MULTIPATH);
  REQUIRE(ways.size() == 2 * (sizeof(rtnexthop) + 8));
  rtnexthop first{};
  rtnexthop second{};
  std::memcpy(&first, ways.data(), sizeof first);
  std::memcpy(&second, ways.data() + first.rtnh_len, sizeof second);
  CHECK(first.rtnh_hops == 0);
  CHECK(second.rtnh_hops == 255);
  CHECK(second.rtnh_flags == RTNH_F_ONLINK);
  CHECK(second.rtnh_ifindex == 7);
}

TEST_CASE("a table beyond 255 has its attribute; labels of MPLS end with the bottom of the stack") {
  auto one = route("10.20.0.0", 24);
  one.table = 1000;
  one.hops[0].encapsulation = vrrp::LabelStack{{16, 17}};
  const auto bytes = encode(one, number_of);
  REQUIRE(bytes);
  CHECK(attribute(*bytes, RTA_TABLE) == std::vector<std::uint8_t>{0xe8, 3, 0, 0});
  CHECK(attribute(*bytes, RTA_ENCAP_TYPE) == std::vector<std::uint8_t>{1, 0});
  CHECK(attribute(*bytes, RTA_ENCAP) == std::vector<std::uint8_t>{12, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0x11, 0});
}

TEST_CASE("what is told of a removed route or rule finds the ones that were put there") {
  const auto added = *encode(route("10.20.0.0", 24), number_of);
  vrrp::KernelRule rule;
  rule.action = FR_ACT_TO_TBL;
  rule.table = 100;
  rule.priority = 1000;
  const auto added_rule = encode(rule);
  CHECK(object_key(added) == ObjectKey{false, Family::ipv4, {address("10.20.0.0"), 24}, 254, 0});
  CHECK(object_key(added_rule) == ObjectKey{true, Family::ipv4, {}, 0, 1000});
  CHECK(is_rule(added_rule));
  CHECK_FALSE(removed_object(added));
  for (const auto& [bytes, type] : {std::pair(added, RTM_DELROUTE), std::pair(added_rule, RTM_DELRULE)}) {
    auto told = bytes;
    nlmsghdr header{};
    std::memcpy(&header, told.data(), sizeof header);
    header.nlmsg_type = static_cast<std::uint16_t>(type);
    std::memcpy(told.data(), &header, sizeof header);
    CHECK(removed_object(told) == object_key(bytes));
  }
}

TEST_CASE("the default route of each family has an address of its own family") {
  auto one = route("::", 0);
  one.hops[0].gateway = address("2001:db8::9");
  const auto bytes = encode(one, number_of);
  REQUIRE(bytes);
  CHECK(object_key(*bytes) == ObjectKey{false, Family::ipv6, {address("::"), 0}, 254, 0});
}

TEST_CASE("hexadecimal digits become an object again; damaged ones become none") {
  const auto bytes = *encode(route("10.20.0.0", 24), number_of);
  const auto text = to_hex(bytes);
  CHECK(from_hex(text) == bytes);
  CHECK_FALSE(from_hex(text.substr(2)));
  CHECK_FALSE(from_hex(text.substr(0, text.size() - 2)));
  CHECK_FALSE(from_hex(text + "00"));
  CHECK_FALSE(from_hex(text.substr(1)));
  CHECK_FALSE(from_hex("zz" + text.substr(2)));
  CHECK_FALSE(from_hex(""));
}

TEST_CASE("no cut or changed message is read past its end") {
  const auto bytes = *encode(route("10.20.0.0", 24), number_of);
  for (std::size_t length = 0; length < bytes.size(); ++length)
    CHECK_FALSE(object_key(std::span(bytes).first(length)));
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (const unsigned value : {0U, 1U, 255U}) {
      auto changed = bytes;
      changed[at] = static_cast<std::byte>(value);
      if (const auto key = object_key(changed)) CHECK(key->destination.length <= 128);
    }
}
