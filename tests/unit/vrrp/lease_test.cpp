#include "vrrp/lease.hpp"

#include <doctest/doctest.h>

namespace {

using namespace std::chrono_literals;
using baton::Duration;
using baton::Instant;
using baton::vrrp::kRenewalSlack;
using baton::vrrp::leader_is_late;
using baton::vrrp::lease_lifetime;
using baton::vrrp::renewal_due;

TEST_CASE("lease: three intervals in whole seconds, never more, at least two seconds") {
  CHECK(lease_lifetime(5 * 1s) == 5s);  // down_timer_adverts
  CHECK(lease_lifetime(3 * 1s) == 3s);
  CHECK(lease_lifetime(3 * 2s) == 6s);
  CHECK(lease_lifetime(3 * 2500ms) == 7s);
  CHECK(lease_lifetime(3 * 1333ms) == 3s);
  CHECK(lease_lifetime(3 * 255s) == 765s);
  CHECK(lease_lifetime(3 * 40950ms) == 122s);
  CHECK(lease_lifetime(3 * 10ms) == 2s);
  CHECK(lease_lifetime(3 * 100ms) == 2s);
  CHECK(lease_lifetime(3 * 990ms) == 2s);
  CHECK(lease_lifetime(Duration{}) == 2s);
}

TEST_CASE("lease: no longer than three intervals, wherever whole seconds allow it") {
  for (auto interval = 670ms; interval <= 41s; interval += 10ms) {
    CAPTURE(interval.count());
    CHECK(lease_lifetime(3 * interval) <= 3 * interval);
  }
}

TEST_CASE("lease: renewed with others, it ends no later than three intervals after its own last advertisement") {
  CHECK(lease_lifetime(3 * 1s, 0s) == 3s);
  CHECK(lease_lifetime(3 * 1s, 20ms) == 3s);
  CHECK(lease_lifetime(3 * 1s, 500ms) == 2s);
  CHECK(lease_lifetime(3 * 10s, 0s) == 30s);
  CHECK(lease_lifetime(3 * 10s, 9500ms) == 20s);
  CHECK(lease_lifetime(3 * 100ms, 90ms) == 2s);
  CHECK(lease_lifetime(3 * 1s, 5s) == 2s);
  for (auto age = 0ms; age <= 3s; age += 10ms) {
    CAPTURE(age.count());
    CHECK(age + lease_lifetime(3 * 3s, age) <= 9s + kRenewalSlack);
  }
}

TEST_CASE("lease: another leads once the leader has been silent for longer than its renewals may take") {
  CHECK_FALSE(leader_is_late(Instant{}, Instant{} + 500ms));
  CHECK_FALSE(leader_is_late(Instant{}, Instant{} + 1s + kRenewalSlack));
  CHECK(leader_is_late(Instant{}, Instant{} + 1500ms));
}

/// Every advertisement's renewals over a minute: how many, and the longest time between two.
struct Outcome {
  int renewals = 0;
  Duration longest{};
};

template <class Jitter>
Outcome renewals_in_a_minute(Duration interval, Jitter jitter) {
  Outcome outcome;
  const Instant begin{};
  Instant last = begin;
  for (int i = 1; i * interval <= 60s; ++i) {
    const Instant now = begin + i * interval + jitter(i);
    if (!renewal_due(last, now, interval)) continue;
    ++outcome.renewals;
    outcome.longest = std::max(outcome.longest, now - last);
    last = now;
  }
  return outcome;
}

TEST_CASE("lease: from one second upwards every advertisement renews") {
  for (const Duration interval : {Duration{1s}, Duration{1500ms}, Duration{2s}, Duration{7s}}) {
    const auto outcome = renewals_in_a_minute(interval, [](int i) { return i % 3 * 100ms; });
    CHECK(outcome.renewals == 60s / interval);
  }
  CHECK(renewal_due(Instant{}, Instant{}, 1s));
}

TEST_CASE("lease: intervals that divide a second renew once a second, jitter or not") {
  for (const Duration interval :
       {Duration{10ms}, Duration{20ms}, Duration{50ms}, Duration{100ms}, Duration{250ms}, Duration{500ms}}) {
    const auto even = renewals_in_a_minute(interval, [](int) { return 0ms; });
    CHECK(even.renewals >= 57);  // the slack of 50 ms may let one of the shortest intervals go by
    CHECK(even.renewals <= 60);
    const auto late = renewals_in_a_minute(interval, [](int i) { return i % 7 * 1ms; });
    CHECK(late.renewals >= 57);
    CHECK(late.renewals <= 62);
    CHECK(late.longest <= 1s + kRenewalSlack + 6ms);
  }
}

TEST_CASE("lease: no interval lets a renewal come so late that the address is lost, none renews twice a second") {
  for (auto interval = 10ms; interval < 1s; interval += 10ms) {
    CAPTURE(interval.count());
    const auto outcome = renewals_in_a_minute(interval, [](int i) { return i % 5 * 2ms; });
    CHECK(outcome.longest <= 1s + kRenewalSlack + 8ms);
    CHECK(outcome.longest + 900ms <= lease_lifetime(3 * interval));
    CHECK(outcome.renewals < 120);
  }
}

TEST_CASE("lease: a renewal missed in a stall comes with the next advertisement") {
  CHECK(renewal_due(Instant{}, Instant{} + 1900ms, 10ms));
  CHECK_FALSE(renewal_due(Instant{} + 1900ms, Instant{} + 1910ms, 10ms));
}

}  // namespace
