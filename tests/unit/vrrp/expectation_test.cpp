// Unicast, the Authentication Header, and an owner that hears nobody; the rest of refusal() is in packet_test.cpp.
#include "vrrp/expectation.hpp"

#include <doctest/doctest.h>

#include "unit/vrrp/octets.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

const IpAddress kD1 = IpAddress::v4({10, 0, 0, 1});
const IpAddress kD2 = IpAddress::v4({10, 0, 0, 2});
const IpAddress kGroup = IpAddress::v4({224, 0, 0, 18});

Advertisement advert(Version version, unsigned vrid, IpAddress virtual_address) {
  Advertisement made;
  made.version = version;
  made.vrid = static_cast<Vrid>(vrid);
  made.priority = 200;
  made.max_adver_interval = 1s;
  made.addresses = {virtual_address};
  return made;
}

Expectation expectation(const Advertisement& like) {
  return {like.version, like.vrid, like.max_adver_interval, like.password, &like.addresses};
}

const std::vector<Peer> kPeers{{kD1, 3, 200}, {kD2, 0, 255}};

}  // namespace

TEST_CASE("unicast is byte for byte keepalived's: version 2, version 3 with a TTL, and the old checksum") {
  auto two = advert(Version::v2, 51, IpAddress::v4({10, 0, 0, 100}));
  CHECK(hex(encode_packet(two, {kD1, kD2, 1})) ==
        joined("45c0002800010000ff70a6a20a0000010a000002 2133c80100010c66 0a000064 0000000000000000"));
  auto three = advert(Version::v3, 52, IpAddress::v4({10, 0, 0, 101}));
  CHECK(hex(encode_packet(three, {kD1, kD2, 1, ChecksumForm::with_pseudo_header, 5})) ==
        joined("45c00020000100000570a0ab0a0000010a000002 3134c8010064e781 0a000065"));
  auto old = advert(Version::v3, 53, IpAddress::v4({10, 0, 0, 102}));
  CHECK(hex(encode_packet(old, {kD1, kD2, 1, ChecksumForm::as_if_multicast})) ==
        joined("45c0002000010000ff70a6aa0a0000010a000002 3135c8010064116f 0a000066"));
}

TEST_CASE("unicast: only peers are heard, each within its range of TTLs") {
  const auto ours = advert(Version::v3, 51, IpAddress::v4({10, 0, 0, 100}));
  auto wanted = expectation(ours);
  wanted.peers = &kPeers;
  const auto verdict = [&](IpAddress from, std::uint8_t ttl) {
    const auto received = decode_packet(encode_packet(ours, {from, kD1, 1, ChecksumForm::with_pseudo_header, ttl}));
    REQUIRE(received);
    return refusal(*received, wanted);
  };
  CHECK_FALSE(verdict(kD1, 3));
  CHECK_FALSE(verdict(kD1, 200));
  CHECK(verdict(kD1, 2) == Refusal::time_to_live);
  CHECK(verdict(kD1, 201) == Refusal::time_to_live);
  CHECK_FALSE(verdict(kD2, 0));
  CHECK_FALSE(verdict(kD2, 255));
  CHECK(verdict(IpAddress::v4({10, 0, 0, 3}), 255) == Refusal::source);
  wanted.peers = nullptr;
  CHECK(verdict(kD1, 255) == Refusal::source);
}

TEST_CASE("multicast and unicast do not take each other's packets, nor one group another's") {
  const auto ours = advert(Version::v3, 51, IpAddress::v4({10, 0, 0, 100}));
  auto by_group = expectation(ours);
  by_group.group = kGroup;
  auto by_peer = expectation(ours);
  by_peer.peers = &kPeers;
  const auto to_group = *decode_packet(encode_packet(ours, {kD2, kGroup, 1}));
  const auto to_other = *decode_packet(encode_packet(ours, {kD2, IpAddress::v4({224, 0, 0, 99}), 1}));
  const auto to_us = *decode_packet(encode_packet(ours, {kD2, kD1, 1}));
  CHECK_FALSE(refusal(to_group, by_group));
  CHECK(refusal(to_other, by_group) == Refusal::destination);
  CHECK(refusal(to_us, by_group) == Refusal::destination);
  CHECK_FALSE(refusal(to_us, by_peer));
  CHECK(refusal(to_group, by_peer) == Refusal::destination);
}

TEST_CASE("the old checksum of unicast is recognised, and refused where it is ruled out") {
  const auto ours = advert(Version::v3, 51, IpAddress::v4({10, 0, 0, 100}));
  const auto received = decode_packet(encode_packet(ours, {kD2, kD1, 1, ChecksumForm::as_if_multicast}));
  REQUIRE(received);
  CHECK(received->checksum_form == ChecksumForm::as_if_multicast);
  auto wanted = expectation(ours);
  wanted.peers = &kPeers;
  CHECK_FALSE(refusal(*received, wanted));
  wanted.takes_old_checksum = false;
  CHECK(refusal(*received, wanted) == Refusal::checksum);
}

TEST_CASE("V3-23 V2-08: an owner that ignores adverts refuses what is right otherwise") {
  const auto ours = advert(Version::v2, 51, IpAddress::v4({10, 0, 0, 100}));
  const auto received = *decode_packet(encode_packet(ours, {kD2, kGroup, 1}));
  auto wanted = expectation(ours);
  wanted.group = kGroup;
  wanted.ignores_all = true;
  CHECK(refusal(received, wanted) == Refusal::owner);
  wanted.vrid = Vrid{52};
  CHECK(refusal(received, wanted) == Refusal::vrid);
}

TEST_CASE("AH is byte for byte keepalived's, by multicast and by unicast") {
  const auto key = simple_password("secret");
  auto ours = advert(Version::v2, 51, IpAddress::v4({10, 0, 0, 100}));
  ours.has_authentication_header = true;
  auto packet = encode_packet(ours, {kD1, kGroup, 1});
  seal(packet, kIpv4HeaderSize, key, 1);
  CHECK(hex(packet) ==
        joined("45c0004000010000ff33d0b60a000001e0000012 700400000a00000100000001c1de5b9e6efbbc3a98e5d5c2"
               "2133c80102010a66 0a000064 0000000000000000"));
  set_identification(packet, 2);
  seal(packet, kIpv4HeaderSize, key, 2);
  CHECK(hex(packet) ==
        joined("45c0004000020000ff33d0b50a000001e0000012 700400000a00000100000002630a889fb4642cae60f67da7"
               "2133c80102010a66 0a000064 0000000000000000"));
  ours.vrid = Vrid{52};
  ours.addresses = {IpAddress::v4({10, 0, 0, 101})};
  packet = encode_packet(ours, {kD1, kD2, 1});
  seal(packet, kIpv4HeaderSize, key, 1);
  CHECK(hex(packet) ==
        joined("45c0004000010000ff33a6c70a0000010a000002 700400000a00000100000001f3561c70edb28854d15b09a7"
               "2134c80102010a64 0a000065 0000000000000000"));
}

TEST_CASE("AH: one key, each number once, and every octet that does not change on the way") {
  const auto key = simple_password("secret");
  auto ours = advert(Version::v2, 51, IpAddress::v4({10, 0, 0, 100}));
  ours.has_authentication_header = true;
  auto packet = encode_packet(ours, {kD2, kGroup, 1});
  seal(packet, kIpv4HeaderSize, key, 7);
  auto wanted = expectation(ours);
  wanted.group = kGroup;
  wanted.ah_key = key;
  const auto verdict = [&](std::span<const std::uint8_t> bytes) {
    const auto received = decode_packet(bytes);
    return received ? refusal(*received, wanted, bytes) : std::optional(received.error());
  };
  CHECK_FALSE(verdict(packet));
  CHECK(refusal(*decode_packet(packet), wanted) == Refusal::authentication);  // no packet, no trust
  wanted.last_sequence = 6;
  CHECK_FALSE(verdict(packet));
  wanted.last_sequence = 7;
  CHECK(verdict(packet) == Refusal::sequence);
  wanted.last_sequence = 0;
  wanted.ah_key = simple_password("other");
  CHECK(verdict(packet) == Refusal::authentication);
  wanted.ah_key = key;
  for (std::size_t at = 0; at < packet.size(); ++at) {
    auto changed = packet;
    changed[at] ^= 1U;
    CAPTURE(at);
    const bool may_change = at == 1 || at == 6 || at == 7 || at == 10 || at == 11;
    CHECK(verdict(changed).has_value() != may_change);
  }
  auto by_unicast = encode_packet(ours, {kD2, kD1, 1});
  seal(by_unicast, kIpv4HeaderSize, key, 8);
  by_unicast[8] = 250;  // has crossed routers
  wanted.group.reset();
  wanted.peers = &kPeers;
  CHECK_FALSE(verdict(by_unicast));
  wanted.group = kGroup;
  wanted.ah_key.reset();
  CHECK(verdict(packet) == Refusal::authentication_type);
  wanted.ah_key = key;
  auto plain = ours;
  plain.has_authentication_header = false;
  CHECK(verdict(encode_packet(plain, {kD2, kGroup, 1})) == Refusal::authentication_type);
}

TEST_CASE("AH: every truncation is refused, and so is a header of another length or protocol") {
  auto ours = advert(Version::v2, 51, IpAddress::v4({10, 0, 0, 100}));
  ours.has_authentication_header = true;
  auto packet = encode_packet(ours, {kD2, kGroup, 1});
  for (std::size_t length = 0; length < packet.size(); ++length) {
    auto cut = packet;
    cut.resize(length);
    CHECK_FALSE(decode_packet(cut));
    if (length < kIpv4HeaderSize) continue;
    cut[3] = static_cast<std::uint8_t>(length);
    CHECK_FALSE(decode_packet(cut));
  }
  packet[20] = 17;
  CHECK(decode_packet(packet).error() == Refusal::ip_header);
  packet[20] = 112;
  packet[21] = 5;
  CHECK(decode_packet(packet).error() == Refusal::ip_header);
}
