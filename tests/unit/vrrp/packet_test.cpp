#include "vrrp/packet.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "unit/vrrp/octets.hpp"
#include "vrrp/expectation.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

const IpAddress kD1 = IpAddress::v4({10, 0, 0, 1});
const IpAddress kD2 = IpAddress::v4({10, 0, 0, 2});
const IpAddress kGroup = IpAddress::v4({224, 0, 0, 18});
const IpAddress kVip = IpAddress::v4({10, 0, 0, 100});

Advertisement advert(Version version, Priority priority) {
  Advertisement advertisement;
  advertisement.version = version;
  advertisement.vrid = Vrid{51};
  advertisement.priority = priority;
  advertisement.max_adver_interval = 1s;
  advertisement.addresses = {kVip};
  return advertisement;
}

Expectation expectation(const Advertisement& like) {
  Expectation wanted{like.version, like.vrid, like.max_adver_interval, like.password, &like.addresses};
  wanted.group = kGroup;
  return wanted;
}

std::vector<std::uint8_t> packet(const Advertisement& advertisement, const IpAddress& source = kD1,
                                 std::uint16_t identification = 1) {
  return encode_packet(advertisement, {source, kGroup, identification});
}

std::optional<Refusal> decoding_refusal(std::span<const std::uint8_t> bytes) {
  const auto received = decode_packet(bytes);
  return received ? std::nullopt : std::optional(received.error());
}

/// The checksum made right again after a change of the message.
std::vector<std::uint8_t> summed(std::vector<std::uint8_t> bytes) {
  bytes[26] = bytes[27] = 0;
  std::uint32_t sum = 0;
  for (std::size_t i = 20; i + 1 < bytes.size(); i += 2)
    sum += static_cast<std::uint32_t>(bytes[i] << 8U | bytes[i + 1]);
  while (sum > 0xffff)
    sum = (sum & 0xffffU) + (sum >> 16U);
  bytes[26] = static_cast<std::uint8_t>(~sum >> 8U);
  bytes[27] = static_cast<std::uint8_t>(~sum);
  return bytes;
}

std::vector<std::uint8_t> changed(std::vector<std::uint8_t> bytes, std::size_t at, std::uint8_t value) {
  bytes[at] = value;
  return summed(std::move(bytes));
}

}  // namespace

TEST_CASE("V2-02 V2-05 V3-04: version 2 is byte for byte keepalived's") {
  CHECK(hex(packet(advert(Version::v2, 100))) ==
        joined("45c0002800010000ff70d0910a000001e0000012 21 33 64 01 00 01 7066 0a000064 0000000000000000"));
  CHECK(hex(packet(advert(Version::v2, 0), kD1, 7)) ==
        joined("45c0002800070000ff70d08b0a000001e0000012 21 33 00 01 00 01 d466 0a000064 0000000000000000"));
  CHECK(hex(packet(advert(Version::v2, 50), kD2)) ==
        joined("45c0002800010000ff70d0900a000002e0000012 21 33 32 01 00 01 a266 0a000064 0000000000000000"));
}

TEST_CASE("V2-03: the password is sent and summed as keepalived does") {
  auto with_password = advert(Version::v2, 100);
  with_password.password = simple_password("1111");
  CHECK(hex(packet(with_password)) ==
        joined("45c0002800010000ff70d0910a000001e0000012 21 33 64 01 01 01 0d04 0a000064 3131313100000000"));
  with_password.priority = 0;
  CHECK(hex(encode(with_password, {kD1, kGroup})) == joined("21 33 00 01 01 01 7104 0a000064 3131313100000000"));
}

TEST_CASE("V3-15: version 3 is byte for byte keepalived's, with the pseudo-header") {
  CHECK(hex(packet(advert(Version::v3, 100))) ==
        joined("45c0002000010000ff70d0990a000001e0000012 31 33 64 01 0064 7573 0a000064"));
  CHECK(hex(packet(advert(Version::v3, 0), kD1, 7)) ==
        joined("45c0002000070000ff70d0930a000001e0000012 31 33 00 01 0064 d973 0a000064"));
  CHECK(hex(packet(advert(Version::v3, 50), kD2)) ==
        joined("45c0002000010000ff70d0980a000002e0000012 31 33 32 01 0064 a772 0a000064"));
  auto fast = advert(Version::v3, 100);
  fast.max_adver_interval = 100ms;
  CHECK(hex(packet(fast)) == joined("45c0002000010000ff70d0990a000001e0000012 31 33 64 01 000a 75cd 0a000064"));
}

TEST_CASE("V3-15: both forms of the checksum, sent and accepted") {
  auto advertisement = advert(Version::v3, 200);
  advertisement.addresses = {IpAddress::v4({10, 99, 0, 100})};
  const auto source = IpAddress::v4({10, 99, 0, 1});
  for (const auto form : {ChecksumForm::with_pseudo_header, ChecksumForm::without_pseudo_header}) {
    const auto bytes = encode_packet(advertisement, {source, kGroup, 1, form});
    CHECK(hex(bytes).substr(52, 4) == (form == ChecksumForm::with_pseudo_header ? "10ad" : "fb9f"));
    const auto received = decode_packet(bytes);
    REQUIRE(received);
    CHECK(received->checksum_form == form);
    CHECK(received->advertisement == advertisement);
  }
}

TEST_CASE("five and twenty-five addresses in the order of the configuration") {
  auto five = advert(Version::v2, 100);
  five.addresses = {kVip, IpAddress::v4({10, 0, 0, 101}), IpAddress::v4({10, 0, 1, 1}), IpAddress::v4({10, 0, 2, 1}),
                    IpAddress::v4({10, 0, 0, 102})};
  CHECK(hex(packet(five)) == joined("45c0003800010000ff70d0810a000001e0000012 21 33 64 05 00 01 4495"
                                    "0a000064 0a000065 0a000101 0a000201 0a000066 0000000000000000"));
  five.addresses.assign(25, kVip);
  const auto many = packet(five);
  CHECK(many.size() == 0x88);
  CHECK(many[3] == 0x88);
  CHECK(many[23] == 25);
}

TEST_CASE("255 addresses fill a packet and come back") {
  for (const auto version : {Version::v2, Version::v3}) {
    auto full = advert(version, 254);
    full.addresses.assign(255, kVip);
    const auto received = decode_packet(packet(full));
    REQUIRE(received);
    CHECK(received->advertisement == full);
    CHECK(kIpv4HeaderSize + kMaxAdvertisement >= packet(full).size());
  }
}

TEST_CASE("V3-14: the interval is twelve bits of centiseconds, in version 2 an octet of seconds") {
  for (const auto interval : {10ms, 1000ms, 40950ms}) {
    auto advertisement = advert(Version::v3, 100);
    advertisement.max_adver_interval = interval;
    CHECK(decode_packet(packet(advertisement))->advertisement.max_adver_interval == interval);
  }
  auto slow = advert(Version::v2, 100);
  slow.max_adver_interval = 255s;
  CHECK(packet(slow)[25] == 255);
  CHECK(decode_packet(packet(slow))->advertisement.max_adver_interval == 255s);
}

TEST_CASE("V3-13: the reserved bits are sent as zero and ignored on receipt") {
  const auto bytes = packet(advert(Version::v3, 100));
  CHECK((bytes[24] & 0xf0U) == 0);
  const auto received = decode_packet(changed(bytes, 24, 0xf0));
  REQUIRE(received);
  CHECK(received->advertisement.max_adver_interval == 1s);
}

TEST_CASE("the packet goes into memory that is kept, and comes out of it the same") {
  std::array<std::uint8_t, kIpv4HeaderSize + kMaxAdvertisement> memory{};
  const auto advertisement = advert(Version::v2, 100);
  const auto written = encode_packet_into(memory, advertisement, {kD1, kGroup, 1});
  CHECK(hex(written) == hex(packet(advertisement)));
  Received received;
  received.advertisement = advert(Version::v3, 7);
  received.advertisement.addresses.assign(9, kD2);  // what a former packet left
  received.advertisement.password = simple_password("old");
  CHECK(!decode_packet_into(written, &received));
  CHECK(received.advertisement == advertisement);
  CHECK(received.source == kD1);
  CHECK(received.destination == kGroup);
  CHECK(received.time_to_live == 255);
}

TEST_CASE("V3-20: every truncation of a packet is refused") {
  for (const auto version : {Version::v2, Version::v3}) {
    const auto whole = packet(advert(version, 100));
    for (std::size_t length = 0; length < whole.size(); ++length) {
      auto cut = whole;
      cut.resize(length);
      CAPTURE(length);
      CHECK(decoding_refusal(cut) == Refusal::too_short);
      if (length < kIpv4HeaderSize) continue;
      cut[3] = static_cast<std::uint8_t>(length);  // the IP header agrees to the truncation
      const auto structural = length < kIpv4HeaderSize + 8 ? Refusal::too_short : Refusal::length;
      CHECK(decoding_refusal(cut) == structural);
    }
  }
}

TEST_CASE("V3-21 V2-05: every flipped bit of the message is noticed") {
  for (const auto version : {Version::v2, Version::v3}) {
    auto advertisement = advert(version, 100);
    if (version == Version::v2) advertisement.password = simple_password("secret");
    for (const auto form : {ChecksumForm::with_pseudo_header, ChecksumForm::without_pseudo_header}) {
      const auto whole = encode_packet(advertisement, {kD1, kGroup, 1, form});
      for (std::size_t bit = kIpv4HeaderSize * 8; bit < whole.size() * 8; ++bit) {
        auto flipped = whole;
        flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CAPTURE(bit);
        CHECK(!decode_packet(flipped));
      }
    }
  }
}

TEST_CASE("V3-08 V2-01: versions 0 to 15") {
  for (unsigned version = 0; version < 16; ++version) {
    const auto bytes = changed(packet(advert(Version::v2, 100)), 20, static_cast<std::uint8_t>(version << 4U | 1U));
    CAPTURE(version);
    if (version == 2) {
      CHECK(!decoding_refusal(bytes));
    } else {
      CHECK(decoding_refusal(bytes) == (version == 3 ? Refusal::length : Refusal::version));
    }
  }
}

TEST_CASE("V3-09: types 0 to 15") {
  for (const auto version : {Version::v2, Version::v3})
    for (unsigned type = 0; type < 16; ++type) {
      auto bytes = packet(advert(version, 100));
      bytes = changed(bytes, 20, static_cast<std::uint8_t>((bytes[20] & 0xf0U) | type));
      CHECK(decoding_refusal(bytes) == (type == 1 ? std::nullopt : std::optional(Refusal::type)));
    }
}

TEST_CASE("V3-12: a packet without addresses is refused") {
  for (const auto version : {Version::v2, Version::v3}) {
    auto empty = advert(version, 200);
    empty.addresses.clear();
    CHECK(decoding_refusal(packet(empty)) == Refusal::address_count);
  }
}

TEST_CASE("V2-06: a length that does not fit the count is refused, whatever the direction") {
  for (const auto version : {Version::v2, Version::v3})
    for (const int off : {-8, -4, 4, 8, 28}) {  // 28: the HMAC trailer of newer keepalived
      auto bytes = packet(advert(version, 100));
      bytes.resize(bytes.size() + static_cast<std::size_t>(off));
      bytes[3] = static_cast<std::uint8_t>(bytes.size());
      const bool headless = bytes.size() < kIpv4HeaderSize + 8;
      CHECK(decoding_refusal(headless ? bytes : summed(bytes)) == (headless ? Refusal::too_short : Refusal::length));
    }
}

TEST_CASE("V2-03: authentication types 0 to 255") {
  const auto none = advert(Version::v2, 100);
  for (unsigned type = 0; type < 256; ++type) {
    const auto bytes = changed(packet(none), 24, static_cast<std::uint8_t>(type));
    const auto received = decode_packet(bytes);
    CAPTURE(type);
    if (type > 1) {
      CHECK(decoding_refusal(bytes) == Refusal::authentication_type);
      continue;
    }
    REQUIRE(received);
    CHECK(refusal(*received, expectation(none)) ==
          (type == 0 ? std::nullopt : std::optional(Refusal::authentication_type)));
  }
}

TEST_CASE("V2-03: authentication data is ignored with type 0") {
  const auto bytes = changed(packet(advert(Version::v2, 100)), 39, 0x55);
  const auto received = decode_packet(bytes);
  REQUIRE(received);
  CHECK(received->advertisement == advert(Version::v2, 100));
}

TEST_CASE("V2-08: passwords must be equal in all eight octets") {
  auto ours = advert(Version::v2, 100);
  ours.password = simple_password("secret");
  auto theirs = ours;
  const auto verdict = [&] { return refusal(*decode_packet(packet(theirs)), expectation(ours)); };
  CHECK(!verdict());
  theirs.password = simple_password("secres");
  CHECK(verdict() == Refusal::authentication);
  theirs.password = simple_password("secret!!");
  CHECK(verdict() == Refusal::authentication);
  theirs.password.reset();
  CHECK(verdict() == Refusal::authentication_type);
}

TEST_CASE("the password is the first eight octets, padded with zeros") {
  CHECK(simple_password("") == SimplePassword{});
  CHECK(simple_password("ab") == SimplePassword{'a', 'b'});
  CHECK(simple_password("abcdefghij") == simple_password("abcdefgh"));
}

TEST_CASE("V3-03 V2-08: a TTL other than 255 is refused") {
  const auto ours = advert(Version::v2, 100);
  for (unsigned ttl = 0; ttl < 256; ++ttl) {
    auto bytes = packet(ours);
    bytes[8] = static_cast<std::uint8_t>(ttl);
    const auto received = decode_packet(bytes);
    REQUIRE(received);
    CHECK(received->time_to_live == ttl);
    CHECK(refusal(*received, expectation(ours)) == (ttl == 255 ? std::nullopt : std::optional(Refusal::time_to_live)));
  }
}

TEST_CASE("V3-22 V2-08: another VRID, another version") {
  const auto ours = advert(Version::v2, 100);
  auto theirs = ours;
  theirs.vrid = Vrid{52};
  CHECK(refusal(*decode_packet(packet(theirs)), expectation(ours)) == Refusal::vrid);
  theirs = advert(Version::v3, 100);
  CHECK(refusal(*decode_packet(packet(theirs)), expectation(ours)) == Refusal::version_mismatch);
  CHECK(refusal(*decode_packet(packet(ours)), expectation(theirs)) == Refusal::version_mismatch);
}

TEST_CASE("V2-04 V3-25: version 2 refuses another interval, version 3 only none at all") {
  const auto v2 = advert(Version::v2, 100);
  auto theirs = v2;
  theirs.max_adver_interval = 2s;
  CHECK(refusal(*decode_packet(packet(theirs)), expectation(v2)) == Refusal::interval);
  CHECK(refusal(*decode_packet(changed(packet(v2), 25, 0)), expectation(v2)) == Refusal::interval);

  const auto v3 = advert(Version::v3, 100);
  theirs = v3;
  theirs.max_adver_interval = 2s;
  CHECK(!refusal(*decode_packet(packet(theirs)), expectation(v3)));
  const auto never = decode_packet(changed(packet(v3), 25, 0));
  REQUIRE(never);
  CHECK(refusal(*never, expectation(v3)) == Refusal::interval);
}

TEST_CASE("compat 10.2: what is wrong in several ways is refused for the first in keepalived's order") {
  auto ours = advert(Version::v2, 100);
  ours.password = simple_password("secret");
  auto theirs = ours;
  theirs.max_adver_interval = 3s;
  const auto verdict = [&](std::uint8_t ttl) {
    auto received = *decode_packet(packet(theirs));
    received.time_to_live = ttl;
    return refusal(received, expectation(ours));
  };
  CHECK(verdict(255) == Refusal::interval);
  theirs.password = simple_password("other");
  CHECK(verdict(255) == Refusal::authentication);
  theirs.password.reset();
  CHECK(verdict(255) == Refusal::authentication_type);
  theirs.vrid = Vrid{9};
  CHECK(verdict(255) == Refusal::vrid);
  theirs.version = Version::v3;
  CHECK(verdict(255) == Refusal::version_mismatch);
  CHECK(verdict(254) == Refusal::time_to_live);
}

TEST_CASE("V3-26 V2-09: another list of addresses is told, not refused") {
  const auto a = IpAddress::v4({10, 0, 0, 1}), b = IpAddress::v4({10, 0, 0, 2}), c = IpAddress::v4({10, 0, 0, 3});
  auto ours = advert(Version::v3, 100);
  ours.addresses = {a, b, b};
  const auto differs = [&](std::vector<IpAddress> list) {
    auto theirs = ours;
    theirs.addresses = std::move(list);
    const auto received = decode_packet(packet(theirs));
    REQUIRE(received);
    CHECK(!refusal(*received, expectation(ours)));
    return address_list_differs(*received, expectation(ours));
  };
  CHECK(!differs({a, b, b}));
  CHECK(!differs({b, a, b}));
  CHECK(differs({a, a, b}));
  CHECK(differs({a, b, c}));
  CHECK(differs({a, b}));
  CHECK(differs({a, b, b, b}));
  auto whatever = expectation(ours);
  whatever.addresses = nullptr;
  CHECK(!address_list_differs(Received{}, whatever));
}

TEST_CASE("the IP header: version, length, protocol, options, padding") {
  const auto good = packet(advert(Version::v2, 100));
  const auto with = [&](std::size_t at, std::uint8_t value) {
    auto bytes = good;
    bytes[at] = value;
    return decoding_refusal(bytes);
  };
  CHECK(with(0, 0x65) == Refusal::ip_header);  // IPv6
  CHECK(with(0, 0x44) == Refusal::ip_header);  // a header of four words
  CHECK(with(9, 17) == Refusal::ip_header);    // UDP
  CHECK(with(3, 19) == Refusal::ip_header);    // shorter than its own header
  CHECK(with(3, 41) == Refusal::too_short);    // longer than what came
  CHECK(with(0, 0x4f) == Refusal::ip_header);  // a header longer than the packet
  CHECK(with(3, 27) == Refusal::too_short);    // no whole VRRP header
  CHECK(with(3, 28) == Refusal::length);

  auto padded = good;
  padded.resize(64, 0xee);  // what Ethernet appends to short frames
  CHECK(!decoding_refusal(padded));

  auto with_options = good;
  with_options.insert(with_options.begin() + 20, {1, 1, 1, 0});
  with_options[0] = 0x46;
  with_options[3] += 4;
  const auto received = decode_packet(with_options);
  REQUIRE(received);
  CHECK(received->advertisement == advert(Version::v2, 100));
}

TEST_CASE("every refusal has a sentence of its own") {
  std::vector<std::string_view> texts;
  for (int i = 0; i <= static_cast<int>(Refusal::address_list); ++i)
    texts.push_back(users_text(static_cast<Refusal>(i)));
  CHECK(std::ranges::find(texts, std::string_view("unknown")) == texts.end());
  std::ranges::sort(texts);
  CHECK(std::ranges::adjacent_find(texts) == texts.end());
}
