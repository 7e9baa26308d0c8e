// packet.hpp - BFD Control packets as bytes (RFC 5880 section 4.1), without authentication.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include <tl/expected.hpp>

#include "bfd/refusal.hpp"

namespace baton::bfd {

/// Sta (RFC 5880 section 4.1).
enum class State : std::uint8_t { admin_down = 0, down = 1, init = 2, up = 3 };
/// "AdminDown", "Down", "Init", "Up".
const char* name(State state);

/// Diag (RFC 5880 section 4.1): why the session last left Up.
enum class Diagnostic : std::uint8_t {
  none = 0,
  detection_expired = 1,
  echo_failed = 2,
  neighbor_down = 3,
  forwarding_reset = 4,
  path_down = 5,
  concatenated_path_down = 6,
  administratively_down = 7,
  reverse_concatenated_path_down = 8
};

using Discriminator = std::uint32_t;
/// What the packets count in.
using Microseconds = std::chrono::duration<std::uint32_t, std::micro>;

struct Packet {
  State state = State::down;
  Diagnostic diagnostic = Diagnostic::none;  // others than the above are kept as they are
  bool poll = false;
  bool final = false;
  bool demand = false;
  std::uint8_t multiplier = 0;           // Detect Mult, 1..255
  Discriminator my_discriminator = 0;    // not 0
  Discriminator your_discriminator = 0;  // 0: the sender does not know ours
  Microseconds desired_min_tx{};
  Microseconds required_min_rx{};  // 0: wants no periodic packets
  friend bool operator==(const Packet&, const Packet&) = default;
};

inline constexpr std::size_t kPacketSize = 24;  // octets, without authentication

using PacketBytes = std::array<std::uint8_t, kPacketSize>;
PacketBytes encode(const Packet& packet);

/// `octets` is the UDP payload.
tl::expected<Packet, Refusal> decode(std::span<const std::uint8_t> octets);

}  // namespace baton::bfd
