#include "bfd/session.hpp"

#include <algorithm>
#include <deque>
#include <vector>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::bfd;
using namespace std::chrono_literals;

namespace {

/// Two sessions and the wire between them, in virtual time.
struct Pair {
  struct Wire {
    Instant at;
    std::size_t to;
    Packet packet;
  };
  explicit Pair(SessionParams one = {50ms, 50ms, 1s, 3, false}, SessionParams other = {50ms, 50ms, 1s, 3, false})
      : ends{Session(one, 11, 1, now), Session(other, 22, 2, now)} {}

  void absorb(std::size_t from, const Output& output) {
    for (const auto& packet : output.packets) {
      sent[from].push_back({now, packet});
      if (!is_cut && !dropped(from)) wire.push_back({now + 1ms, 1 - from, packet});
    }
    if (output.change) changes[from].push_back({now, *output.change});
  }

  bool dropped(std::size_t /*from*/) { return lose_every != 0 && ++count % lose_every == 0; }

  void run(Duration span) {
    const auto end = now + span;
    for (;;) {
      auto next = end;
      for (const auto& each : ends)
        if (const auto due = each.deadline()) next = std::min(next, std::max(*due, now));
      if (!wire.empty()) next = std::min(next, wire.front().at);
      if (next >= end) break;
      now = next;
      if (!wire.empty() && wire.front().at <= now) {
        const auto arrived = wire.front();
        wire.pop_front();
        absorb(arrived.to, ends[arrived.to].receive(decode(encode(arrived.packet)).value(), now));
        continue;
      }
      for (std::size_t i = 0; i < 2; ++i)
        if (const auto due = ends[i].deadline(); due && *due <= now) absorb(i, ends[i].tick(now));
    }
    now = end;
  }

  struct Sent {
    Instant at;
    Packet packet;
  };
  struct Changed {
    Instant at;
    StateChange change;
  };
  Instant now{1s};
  std::array<Session, 2> ends;
  std::deque<Wire> wire;
  std::array<std::vector<Sent>, 2> sent;
  std::array<std::vector<Changed>, 2> changes;
  bool is_cut = false;
  unsigned lose_every = 0, count = 0;
};

Packet heard(State state, Discriminator yours = 11) {
  Packet packet;
  packet.state = state;
  packet.multiplier = 3;
  packet.my_discriminator = 22;
  packet.your_discriminator = yours;
  packet.desired_min_tx = Microseconds(50'000);
  packet.required_min_rx = Microseconds(50'000);
  return packet;
}

/// A session of ours in a state.
Session session_in(State state, Instant now) {
  Session session({50ms, 50ms, 1s, 3, false}, 11, 1, now);
  if (state == State::init || state == State::up) (void)session.receive(heard(State::down), now);
  if (state == State::up) (void)session.receive(heard(State::init), now);
  if (state == State::admin_down) (void)session.stop();
  REQUIRE(session.state() == state);
  return session;
}

}  // namespace

TEST_CASE("all four states hear all four (RFC 5880 section 6.8.6)") {
  struct Cell {
    State ours, theirs, then;
  };
  using enum State;
  const std::vector<Cell> cells = {{admin_down, admin_down, admin_down},
                                   {admin_down, down, admin_down},
                                   {admin_down, init, admin_down},
                                   {admin_down, up, admin_down},
                                   {down, admin_down, down},
                                   {down, down, init},
                                   {down, init, up},
                                   {down, up, down},
                                   {init, admin_down, down},
                                   {init, down, init},
                                   {init, init, up},
                                   {init, up, up},
                                   {up, admin_down, down},
                                   {up, down, down},
                                   {up, init, up},
                                   {up, up, up}};
  for (const auto& cell : cells) {
    const Instant now{5s};
    auto session = session_in(cell.ours, now);
    const auto output = session.receive(heard(cell.theirs), now + 1ms);
    CAPTURE(name(cell.ours));
    CAPTURE(name(cell.theirs));
    CHECK(session.state() == cell.then);
    CHECK(output.change.has_value() == (cell.ours != cell.then));
  }
}

TEST_CASE("two neighbours come up, and then send as often as both agreed") {
  Pair pair({50ms, 50ms, 1s, 3, false}, {20ms, 100ms, 1s, 5, false});
  pair.run(3s);
  for (const auto& end : pair.ends)
    REQUIRE(end.state() == State::up);
  CHECK(pair.ends[0].transmit_interval() == 100ms);
  CHECK(pair.ends[1].transmit_interval() == 50ms);
  CHECK(pair.ends[0].detection_time() == 5 * 50ms);
  CHECK(pair.ends[1].detection_time() == 3 * 100ms);
  CHECK(pair.sent[0].front().packet.desired_min_tx == Microseconds(1'000'000));
  CHECK(pair.sent[0].back().packet.desired_min_tx == Microseconds(50'000));
  CHECK_FALSE(pair.sent[0].back().packet.poll);  // the Poll of coming up was answered
  const auto is_final = [](const Pair::Sent& each) { return each.packet.final; };
  CHECK(std::ranges::count_if(pair.sent[0], is_final) >= 1);
}

TEST_CASE("silence takes it down in the detection time, no sooner, and the neighbour's discriminator is forgotten") {
  Pair pair;
  pair.run(3s);
  const auto since = pair.now;
  pair.is_cut = true;
  pair.wire.clear();
  pair.run(1s);
  for (std::size_t i = 0; i < 2; ++i) {
    REQUIRE(pair.changes[i].back().change.to == State::down);
    CHECK(pair.changes[i].back().change.reason == "nothing heard for 150 ms");
    CHECK(pair.changes[i].back().at >= since + 99ms);  // the last packet may be 50 ms old, and is 1 ms on its way
    CHECK(pair.changes[i].back().at <= since + 151ms);
    CHECK(pair.sent[i].back().packet.your_discriminator == 0);
    CHECK(pair.sent[i].back().packet.diagnostic == Diagnostic::detection_expired);
  }
  pair.is_cut = false;
  pair.run(4s);
  CHECK(pair.ends[0].state() == State::up);
  CHECK(pair.ends[1].state() == State::up);
}

TEST_CASE("while it is not up it sends once a second, with jitter") {
  Pair pair;
  pair.is_cut = true;
  pair.run(100s);
  const auto& sent = pair.sent[0];
  REQUIRE(sent.size() > 100);
  for (std::size_t i = 1; i < sent.size(); ++i) {
    CHECK(sent[i].at - sent[i - 1].at >= 750ms);
    CHECK(sent[i].at - sent[i - 1].at <= 1s);
  }
}

TEST_CASE("the jitter takes up to a quarter, of a multiplier of 1 at least a tenth (section 6.8.7)") {
  for (const std::uint8_t multiplier : {std::uint8_t{1}, std::uint8_t{3}}) {
    Pair pair({100ms, 10ms, 1s, multiplier, false}, {100ms, 10ms, 1s, 3, false});
    pair.run(3s);
    const auto first = pair.sent[0].size();
    pair.run(100s);
    Duration least = 1s, most{};
    for (std::size_t i = first + 1; i < pair.sent[0].size(); ++i) {
      const auto pause = pair.sent[0][i].at - pair.sent[0][i - 1].at;
      least = std::min(least, pause);
      most = std::max(most, pause);
    }
    CHECK(least >= 75ms);
    CHECK(least < 78ms);
    CHECK(most <= (multiplier == 1 ? 90ms : 100ms));
    CHECK(most > (multiplier == 1 ? 87ms : 97ms));
  }
}

TEST_CASE("one lost packet of three harms nobody") {
  Pair pair;
  pair.run(3s);
  const auto before = pair.changes[0].size();
  pair.lose_every = 3;
  pair.run(60s);
  CHECK(pair.changes[0].size() == before);
  CHECK(pair.ends[1].state() == State::up);
}

TEST_CASE("a passive one speaks when spoken to; two passive ones never") {
  Pair pair({50ms, 50ms, 1s, 3, true}, {50ms, 50ms, 1s, 3, false});
  pair.is_cut = true;
  pair.run(5s);
  CHECK(pair.sent[0].empty());
  pair.is_cut = false;
  pair.run(3s);
  CHECK(pair.ends[0].state() == State::up);

  Pair silent({50ms, 50ms, 1s, 3, true}, {50ms, 50ms, 1s, 3, true});
  silent.run(10s);
  CHECK(silent.sent[0].empty());
  CHECK(silent.ends[0].state() == State::down);
}

TEST_CASE("who wants no packets gets none, but answers to Polls") {
  const Instant now{5s};
  auto session = session_in(State::up, now);
  auto quiet = heard(State::up);
  quiet.required_min_rx = Microseconds(0);
  (void)session.receive(quiet, now + 1ms);
  CHECK(session.transmit_interval() == 0s);
  quiet.poll = true;
  const auto answer = session.receive(quiet, now + 2ms);
  REQUIRE(answer.packets.size() == 1);
  CHECK(answer.packets[0].final);
  CHECK_FALSE(answer.packets[0].poll);
}

TEST_CASE("a neighbour in demand mode is left alone while both are up") {
  const Instant now{5s};
  auto session = session_in(State::up, now);
  auto demanding = heard(State::up);
  demanding.final = true;
  demanding.demand = true;
  (void)session.receive(demanding, now + 1ms);
  CHECK(session.transmit_interval() == 0s);
}

TEST_CASE("new intervals are agreed upon by a Poll, and slower ones wait for it") {
  Pair pair;
  pair.run(3s);
  const auto before = pair.changes[0].size();
  pair.ends[0].reconfigure({200ms, 50ms, 1s, 3, false}, pair.now);
  CHECK(pair.ends[0].transmit_interval() == 50ms);
  pair.run(20ms);
  const auto is_poll = [](const Pair::Sent& each) { return each.packet.poll; };
  CHECK(std::ranges::any_of(pair.sent[0].end() - 2, pair.sent[0].end(), is_poll));
  CHECK(pair.ends[0].transmit_interval() == 200ms);
  CHECK(pair.ends[1].detection_time() == 600ms);
  pair.run(10s);
  CHECK(pair.changes[0].size() == before);
}

TEST_CASE("the last packet of one that is stopped takes the other down at once, and says why") {
  Pair pair;
  pair.run(3s);
  const auto last = pair.ends[0].stop();
  CHECK(last.state == State::admin_down);
  CHECK(last.diagnostic == Diagnostic::administratively_down);
  const auto output = pair.ends[1].receive(last, pair.now);
  REQUIRE(output.change.has_value());
  CHECK(output.change->to == State::down);
  CHECK(pair.ends[0].deadline() == std::nullopt);
}
