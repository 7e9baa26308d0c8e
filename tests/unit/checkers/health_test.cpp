#include "checkers/health.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace baton::checkers;
using namespace std::chrono_literals;
using baton::Duration;

namespace {

Schedule schedule(unsigned retry) {
  Schedule made;
  made.delay_loop = 10s;
  made.delay_before_retry = 2s;
  made.retry = retry;
  return made;
}

/// Plays `probes` ('+' passed, '-' failed, 'L' local trouble) and writes what follows each: the verdict ('U', 'D',
/// lower case when it has not changed) and the pause in seconds (one digit, 'x' for 10).
std::string play(Health health, std::string_view probes) {
  std::string told;
  for (const char probe : probes) {
    const auto outcome = probe == '+' ? Outcome::passed : probe == '-' ? Outcome::failed : Outcome::local_trouble;
    const bool changed = health.record(outcome).has_value();
    const bool up = health.verdict() == Verdict::up;
    told += changed ? (up ? 'U' : 'D') : (up ? 'u' : 'd');
    const auto pause = std::chrono::duration_cast<std::chrono::seconds>(health.next_delay()).count();
    told += pause == 10 ? 'x' : static_cast<char>('0' + pause);
  }
  return told;
}

}  // namespace

TEST_CASE("what each series of probes comes to") {
  struct Row {
    const char* what;
    unsigned retry;
    Verdict initial;
    bool known;
    std::string_view probes, told;
  };
  const auto up = Verdict::up;
  const auto down = Verdict::down;
  const std::vector<Row> rows{
      {"the very first failure counts at once", 3, up, false, "-", "Dx"},
      {"and without retries it stays so, one attempt per delay_loop", 3, up, false, "---", "Dxdxdx"},
      {"one success recovers", 3, up, false, "-+", "DxUx"},
      {"later failures have their retries", 2, up, false, "+---", "uxu2u2Dx"},
      {"a success among them forgives all", 2, up, false, "+--+--+", "uxu2u2uxu2u2ux"},
      {"no retries: the first counts", 0, up, false, "+-", "uxDx"},
      {"after recovery the retries are back", 1, up, false, "+--+--", "uxu2DxUxu2Dx"},
      {"a known check has its retries from the start", 1, up, true, "--", "u2Dx"},
      {"a known failure goes on as one", 1, down, true, "--+--", "dxdxUxu2Dx"},
      {"an alpha check that fails first stays down", 1, down, false, "--", "dxdx"},
      {"an alpha check that passes first comes up", 1, down, false, "+--", "Uxu2Dx"},
      {"local trouble changes nothing and waits for delay_loop", 1, up, false, "LLL", "uxuxux"},
      {"not even the first result", 1, up, false, "L-", "uxDx"},
      {"nor a series of failures under way", 1, up, false, "+-L-", "uxu2uxDx"},
      {"nor one that is confirmed", 1, up, false, "-L-L+", "DxdxdxdxUx"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CHECK(play(Health(schedule(row.retry), row.initial, row.known), row.probes) == row.told);
  }
}

TEST_CASE("a result is known once it counts, not while it is being confirmed") {
  Health health(schedule(1));
  CHECK_FALSE(health.known());
  health.record(Outcome::local_trouble);
  CHECK_FALSE(health.known());
  health.record(Outcome::passed);
  CHECK(health.known());
  CHECK_FALSE(health.confirming());
  health.record(Outcome::failed);
  CHECK(health.confirming());
  CHECK_FALSE(health.failure_confirmed());
  health.record(Outcome::failed);
  CHECK_FALSE(health.confirming());
  CHECK(health.failure_confirmed());
}

TEST_CASE("the pause of a failed check is stretched only while it has failed") {
  Health health(schedule(1));
  health.stretch_when_failed(30s);
  health.record(Outcome::passed);
  CHECK(health.next_delay() == 10s);
  health.record(Outcome::failed);
  CHECK(health.next_delay() == 2s);  // being confirmed
  health.record(Outcome::failed);
  CHECK(health.next_delay() == 30s);
  health.record(Outcome::local_trouble);
  CHECK(health.next_delay() == 10s);
  health.record(Outcome::failed);
  CHECK(health.next_delay() == 30s);
  health.record_progress();
  CHECK(health.next_delay() == 10s);
  CHECK(health.verdict() == Verdict::down);  // progress is no verdict
  health.stretch_when_failed(1s);            // never shorter than delay_loop
  health.record(Outcome::failed);
  health.record(Outcome::failed);
  CHECK(health.next_delay() == 10s);
}

TEST_CASE("a probe may take four waits, or delay_loop") {
  Schedule timing;
  timing.connect_timeout = 5s;
  timing.delay_loop = 60s;
  CHECK(longest_probe(timing) == 60s);
  timing.delay_loop = 6s;
  CHECK(longest_probe(timing) == 20s);
}

TEST_CASE("first probes are spread evenly over the warm-up, each in its own share, the same for the same seed") {
  Schedule timing;
  timing.warmup = 10s;
  constexpr std::size_t kCount = 1000;
  constexpr Duration kShare = 10ms;
  for (std::size_t index = 0; index < kCount; ++index) {
    const Duration delay = first_delay(timing, index, kCount, 42);
    REQUIRE(delay >= 1s + index * kShare);
    REQUIRE(delay <= 1s + (index + 1) * kShare);
    REQUIRE(delay == first_delay(timing, index, kCount, 42));
  }
  std::size_t same = 0;
  for (std::size_t index = 0; index < kCount; ++index)
    same += first_delay(timing, index, kCount, 1) == first_delay(timing, index, kCount, 2) ? 1U : 0U;
  CHECK(same < 10);

  CHECK(first_delay(timing, 0, 1, 7) >= 1s);
  CHECK(first_delay(timing, 0, 1, 7) < 11s);
  timing.warmup = 0s;
  CHECK(first_delay(timing, 999, 1000, 7) == 1s);
}

TEST_CASE("a probe begins up to four milliseconds after it is due, together with its neighbours") {
  Schedule timing;
  timing.delay_loop = 1s;
  for (const auto due : {0us, 1us, 3999us, 4000us, 4001us, 7000us}) {
    const baton::Instant begins = gathered(timing, baton::Instant(due));
    CHECK(begins >= baton::Instant(due));
    CHECK(begins - baton::Instant(due) < 4ms);
    CHECK(begins.time_since_epoch() % 4ms == 0ms);
  }
  CHECK(gathered(timing, baton::Instant(4001us)) == gathered(timing, baton::Instant(7999us)));
  timing.delay_loop = 999ms;
  CHECK(gathered(timing, baton::Instant(4001us)) == baton::Instant(5ms));
  CHECK(gathered(timing, baton::Instant(5ms)) == baton::Instant(5ms));
}
