#include "bfd/packet.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace baton::bfd;

namespace {

Packet sample() {
  Packet packet;
  packet.state = State::up;
  packet.diagnostic = Diagnostic::neighbor_down;
  packet.poll = true;
  packet.multiplier = 3;
  packet.my_discriminator = 0x01020304;
  packet.your_discriminator = 0x05060708;
  packet.desired_min_tx = Microseconds(50'000);
  packet.required_min_rx = Microseconds(300'000);
  return packet;
}

Refusal refusal_of(const std::vector<std::uint8_t>& octets) {
  const auto packet = decode(octets);
  REQUIRE_FALSE(packet.has_value());
  return packet.error();
}

/// The sample with one octet changed.
std::vector<std::uint8_t> with(std::size_t at, std::uint8_t octet) {
  const auto bytes = encode(sample());
  std::vector<std::uint8_t> octets(bytes.begin(), bytes.end());
  octets[at] = octet;
  return octets;
}

}  // namespace

TEST_CASE("the octets are those of RFC 5880 section 4.1") {
  const PacketBytes expected = {0x23, 0xe0, 3,    24,   1, 2, 3,    4,    5, 6, 7, 8,
                                0,    0,    0xc3, 0x50, 0, 4, 0x93, 0xe0, 0, 0, 0, 0};
  CHECK(encode(sample()) == expected);
  CHECK(decode(expected).value() == sample());
}

TEST_CASE("each rule of section 6.8.6 refuses for its own reason") {
  CHECK(refusal_of(with(0, 0x40)) == Refusal::version);
  CHECK(refusal_of(with(3, 23)) == Refusal::length);
  CHECK(refusal_of(with(3, 25)) == Refusal::length);  // more than there is
  CHECK(refusal_of(std::vector<std::uint8_t>(23, 0)) == Refusal::length);
  CHECK(refusal_of(with(2, 0)) == Refusal::multiplier);
  CHECK(refusal_of(with(1, 0xe1)) == Refusal::multipoint);
  auto nameless = sample();
  nameless.my_discriminator = 0;
  auto bytes = encode(nameless);
  CHECK(refusal_of({bytes.begin(), bytes.end()}) == Refusal::my_discriminator);
  auto authenticated = with(1, 0xe4);
  CHECK(refusal_of(authenticated) == Refusal::length);  // less than 26
  authenticated.resize(28);
  authenticated[3] = 28;
  CHECK(refusal_of(authenticated) == Refusal::authentication);
}

TEST_CASE("only who is down may not know us") {
  for (const auto state : {State::admin_down, State::down, State::init, State::up}) {
    auto packet = sample();
    packet.state = state;
    packet.your_discriminator = 0;
    const auto decoded = decode(encode(packet));
    const bool may = state == State::down || state == State::admin_down;
    CHECK(decoded.has_value() == may);
    if (!may) CHECK(decoded.error() == Refusal::your_discriminator);
  }
}
