// What holds for every advertisement and for every heap of bytes.
#include <algorithm>
#include <set>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "vrrp/expectation.hpp"

using namespace baton;
using namespace baton::vrrp;

namespace {

using Bytes = std::vector<std::uint8_t>;

std::uint8_t any_octet() {
  return *rc::gen::arbitrary<std::uint8_t>();
}

IpAddress any_address(Family family = Family::ipv4) {
  if (family == Family::ipv4) return IpAddress::v4(*rc::gen::arbitrary<std::uint32_t>());
  std::array<std::uint8_t, 16> octets{};
  std::ranges::generate(octets, any_octet);
  return IpAddress::v6(octets);
}

Advertisement any_advertisement(Family family = Family::ipv4) {
  Advertisement result;
  result.version = family == Family::ipv6 ? Version::v3 : *rc::gen::element(Version::v2, Version::v3);
  result.vrid = static_cast<Vrid>(any_octet());
  result.priority = any_octet();
  if (result.version == Version::v2) {
    result.max_adver_interval = std::chrono::seconds{*rc::gen::inRange(1, 256)};
    const auto authentication = *rc::gen::inRange(0, 3);
    result.has_authentication_header = authentication == 2;
    if (authentication == 1) {
      result.password.emplace();
      std::ranges::generate(*result.password, any_octet);
    }
  } else {
    result.max_adver_interval = std::chrono::milliseconds{10} * *rc::gen::inRange(1, 4096);
  }
  const auto count = *rc::gen::weightedOneOf<int>({{8, rc::gen::inRange(1, 6)}, {1, rc::gen::inRange(6, 256)}});
  for (int i = 0; i < count; ++i)
    result.addresses.push_back(any_address(family));
  return result;
}

Family any_family() {
  return *rc::gen::element(Family::ipv4, Family::ipv6);
}

Bytes any_packet(Family family = any_family()) {
  return encode_packet(any_advertisement(family),
                       {any_address(family), any_address(family), *rc::gen::arbitrary<std::uint16_t>()});
}

/// Makes the checksum of the message right (without pseudo-header), so that what stands before it is reached.
void sum(Bytes* packet) {
  if (packet->size() < 28) return;
  (*packet)[26] = (*packet)[27] = 0;
  std::uint32_t total = 0;
  for (std::size_t i = 20; i + 1 < packet->size(); i += 2)
    total += static_cast<std::uint32_t>((*packet)[i] << 8U | (*packet)[i + 1]);
  while (total > 0xffff)
    total = (total & 0xffffU) + (total >> 16U);
  (*packet)[26] = static_cast<std::uint8_t>(~total >> 8U);
  (*packet)[27] = static_cast<std::uint8_t>(~total);
}

/// Where the VRRP message begins.
std::size_t message_of(const Bytes& packet) {
  return ip_header_size(packet) + (packet[0] >> 4U == 4 && packet[9] == kAhProtocol ? kAhSize : 0);
}

/// What came through comes through again when encoded by us.
void survives(const Bytes& packet) {
  const auto received = decode_packet(packet);
  if (!received) return;
  RC_ASSERT(!received->advertisement.addresses.empty());
  if (received->advertisement.max_adver_interval == Duration::zero()) return;  // refusal()'s
  const auto again =
      encode_packet(received->advertisement, {received->source, received->destination, 1, received->checksum_form});
  const auto twice = decode_packet(again);
  RC_ASSERT(twice.has_value());
  RC_ASSERT(twice->advertisement == received->advertisement);
  RC_ASSERT(twice->source == received->source);
}

}  // namespace

TEST_CASE("decode(encode(x)) == x") {
  CHECK(rc::check("in both forms of the checksum", [] {
    const auto family = any_family();
    const auto advertisement = any_advertisement(family);
    const auto source = any_address(family), destination = any_address(family);
    const auto form = *rc::gen::element(ChecksumForm::with_pseudo_header, ChecksumForm::without_pseudo_header,
                                        ChecksumForm::as_if_multicast);
    RC_PRE(form != ChecksumForm::as_if_multicast || !destination.is_multicast());
    const auto received = decode_packet(encode_packet(advertisement, {source, destination, 1, form}));
    RC_ASSERT(received.has_value());
    RC_ASSERT(received->advertisement == advertisement);
    RC_ASSERT(received->source == source);
    RC_ASSERT(received->destination == destination);
    RC_ASSERT(received->time_to_live == kTimeToLive);
  }));
}

TEST_CASE("decoding is safe and consistent") {
  CHECK(rc::check("any bytes", [](const Bytes& bytes) { survives(bytes); }));
  CHECK(rc::check("bytes that begin like a packet", [](Bytes bytes) {
    bytes.insert(bytes.begin(), {0x45, 0xc0, 0, 0, 0, 1, 0, 0, 255, 112, 10, 0, 0, 1, 224, 0, 0, 18});
    bytes[3] =
        static_cast<std::uint8_t>(*rc::gen::inRange<std::size_t>(0, std::min<std::size_t>(bytes.size() + 3, 256)));
    survives(bytes);
  }));
  CHECK(rc::check("an IPv6 packet with octets changed", [] {
    auto packet = any_packet(Family::ipv6);
    packet[*rc::gen::inRange<std::size_t>(0, packet.size())] = any_octet();
    survives(packet);
  }));
  CHECK(rc::check("a packet with octets changed and the checksum right", [] {
    auto packet = any_packet(Family::ipv4);
    const auto changes = *rc::gen::inRange(1, 4);
    for (int i = 0; i < changes; ++i)
      packet[*rc::gen::inRange<std::size_t>(0, packet.size())] = any_octet();
    sum(&packet);
    survives(packet);
  }));
  CHECK(rc::check("a cut packet is refused", [] {
    auto packet = any_packet();
    packet.resize(*rc::gen::inRange<std::size_t>(0, packet.size()));
    RC_ASSERT(!decode_packet(packet));
  }));
}

TEST_CASE("a flipped bit of the message is noticed") {
  CHECK(rc::check("any packet, any bit", [] {
    auto packet = any_packet();
    const auto bit = *rc::gen::inRange<std::size_t>(message_of(packet) * 8, packet.size() * 8);
    packet[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    const auto received = decode_packet(packet);
    // The forms of version 3 differ by the sum of the pseudo-header; where that is a power of two, a flip turns one
    // into the other.  No checksum of 16 bits can help; with real addresses (224.0.0.18) it does not happen.
    RC_PRE(!received || received->checksum_form == ChecksumForm::with_pseudo_header);
    RC_ASSERT(!received);
  }));
}

TEST_CASE("an advertisement is accepted exactly when all that matters agrees") {
  CHECK(rc::check("expectations near the packet", [] {
    const auto theirs = any_advertisement();
    const auto group = multicast_group(Family::ipv4);
    auto bytes = encode_packet(theirs, {any_address(), group, 1});
    const bool has_header = theirs.has_authentication_header;
    if (has_header) seal(bytes, kIpv4HeaderSize, simple_password("k"), 1);
    auto received = decode_packet(bytes).value();
    received.time_to_live = *rc::gen::element<std::uint8_t>(255, 255, 254, 1);
    Expectation wanted{theirs.version, theirs.vrid, theirs.max_adver_interval, theirs.password, nullptr};
    wanted.group = group;
    if (has_header != *rc::gen::element(true, false, false, false)) wanted.ah_key = simple_password("k");
    if (*rc::gen::arbitrary<bool>()) wanted.version = *rc::gen::element(Version::v2, Version::v3);
    if (*rc::gen::arbitrary<bool>()) wanted.vrid = static_cast<Vrid>(any_octet());
    if (*rc::gen::arbitrary<bool>()) wanted.advertisement_interval = std::chrono::seconds{*rc::gen::inRange(1, 4)};
    if (*rc::gen::arbitrary<bool>()) wanted.password = simple_password(*rc::gen::element<std::string>("", "a", "b"));
    const bool v2 = theirs.version == Version::v2;
    const bool agrees = received.time_to_live == 255 && wanted.version == theirs.version &&
                        wanted.vrid == theirs.vrid &&
                        (!v2 || (wanted.password == theirs.password && wanted.ah_key.has_value() == has_header &&
                                 wanted.advertisement_interval == theirs.max_adver_interval));
    RC_ASSERT(refusal(received, wanted, bytes).has_value() == !agrees);
  }));
}

TEST_CASE("lists of addresses are compared as sets with repeats") {
  CHECK(rc::check("any two lists over few addresses", [](const std::vector<bool>& a, const std::vector<bool>& b) {
    const auto list = [](const std::vector<bool>& bits) {
      std::vector<IpAddress> result;
      for (const bool bit : bits)
        result.push_back(IpAddress::v4(bit ? 1 : 2));
      return result;
    };
    Received received;
    received.advertisement.addresses = list(a);
    const auto ours = list(b);
    Expectation wanted;
    wanted.addresses = &ours;
    const auto theirs = list(a);
    const std::multiset<IpAddress> one(theirs.begin(), theirs.end()), two(ours.begin(), ours.end());
    RC_ASSERT(address_list_differs(received, wanted) == (one != two));
  }));
}
