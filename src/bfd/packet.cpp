#include "bfd/packet.hpp"

namespace baton::bfd {

namespace {

constexpr unsigned kVersion = 1;
constexpr unsigned kPoll = 0x20, kFinal = 0x10, kAuthentication = 0x04, kDemand = 0x02, kMultipoint = 0x01;
constexpr std::size_t kSmallestAuthenticated = 26;  // octets

void store32(PacketBytes& octets, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    octets[at + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

std::uint32_t load32(std::span<const std::uint8_t> octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8U | octets[at + i];
  return value;
}

}  // namespace

const char* name(State state) {
  switch (state) {
    case State::admin_down: return "AdminDown";
    case State::down: return "Down";
    case State::init: return "Init";
    case State::up: break;
  }
  return "Up";
}

PacketBytes encode(const Packet& packet) {
  PacketBytes octets{};
  octets[0] = static_cast<std::uint8_t>(kVersion << 5U | static_cast<unsigned>(packet.diagnostic));
  const unsigned flags = (packet.poll ? kPoll : 0) | (packet.final ? kFinal : 0) | (packet.demand ? kDemand : 0);
  octets[1] = static_cast<std::uint8_t>(static_cast<unsigned>(packet.state) << 6U | flags);
  octets[2] = packet.multiplier;
  octets[3] = kPacketSize;
  store32(octets, 4, packet.my_discriminator);
  store32(octets, 8, packet.your_discriminator);
  store32(octets, 12, packet.desired_min_tx.count());
  store32(octets, 16, packet.required_min_rx.count());
  return octets;  // Required Min Echo RX Interval is 0: no echo
}

tl::expected<Packet, Refusal> decode(std::span<const std::uint8_t> octets) {
  const auto refuse = [](Refusal refusal) { return tl::unexpected(refusal); };
  if (octets.size() < kPacketSize) return refuse(Refusal::length);
  if (octets[0] >> 5U != kVersion) return refuse(Refusal::version);
  const unsigned flags = octets[1];
  const bool is_authenticated = (flags & kAuthentication) != 0;
  const std::size_t length = octets[3];
  if (length < (is_authenticated ? kSmallestAuthenticated : kPacketSize)) return refuse(Refusal::length);
  if (length > octets.size()) return refuse(Refusal::length);
  Packet packet;
  packet.multiplier = octets[2];
  if (packet.multiplier == 0) return refuse(Refusal::multiplier);
  if ((flags & kMultipoint) != 0) return refuse(Refusal::multipoint);
  packet.my_discriminator = load32(octets, 4);
  if (packet.my_discriminator == 0) return refuse(Refusal::my_discriminator);
  packet.state = static_cast<State>(flags >> 6U);
  packet.your_discriminator = load32(octets, 8);
  const bool may_not_know_us = packet.state == State::down || packet.state == State::admin_down;
  if (packet.your_discriminator == 0 && !may_not_know_us) return refuse(Refusal::your_discriminator);
  if (is_authenticated) return refuse(Refusal::authentication);
  packet.diagnostic = static_cast<Diagnostic>(octets[0] & 0x1fU);
  packet.poll = (flags & kPoll) != 0;
  packet.final = (flags & kFinal) != 0;
  packet.demand = (flags & kDemand) != 0;
  packet.desired_min_tx = Microseconds(load32(octets, 12));
  packet.required_min_rx = Microseconds(load32(octets, 16));
  return packet;
}

}  // namespace baton::bfd
