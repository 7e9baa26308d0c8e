// session.hpp - one BFD session in asynchronous mode (RFC 5880 section 6.8).
//
// Sans-I/O: the caller feeds packets and the present time, sends what comes out, and calls tick() when deadline() is
// reached.  No echo, no authentication, and demand mode is never asked for.
#pragma once

#include <array>
#include <optional>
#include <random>
#include <string>

#include "bfd/packet.hpp"
#include "core/time.hpp"

namespace baton::bfd {

struct SessionParams {
  Duration min_tx = std::chrono::milliseconds{10};  // while Up; the peer may ask for less often
  Duration min_rx = std::chrono::milliseconds{10};
  Duration idle_tx = std::chrono::seconds{1};  // while not Up; at least 1 s (section 6.8.3)
  std::uint8_t multiplier = 5;                 // 1..255
  bool passive = false;                        // sends nothing before the peer has
  friend bool operator==(const SessionParams&, const SessionParams&) = default;
};

/// The session has changed its state.
struct StateChange {
  State from = State::down, to = State::down;
  std::string reason;  // "nothing heard for 150 ms"
};

/// What is to be sent now: at most one answer to a Poll and one packet that is due, in this order.  Not on the heap,
/// for there is one for each packet received.
class Packets {
 public:
  void push_back(const Packet& packet);
  [[nodiscard]] const Packet* begin() const { return packets_.data(); }
  [[nodiscard]] const Packet* end() const { return packets_.data() + size_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] const Packet& operator[](std::size_t index) const { return packets_.at(index); }

 private:
  std::array<Packet, 2> packets_;
  std::size_t size_ = 0;
};

struct Output {
  Packets packets;
  std::optional<StateChange> change;
};

class Session {
 public:
  /// `discriminator` is ours: not 0, no other session's.  `seed` is for the jitter of what is sent.  The first packet
  /// is due at `now` (of a passive session: never, before the peer speaks).
  Session(const SessionParams& params, Discriminator discriminator, std::uint32_t seed, Instant now);

  /// A packet that decode() has taken and that is this session's.
  Output receive(const Packet& packet, Instant now);
  Output tick(Instant now);
  /// A reload: what differs is negotiated by a Poll (section 6.8.3), the state stays.
  void reconfigure(const SessionParams& params, Instant now);
  /// For good: the last packet tells that it is on purpose (section 6.8.16).
  Packet stop();

  /// When tick() is due at the latest; none: nothing will happen by itself.
  [[nodiscard]] std::optional<Instant> deadline() const;

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] Discriminator discriminator() const { return discriminator_; }
  [[nodiscard]] const SessionParams& params() const { return params_; }
  /// Detection Time of what the peer sends; 0 before it has spoken.
  [[nodiscard]] Duration detection_time() const;
  /// How often we send, before jitter; 0: not at all.
  [[nodiscard]] Duration transmit_interval() const;

 private:
  [[nodiscard]] Duration desired_tx() const;
  [[nodiscard]] Packet packet(bool final) const;
  [[nodiscard]] Duration jittered(Duration interval);
  void enter(State state, Diagnostic diagnostic, std::string reason, Output* output);
  void follow_peer_state(const Packet& packet, Output* output);
  void schedule(Instant now);

  SessionParams params_;
  Discriminator discriminator_;
  std::minstd_rand random_;
  State state_ = State::down;
  Diagnostic diagnostic_ = Diagnostic::none;
  bool polls_ = false;      // a Poll waits for its Final
  Duration tx_in_force_{};  // while a Poll for a longer one is under way
  Duration rx_in_force_{};  // likewise for a shorter one
  // of the peer
  Discriminator remote_discriminator_ = 0;
  State remote_state_ = State::down;
  bool remote_demand_ = false;
  Duration remote_min_rx_ = std::chrono::microseconds{1};
  Duration remote_min_tx_{};
  std::uint8_t remote_multiplier_ = 0;

  Instant sent_;                   // last
  std::optional<Instant> next_;    // to send
  std::optional<Instant> expiry_;  // of the detection time
};

}  // namespace baton::bfd
