// Two BFD sessions over a link that loses, repeats and overtakes: what must hold whatever it does.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <random>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "bfd/session.hpp"

using namespace baton;
using namespace baton::bfd;
using namespace std::chrono_literals;

namespace {

struct Trouble {
  unsigned loss = 0, copies = 0;  // permille of the packets lost, and repeated
  Duration delay{};               // at most; whoever has less overtakes
};

constexpr Duration kWire = 1ms;

/// Virtual time, and both ends of a link.
class Link {
 public:
  Link(const std::array<SessionParams, 2>& params, std::uint32_t seed)
      : random_(seed), ends_{Session(params[0], 11, seed, now_), Session(params[1], 22, seed + 1, now_)} {}

  void set(const Trouble& trouble) { trouble_ = trouble; }
  /// What this end sends is lost from now on.
  void cut(std::size_t from) { is_cut_.at(from) = true; }
  void reconfigure(std::size_t which, const SessionParams& params) { ends_.at(which).reconfigure(params, now_); }
  void stop(std::size_t which) { send(which, ends_.at(which).stop()); }

  void run(Duration span) {
    const auto end = now_ + span;
    for (;;) {
      auto next = end;
      for (const auto& each : ends_)
        if (const auto due = each.deadline()) next = std::min(next, std::max(*due, now_));
      if (!wire_.empty()) next = std::min(next, wire_.begin()->first);
      if (next >= end) break;
      now_ = next;
      step();
    }
    now_ = end;
  }

  [[nodiscard]] const Session& end(std::size_t which) const { return ends_.at(which); }
  [[nodiscard]] bool both(State state) const { return ends_[0].state() == state && ends_[1].state() == state; }
  [[nodiscard]] std::size_t changes() const { return changes_; }
  [[nodiscard]] const std::vector<Instant>& sent(std::size_t which) const { return sent_.at(which); }
  void forget_sent() { sent_ = {}; }
  [[nodiscard]] Instant now() const { return now_; }

 private:
  struct Arrival {
    std::size_t to = 0;
    Packet packet;
  };

  unsigned permille() { return static_cast<unsigned>(random_() % 1000); }

  void step() {
    if (!wire_.empty() && wire_.begin()->first <= now_) {
      const auto arrival = wire_.begin()->second;
      wire_.erase(wire_.begin());
      auto& session = ends_.at(arrival.to);
      const auto output = session.receive(decode(encode(arrival.packet)).value(), now_);
      if (session.state() != State::admin_down) heard_.at(arrival.to) = now_ + session.detection_time();
      absorb(arrival.to, output);
      return;
    }
    for (std::size_t i = 0; i < ends_.size(); ++i)
      if (const auto due = ends_[i].deadline(); due && *due <= now_) absorb(i, ends_[i].tick(now_));
  }

  void absorb(std::size_t from, const Output& output) {
    RC_ASSERT(output.packets.size() <= 2U);
    for (const auto& packet : output.packets) {
      RC_ASSERT(packet.my_discriminator == ends_.at(from).discriminator());
      RC_ASSERT(!(packet.poll && packet.final));
      send(from, packet);
    }
    if (!output.change) return;
    ++changes_;
    RC_ASSERT(output.change->from != output.change->to);
    RC_ASSERT(output.change->to == ends_.at(from).state());
    // Nobody is declared dead before he was silent for the detection time of the last packet heard.
    if (output.change->reason.find("nothing heard") != std::string::npos) {
      RC_ASSERT(heard_.at(from).has_value());
      RC_ASSERT(now_ >= *heard_.at(from));
    }
  }

  void send(std::size_t from, const Packet& packet) {
    if (!packet.final) sent_.at(from).push_back(now_);
    if (is_cut_.at(from)) return;
    const int copies = permille() < trouble_.copies ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      if (permille() < trouble_.loss) continue;
      const auto extra = trouble_.delay * (random_() % 1001) / 1000;
      wire_.emplace(now_ + kWire + extra, Arrival{1 - from, packet});
    }
  }

  Instant now_{1s};
  std::minstd_rand random_;
  std::array<Session, 2> ends_;
  Trouble trouble_;
  std::array<bool, 2> is_cut_{};
  std::multimap<Instant, Arrival> wire_;
  std::array<std::optional<Instant>, 2> heard_;  // how long what was heard last is enough
  std::array<std::vector<Instant>, 2> sent_;
  std::size_t changes_ = 0;
};

SessionParams any_params() {
  return {*rc::gen::element<Duration>(10ms, 50ms, 300ms, 1s), *rc::gen::element<Duration>(10ms, 50ms, 300ms, 1s),
          *rc::gen::element<Duration>(1s, 2s), *rc::gen::element<std::uint8_t>(1, 2, 3, 5, 20), false};
}

Trouble any_trouble() {
  return {*rc::gen::inRange(0U, 1000U), *rc::gen::inRange(0U, 500U),
          std::chrono::milliseconds(*rc::gen::inRange(0, 500))};
}

constexpr Duration kPeace = 20s;  // beyond any detection time of what has been heard, and three handshakes

Duration interval(const SessionParams& own, const SessionParams& peer) {
  return std::max(own.min_tx, peer.min_rx);
}

}  // namespace

TEST_CASE("after any trouble two sessions are up within three packets of a good link, and stay so at the right pace") {
  CHECK(rc::check("recovery", [] {
    std::array<SessionParams, 2> params{any_params(), any_params()};
    params[0].passive = *rc::gen::arbitrary<bool>();
    Link link(params, *rc::gen::inRange<std::uint32_t>(1, 1'000'000));
    const auto turns = *rc::gen::inRange(0, 6);
    for (int i = 0; i < turns; ++i) {
      link.set(any_trouble());
      link.run(std::chrono::milliseconds(*rc::gen::inRange(1, 8000)));
      if (*rc::gen::inRange(0, 3) != 0) continue;
      const auto which = static_cast<std::size_t>(*rc::gen::inRange(0, 2));
      const auto passive = params.at(which).passive;
      params.at(which) = any_params();
      params.at(which).passive = passive;
      link.reconfigure(which, params.at(which));
    }
    link.set({});
    // A multiplier of 20 at 1 s is the longest that a dead end is believed in.
    link.run(kPeace + 10s);
    RC_ASSERT(link.both(State::up));
    const auto changes = link.changes();
    link.forget_sent();
    link.run(10s);
    RC_ASSERT(link.changes() == changes);
    for (std::size_t i = 0; i < 2; ++i) {
      const auto& own = params.at(i);
      const auto& peer = params.at(1 - i);
      RC_ASSERT(link.end(i).transmit_interval() == interval(own, peer));
      RC_ASSERT(link.end(i).detection_time() == peer.multiplier * interval(peer, own));
      const auto& sent = link.sent(i);
      for (std::size_t k = 1; k < sent.size(); ++k) {
        RC_ASSERT(sent[k] - sent[k - 1] >= interval(own, peer) * 3 / 4);
        RC_ASSERT(sent[k] - sent[k - 1] <= interval(own, peer) * (own.multiplier == 1 ? 9 : 10) / 10);
      }
      RC_ASSERT(!sent.empty());
    }
  }));
}

TEST_CASE("a link cut one way is noticed at both ends within the detection time, and a stop is told as one") {
  CHECK(rc::check("silence", [] {
    const std::array<SessionParams, 2> params{any_params(), any_params()};
    Link link(params, *rc::gen::inRange<std::uint32_t>(1, 1'000'000));
    link.run(10s);
    RC_ASSERT(link.both(State::up));
    const auto deaf = static_cast<std::size_t>(*rc::gen::inRange(0, 2));
    const auto detection = link.end(deaf).detection_time();
    if (*rc::gen::arbitrary<bool>()) {
      link.stop(1 - deaf);
      link.run(kWire + 1ms);
      RC_ASSERT(link.end(deaf).state() == State::down);
      return;
    }
    link.cut(1 - deaf);
    link.run(detection + 2 * kWire + 1ms);
    RC_ASSERT(link.end(deaf).state() == State::down);
    // That end says so, and the other, which is heard no more, goes down at once; it may answer with Init, in vain.
    link.run(2s);
    RC_ASSERT(link.end(1 - deaf).state() != State::up);
    link.run(kPeace);
    RC_ASSERT(link.end(deaf).state() == State::down);
    RC_ASSERT(link.end(1 - deaf).state() != State::up);
  }));
}

TEST_CASE("copies and packets that overtake each other, fewer than a detection time apart, take no session down") {
  CHECK(rc::check("disorder", [] {
    auto first = any_params(), second = any_params();
    first.multiplier = std::max<std::uint8_t>(first.multiplier, 3);
    second.multiplier = std::max<std::uint8_t>(second.multiplier, 3);
    Link link({first, second}, *rc::gen::inRange<std::uint32_t>(1, 1'000'000));
    link.run(10s);
    RC_ASSERT(link.both(State::up));
    const auto changes = link.changes();
    const auto shortest = std::min(interval(first, second), interval(second, first));
    link.set({0, *rc::gen::inRange(0U, 1000U), *rc::gen::inRange(0, 2) == 0 ? shortest : shortest / 2});
    link.run(60s);
    RC_ASSERT(link.changes() == changes);
  }));
}
