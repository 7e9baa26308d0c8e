#include "checkers/check_state.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

using namespace baton::checkers;
using namespace std::chrono_literals;
using baton::Duration;
using baton::Instant;

namespace {

CheckSpec http_check(std::size_t urls, unsigned retry, Duration delay_before_retry) {
  HttpSpec http;
  for (std::size_t i = 0; i < urls; ++i) {
    UrlSpec url;
    url.path = std::string(1, static_cast<char>('a' + i));
    url.status_codes = {StatusRange{}};
    http.urls.push_back(url);
  }
  CheckSpec check;
  check.what = http;
  check.schedule.delay_loop = 1s;
  check.schedule.delay_before_retry = delay_before_retry;
  check.schedule.retry = retry;
  return check;
}

/// Plays the probes one after the other as a server would see them; a probe passes unless `fails` names its number.
/// Writes like the recordings of keepalived 2.2.7 read: time in tenths of a second, URL, '+' or '-', then U or D.
std::string play(const CheckSpec& spec, const std::vector<int>& fails, int probes) {
  CheckState state(spec);
  const Instant start{};
  Instant due = start;
  std::string told;
  for (int number = 1; number <= probes; ++number) {
    const bool passes = std::find(fails.begin(), fails.end(), number) == fails.end();
    const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(due - start).count() / 100;
    told += std::to_string(tenths) + static_cast<char>('a' + state.url()) + (passes ? '+' : '-');
    const auto changed = state.record(passes ? Outcome::passed : Outcome::failed);
    if (changed) told += *changed == Verdict::up ? 'U' : 'D';
    told += ' ';
    due = state.next_due(due, due);
  }
  return told;
}

}  // namespace

// What keepalived 2.2.7 did with the same configuration and the same failures, recorded at the server.
TEST_CASE("several URLs take turns as keepalived's do") {
  SUBCASE("a failure in the first round counts at once; then that URL alone, then all") {
    CHECK(play(http_check(3, 2, 400ms), {2, 3}, 9) == "0a+ 10b-D 20b- 30b+ 40a+ 50b+ 60c+U 70a+ 80b+ ");
  }
  SUBCASE("the very first fails") {
    CHECK(play(http_check(3, 2, 400ms), {1, 2}, 8) == "0a-D 10a- 20a+ 30a+ 40b+ 50c+U 60a+ 70b+ ");
  }
  SUBCASE("a failure that a retry forgives") {
    CHECK(play(http_check(3, 2, 400ms), {5}, 9) == "0a+ 10b+ 20c+ 30a+ 40b- 44b+ 54c+ 64a+ 74b+ ");
  }
  SUBCASE("a confirmed failure") {
    CHECK(play(http_check(3, 2, 400ms), {6, 7, 8, 9, 10}, 15) ==
          "0a+ 10b+ 20c+ 30a+ 40b+ 50c- 54c- 58c-D 68c- 78c- 88c+ 98a+ 108b+ 118c+U 128a+ ");
  }
  SUBCASE("a failure while recovering has its retries, and does not start the round again") {
    CHECK(play(http_check(3, 2, 400ms), {6, 7, 8, 9, 10, 12, 13}, 17) ==
          "0a+ 10b+ 20c+ 30a+ 40b+ 50c- 54c- 58c-D 68c- 78c- 88c+ 98a- 102a- 106a+ 116b+ 126c+U 136a+ ");
  }
  SUBCASE("delay_before_retry longer than delay_loop is the pause of a failed URL") {
    CHECK(play(http_check(3, 1, 2500ms), {5, 6, 7, 8}, 13) ==
          "0a+ 10b+ 20c+ 30a+ 40b- 65b-D 90b- 115b- 140b+ 150a+ 160b+ 170c+U 180a+ ");
  }
  SUBCASE("no retries") {
    CHECK(play(http_check(3, 0, 400ms), {5, 6}, 11) == "0a+ 10b+ 20c+ 30a+ 40b-D 50b- 60b+ 70a+ 80b+ 90c+U 100a+ ");
  }
  SUBCASE("one URL needs two passes to come back") {
    CHECK(play(http_check(1, 2, 400ms), {3, 4, 5, 6, 7, 11}, 12) ==
          "0a+ 10a+ 20a- 24a- 28a-D 38a- 48a- 58a+ 68a+U 78a+ 88a- 92a+ ");
  }
  SUBCASE("two URLs, both down") {
    CHECK(play(http_check(2, 2, 400ms), {5, 6, 7, 8, 9, 10, 11, 12}, 16) ==
          "0a+ 10b+ 20a+ 30b+ 40a- 44a- 48a-D 58a- 68a- 78a- 88a- 98a- 108a+ 118a+ 128b+U 138a+ ");
  }
}

TEST_CASE("a failure confirmed again while recovering holds the check at that URL") {
  CHECK(play(http_check(3, 1, 400ms), {2, 5, 6, 7}, 13) ==
        "0a+ 10b-D 20b+ 30a+ 40b- 44b- 54b- 64b+ 74a+ 84b+ 94c+U 104a+ 114b+ ");
}

TEST_CASE("a TCP check needs one pass to come back, and its pause is delay_loop") {
  CheckSpec spec;
  spec.schedule = http_check(1, 1, 2500ms).schedule;
  CHECK(play(spec, {2, 3, 4, 5}, 8) == "0a+ 10a- 35a-D 45a- 55a- 65a+U 75a+ 85a+ ");
}

TEST_CASE("local trouble leaves URL and round where they are") {
  CheckState state(http_check(3, 1, 400ms));
  state.record(Outcome::passed);
  CHECK(state.url() == 1);
  CHECK_FALSE(state.record(Outcome::local_trouble));
  CHECK(state.url() == 1);
  CHECK(state.health().next_delay() == 1s);
  CHECK_FALSE(state.health().known());
}

TEST_CASE("a check that was down in a former process asks its first URL alone, then all") {
  CheckState state(http_check(2, 1, 400ms), Verdict::down, true);
  CHECK_FALSE(state.record(Outcome::failed));
  CHECK(state.url() == 0);
  CHECK_FALSE(state.record(Outcome::passed));
  CHECK(state.url() == 0);
  CHECK_FALSE(state.record(Outcome::passed));
  CHECK(state.url() == 1);
  CHECK(state.record(Outcome::passed) == Verdict::up);
}

TEST_CASE("an alpha check comes up after its first whole round") {
  CheckState state(http_check(2, 1, 400ms), Verdict::down, false);
  CHECK_FALSE(state.record(Outcome::passed));
  CHECK(state.record(Outcome::passed) == Verdict::up);
}

TEST_CASE("periods count from when a probe was due and never creep") {
  CheckState state(http_check(1, 1, 400ms));
  const Instant start{};
  Instant due = start;
  for (int i = 0; i < 10000; ++i) {
    state.record(Outcome::passed);
    due = state.next_due(due, due + 300us);  // each a little late and slow
  }
  CHECK(due - start == 10000s);
}

TEST_CASE("slots that have passed are left out") {
  CheckState state(http_check(1, 1, 400ms));
  const Instant start{};
  state.record(Outcome::passed);
  CHECK(state.next_due(start, start + 999ms) == start + 1s);
  CHECK(state.next_due(start, start + 1s) == start + 2s);
  CHECK(state.next_due(start, start + 5500ms) == start + 6s);
  CHECK(state.next_due(start, start + 24h + 1ms) == start + 24h + 1s);
}

TEST_CASE("the pause before a retry counts from the end of the failed attempt") {
  CheckState state(http_check(1, 1, 400ms), Verdict::up, true);
  const Instant start{};
  state.record(Outcome::failed);
  CHECK(state.next_due(start, start + 5s) == start + 5400ms);
}

TEST_CASE("no configuration makes a check spin") {
  auto spec = http_check(1, 1, 0ms);
  spec.schedule.delay_loop = Duration{0};
  CheckState state(spec, Verdict::up, true);
  const Instant start{};
  state.record(Outcome::passed);
  CHECK(state.next_due(start, start) == start + 1ms);
  state.record(Outcome::failed);
  CHECK(state.next_due(start, start) == start + 1ms);
}

// Recorded from keepalived 2.2.7 but for the comeback, which fast_recovery is there to shorten.
TEST_CASE("with fast_recovery the failed URL alone brings the server back") {
  auto spec = http_check(3, 0, 500ms);
  std::get<HttpSpec>(spec.what).fast_recovery = true;
  CHECK(play(spec, {2, 3}, 7) == "0a+ 10b-D 20b- 30b+U 40c+ 50a+ 60b+ ");
}

TEST_CASE("SMTP_CHECK uses its retries at the start, and each time while it is down") {
  CheckSpec spec;
  spec.what = SmtpSpec{"checker.example"};
  spec.schedule.delay_loop = 3s;
  spec.schedule.delay_before_retry = 500ms;
  spec.schedule.retry = 1;
  CHECK(play(spec, {1, 2, 3, 4, 5}, 8) == "0a- 5a-D 35a- 40a- 70a- 75a+U 105a+ 135a+ ");
  CHECK(play(spec, {1}, 3) == "0a- 5a+ 35a+ ");
}
