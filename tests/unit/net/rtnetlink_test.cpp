#include "net/rtnetlink.hpp"

#include <cerrno>
#include <cstring>
#include <memory>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <doctest/doctest.h>
#include <netlink/attr.h>
#include <netlink/msg.h>

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using Bytes = std::vector<std::byte>;

/// A message put together by libnl: the other implementation of the format.
class Builder {
 public:
  template <class Body>
  Builder(int type, const Body& body) : message_(nlmsg_alloc_simple(type, 0), &nlmsg_free) {
    auto copy = body;
    nlmsg_append(message_.get(), &copy, sizeof copy, NLMSG_ALIGNTO);
  }
  Builder& put(int type, const void* data, int length) {
    nla_put(message_.get(), type, length, data);
    return *this;
  }
  Builder& put(int type, const char* text) { return put(type, text, static_cast<int>(std::strlen(text)) + 1); }
  Builder& put_u32(int type, std::uint32_t value) { return put(type, &value, sizeof value); }
  [[nodiscard]] Bytes bytes() const {
    const auto* const header = reinterpret_cast<const std::byte*>(nlmsg_hdr(message_.get()));
    return {header, header + nlmsg_hdr(message_.get())->nlmsg_len};
  }

 private:
  std::unique_ptr<nl_msg, decltype(&nlmsg_free)> message_;
};

ifinfomsg link_body(unsigned flags, unsigned char family = AF_UNSPEC, int index = 7) {
  ifinfomsg body{};
  body.ifi_family = family;
  body.ifi_index = index;
  body.ifi_flags = flags;
  return body;
}

Bytes link_message(int type = RTM_NEWLINK) {
  const std::uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
  return Builder(type, link_body(IFF_UP | IFF_RUNNING))
      .put(IFLA_IFNAME, "eth0")
      .put(IFLA_ADDRESS, mac, sizeof mac)
      .put_u32(IFLA_MTU, 1500)
      .bytes();
}

ifaddrmsg address_body(unsigned char family = AF_INET, unsigned char prefix = 24) {
  return {.ifa_family = family,
          .ifa_prefixlen = prefix,
          .ifa_flags = IFA_F_SECONDARY,
          .ifa_scope = RT_SCOPE_LINK,
          .ifa_index = 7};
}

Bytes address_message(int type = RTM_NEWADDR) {
  const std::uint8_t local[4] = {10, 0, 0, 1};
  const std::uint8_t peer[4] = {10, 0, 0, 9};
  const std::uint8_t broadcast[4] = {10, 0, 0, 255};
  const std::uint8_t protocol = 66;
  const ifa_cacheinfo cache{.ifa_prefered = 2, .ifa_valid = 3, .cstamp = 0, .tstamp = 0};
  return Builder(type, address_body())
      .put(IFA_ADDRESS, peer, 4)
      .put(IFA_LOCAL, local, 4)
      .put(IFA_BROADCAST, broadcast, 4)
      .put(IFA_LABEL, "eth0:vip")
      .put(IFA_PROTO, &protocol, 1)
      .put(IFA_CACHEINFO, &cache, sizeof cache)
      .bytes();
}

TEST_CASE("rtnetlink: a link's message with all its attributes") {
  const auto link = parse_link(link_message());
  REQUIRE(link.has_value());
  CHECK_FALSE(link->removed);
  CHECK(link->index == IfIndex{7});
  CHECK(link->name == "eth0");
  CHECK(link->up);
  CHECK(link->mac == vrrp::MacAddress{2, 0, 0, 0, 0, 1});
  CHECK(link->mtu == 1500U);
  CHECK(parse_link(link_message(RTM_DELLINK))->removed);
}

/// A nest of attributes as the payload of another.
Bytes attribute(std::uint16_t type, const Bytes& payload) {
  const nlattr header{static_cast<std::uint16_t>(sizeof(nlattr) + payload.size()), type};
  Bytes bytes(sizeof header);
  std::memcpy(bytes.data(), &header, sizeof header);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  while (bytes.size() % NLA_ALIGNTO != 0)
    bytes.push_back({});
  return bytes;
}

Bytes text(const char* word) {
  Bytes bytes(std::strlen(word) + 1);
  std::memcpy(bytes.data(), word, bytes.size());
  return bytes;
}

/// A link of this kind whose own attributes are one number.
Bytes link_of_kind(const char* kind, std::uint16_t type, std::uint32_t value) {
  Bytes number(sizeof value);
  std::memcpy(number.data(), &value, sizeof value);
  auto info = attribute(IFLA_INFO_KIND, text(kind));
  const auto data = attribute(IFLA_INFO_DATA, attribute(type, number));
  info.insert(info.end(), data.begin(), data.end());
  return Builder(RTM_NEWLINK, link_body(IFF_UP))
      .put(IFLA_IFNAME, "red")
      .put(IFLA_LINKINFO, info.data(), static_cast<int>(info.size()))
      .bytes();
}

TEST_CASE("rtnetlink: a VRF has a table, other kinds of links have none, whatever their attributes are") {
  CHECK(parse_link(link_of_kind("vrf", IFLA_VRF_TABLE, 77))->vrf_table == 77U);
  CHECK(parse_link(link_of_kind("vlan", IFLA_VRF_TABLE, 77))->vrf_table == std::nullopt);
  CHECK(parse_link(link_of_kind("vrf", IFLA_VRF_TABLE + 1, 77))->vrf_table == std::nullopt);
  CHECK(parse_link(link_message())->vrf_table == std::nullopt);
}

TEST_CASE("rtnetlink: up needs both flags; what a message leaves out stays unsaid") {
  CHECK_FALSE(parse_link(Builder(RTM_NEWLINK, link_body(IFF_UP)).bytes())->up);
  CHECK_FALSE(parse_link(Builder(RTM_NEWLINK, link_body(IFF_RUNNING)).bytes())->up);
  const auto bare = parse_link(Builder(RTM_NEWLINK, link_body(0)).bytes());
  CHECK_FALSE(bare->name.has_value());
  CHECK_FALSE(bare->mac.has_value());
  CHECK_FALSE(bare->mtu.has_value());
}

TEST_CASE("rtnetlink: hardware addresses of every length") {
  const std::vector<std::uint8_t> octets(255, 0xee);
  for (int length = 0; length <= 255; ++length) {
    CAPTURE(length);
    const auto link = parse_link(Builder(RTM_NEWLINK, link_body(0)).put(IFLA_ADDRESS, octets.data(), length).bytes());
    REQUIRE(link.has_value());
    REQUIRE(link->mac.has_value());
    CHECK((link->mac->at(0) == 0xee) == (length == 6));
  }
}

TEST_CASE("rtnetlink: names that do not end, and ones too long") {
  const auto long_name = parse_link(Builder(RTM_NEWLINK, link_body(0)).put(IFLA_IFNAME, "0123456789abcdefXYZ").bytes());
  CHECK(long_name->name == "0123456789abcde");
  const auto endless = parse_link(Builder(RTM_NEWLINK, link_body(0)).put(IFLA_IFNAME, "ab", 2).bytes());
  CHECK(endless->name == "ab");
}

TEST_CASE("rtnetlink: what is not about a link") {
  CHECK_FALSE(parse_link(address_message()).has_value());
  CHECK_FALSE(parse_link(Builder(RTM_DELLINK, link_body(0, AF_BRIDGE)).bytes()).has_value());  // a port left a bridge
  CHECK_FALSE(parse_link(Builder(RTM_NEWLINK, link_body(0, AF_UNSPEC, 0)).bytes()).has_value());
  CHECK_FALSE(parse_link(Builder(RTM_NEWLINK, link_body(0, AF_UNSPEC, -1)).bytes()).has_value());
  CHECK_FALSE(parse_link({}).has_value());
}

TEST_CASE("rtnetlink: an address's message with all its attributes") {
  const auto found = parse_address(address_message());
  REQUIRE(found.has_value());
  CHECK_FALSE(found->removed);
  CHECK(found->link == IfIndex{7});
  CHECK(found->address == *IpAddress::parse("10.0.0.1"));
  CHECK(found->prefix_length == 24);
  CHECK(found->scope == RT_SCOPE_LINK);
  CHECK(found->secondary);
  CHECK(found->protocol == 66);
  CHECK(found->label == "eth0:vip");
  CHECK(found->broadcast == IpAddress::parse("10.0.0.255"));
  CHECK(found->valid == 3s);
  CHECK(parse_address(address_message(RTM_DELADDR))->removed);
}

TEST_CASE("rtnetlink: an address for ever, one without a local part, and none") {
  const std::uint8_t octets[4] = {10, 0, 0, 9};
  const ifa_cacheinfo cache{.ifa_prefered = 0xffffffff, .ifa_valid = 0xffffffff, .cstamp = 0, .tstamp = 0};
  const auto found = parse_address(Builder(RTM_NEWADDR, address_body())
                                       .put(IFA_ADDRESS, octets, 4)
                                       .put(IFA_CACHEINFO, &cache, sizeof cache)
                                       .bytes());
  REQUIRE(found.has_value());
  CHECK(found->address == *IpAddress::parse("10.0.0.9"));
  CHECK_FALSE(found->valid.has_value());
  CHECK_FALSE(parse_address(Builder(RTM_NEWADDR, address_body()).bytes()).has_value());
  CHECK_FALSE(parse_address(Builder(RTM_NEWADDR, address_body()).put(IFA_LOCAL, octets, 3).bytes()).has_value());
  CHECK_FALSE(parse_address(Builder(RTM_NEWADDR, address_body(AF_INET6)).put(IFA_LOCAL, octets, 4).bytes()));
  CHECK_FALSE(parse_address(Builder(RTM_NEWADDR, address_body(AF_INET, 33)).put(IFA_LOCAL, octets, 4).bytes()));
}

/// A copy of exactly this size, so that a sanitizer sees the first octet read too far.
Bytes cut(const Bytes& whole, std::size_t length) {
  Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
  part.shrink_to_fit();
  return part;
}

TEST_CASE("rtnetlink: messages cut short at every octet say less, and never more") {
  const auto link = link_message();
  const auto address = address_message();
  for (std::size_t length = 0; length < link.size(); ++length) {
    const auto found = parse_link(cut(link, length));
    CHECK(found.has_value() == (length >= NLMSG_HDRLEN + sizeof(ifinfomsg)));
    if (found && found->name) CHECK(found->name == "eth0");
  }
  for (std::size_t length = 0; length < address.size(); ++length) {
    const auto found = parse_address(cut(address, length));
    if (length < NLMSG_HDRLEN + sizeof(ifaddrmsg) + 8) CHECK_FALSE(found.has_value());
    if (found) CHECK(found->prefix_length == 24);
  }
}

TEST_CASE("rtnetlink: an attribute whose length lies ends the reading") {
  auto message = link_message();
  constexpr std::size_t kFirst = NLMSG_HDRLEN + sizeof(ifinfomsg);
  for (const auto lie : std::vector<std::uint16_t>{0, 1, 3, 0xffff}) {
    std::memcpy(message.data() + kFirst, &lie, sizeof lie);
    const auto link = parse_link(message);
    REQUIRE(link.has_value());
    CHECK_FALSE(link->name.has_value());
  }
}

TEST_CASE("rtnetlink: every octet turned over in turn is survived") {
  for (const auto& whole : {link_message(), address_message()}) {
    std::size_t read = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      auto broken = whole;
      broken[i] ^= std::byte{0xff};
      for_each_message(broken, [&read](const nlmsghdr&, std::span<const std::byte> message) {
        read += static_cast<std::size_t>(parse_link(message).has_value() || parse_address(message).has_value());
      });
    }
    CHECK(read > whole.size() / 2);
    CHECK(read < whole.size());
  }
}

TEST_CASE("rtnetlink: a datagram of several messages, and a tail that lies") {
  auto datagram = link_message();
  const auto second = address_message();
  datagram.insert(datagram.end(), second.begin(), second.end());
  std::vector<int> types;
  const auto each = [&types](const nlmsghdr& header, std::span<const std::byte> message) {
    CHECK(message.size() == header.nlmsg_len);
    types.push_back(header.nlmsg_type);
  };
  for_each_message(datagram, each);
  CHECK(types == std::vector<int>{RTM_NEWLINK, RTM_NEWADDR});
  types.clear();
  for_each_message(std::span(datagram).first(datagram.size() - 1), each);
  CHECK(types == std::vector<int>{RTM_NEWLINK});
  types.clear();
  const std::uint32_t nothing = 0;  // a length of 0 must not be taken again and again
  std::memcpy(datagram.data(), &nothing, sizeof nothing);
  for_each_message(datagram, each);
  CHECK(types.empty());
}

TEST_CASE("rtnetlink: the code in an error and at the end of a dump") {
  const int refused = -EBUSY;
  CHECK(error_code(Builder(NLMSG_ERROR, refused).bytes()) == EBUSY);
  CHECK(error_code(Builder(NLMSG_DONE, refused).bytes()) == EBUSY);
  CHECK(error_code(Builder(NLMSG_ERROR, 0).bytes()) == 0);
  CHECK(error_code(cut(Builder(NLMSG_ERROR, refused).bytes(), NLMSG_HDRLEN + 2)) == EBADMSG);
  CHECK(error_code(cut(Builder(NLMSG_DONE, refused).bytes(), NLMSG_HDRLEN)) == 0);
}

TEST_CASE("rtnetlink: requests for dumps as libnl would write them") {
  auto link = Builder(RTM_GETLINK, link_body(0, AF_UNSPEC, 0)).put_u32(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS).bytes();
  ifaddrmsg body{};
  body.ifa_family = AF_UNSPEC;
  auto address = Builder(RTM_GETADDR, body).bytes();
  for (auto* const bytes : {&link, &address}) {
    nlmsghdr header{};
    std::memcpy(&header, bytes->data(), sizeof header);
    header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    header.nlmsg_seq = 9;
    header.nlmsg_pid = 0;
    std::memcpy(bytes->data(), &header, sizeof header);
  }
  CHECK(link_dump_request(9) == link);
  CHECK(address_dump_request(9) == address);
}

}  // namespace
