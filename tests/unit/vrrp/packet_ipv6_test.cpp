#include <algorithm>

#include <doctest/doctest.h>

#include "unit/addresses.hpp"
#include "unit/vrrp/octets.hpp"
#include "vrrp/expectation.hpp"
#include "vrrp/packet.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

const IpAddress kRouter = address("fe80::ff:fe00:1");
const IpAddress kGroup = address("ff02::12");

Advertisement advert(Priority priority) {
  Advertisement made;
  made.version = Version::v3;
  made.vrid = Vrid{51};
  made.priority = priority;
  made.max_adver_interval = 1s;
  made.addresses = {address("fe80::100"), address("2001:db8::100"), address("2001:db8::101")};
  return made;
}

Expectation expectation(const Advertisement& like) {
  Expectation wanted{like.version, like.vrid, like.max_adver_interval, like.password, &like.addresses};
  wanted.group = kGroup;
  return wanted;
}

}  // namespace

TEST_CASE("V3-05 V3-06 V3-07 V3-15: IPv6 is keepalived's but for the flow label, which the kernel makes up there") {
  CHECK(hex(encode_packet(advert(200), {kRouter, kGroup})) ==
        joined("6c000000003870ff fe80000000000000000000fffe000001 ff020000000000000000000000000012"
               "3133c8030064ac31 fe800000000000000000000000000100"
               "20010db8000000000000000000000100 20010db8000000000000000000000101"));
  CHECK(hex(encode(advert(0), {kRouter, kGroup})).substr(0, 16) == "3133000300647432");
  auto one = advert(200);
  one.vrid = Vrid{52};
  one.addresses = {address("2001:db8::101")};
  CHECK(hex(encode_packet(one, {kRouter, address("fe80::ff:fe00:2"), 0, ChecksumForm::with_pseudo_header, 64})) ==
        joined("6c00000000187040 fe80000000000000000000fffe000001 fe80000000000000000000fffe000002"
               "3134c8010064dc1e 20010db8000000000000000000000101"));
}

TEST_CASE("IPv6: what is sent comes back, and no form of the checksum but the one is taken") {
  const auto sent = advert(100);
  const auto received = decode_packet(encode_packet(sent, {kRouter, kGroup}));
  REQUIRE(received);
  CHECK(received->advertisement == sent);
  CHECK(received->source == kRouter);
  CHECK(received->destination == kGroup);
  CHECK(received->time_to_live == 255);
  CHECK_FALSE(refusal(*received, expectation(sent)));
  const auto asked_otherwise = encode_packet(sent, {kRouter, kGroup, 0, ChecksumForm::without_pseudo_header});
  CHECK(asked_otherwise == encode_packet(sent, {kRouter, kGroup}));
}

TEST_CASE("V3-07: every hop limit other than 255 is refused") {
  const auto ours = advert(100);
  for (unsigned limit = 0; limit < 256; ++limit) {
    auto bytes = encode_packet(ours, {kRouter, kGroup});
    bytes[7] = static_cast<std::uint8_t>(limit);
    const auto received = decode_packet(bytes);
    REQUIRE(received);
    CHECK(refusal(*received, expectation(ours)) ==
          (limit == 255 ? std::nullopt : std::optional(Refusal::time_to_live)));
  }
}

TEST_CASE("V3-20 V3-21: IPv6, every truncation and every flipped bit of the message is noticed") {
  const auto whole = encode_packet(advert(100), {kRouter, kGroup});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto cut = whole;
    cut.resize(length);
    CAPTURE(length);
    CHECK(decode_packet(cut).error() == Refusal::too_short);
    if (length < kIpv6HeaderSize) continue;
    cut[5] = static_cast<std::uint8_t>(length - kIpv6HeaderSize);  // the header agrees to the truncation
    CHECK(decode_packet(cut).error() == (length < kIpv6HeaderSize + 8 ? Refusal::too_short : Refusal::length));
  }
  for (std::size_t bit = kIpv6HeaderSize * 8; bit < whole.size() * 8; ++bit) {
    auto flipped = whole;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    CAPTURE(bit);
    CHECK_FALSE(decode_packet(flipped));
  }
}

TEST_CASE("V2-01: version 2 over IPv6 is refused, and so is another next header") {
  auto bytes = encode_packet(advert(100), {kRouter, kGroup});
  bytes[40] = 0x21;
  CHECK(decode_packet(bytes).error() == Refusal::version);
  bytes = encode_packet(advert(100), {kRouter, kGroup});
  bytes[6] = 51;
  CHECK(decode_packet(bytes).error() == Refusal::ip_header);
}

TEST_CASE("V3-17: the addresses are of the packet's family, so a list of IPv4 does not fit IPv6") {
  auto bytes = encode_packet(advert(100), {kRouter, kGroup});
  bytes[43] = 12;  // three IPv6 addresses are as long as twelve of IPv4
  CHECK(decode_packet(bytes).error() == Refusal::length);
}

TEST_CASE("255 IPv6 addresses fill a packet and come back") {
  auto full = advert(254);
  full.addresses.assign(255, address("2001:db8::1"));
  const auto bytes = encode_packet(full, {kRouter, kGroup});
  CHECK(bytes.size() <= kMaxPacket);
  const auto received = decode_packet(bytes);
  REQUIRE(received);
  CHECK(received->advertisement == full);
}
