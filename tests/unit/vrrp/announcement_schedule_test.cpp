#include "vrrp/announcement_schedule.hpp"

#include <vector>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;

namespace {

Instant at(Duration when) {
  return Instant{} + when;
}

/// What is sent until `end`, as (when, how often).
std::vector<std::pair<Duration, unsigned>> bursts(AnnouncementSchedule& schedule, Duration end) {
  std::vector<std::pair<Duration, unsigned>> sent;
  while (schedule.deadline() && *schedule.deadline() <= at(end)) {
    const auto when = *schedule.deadline();
    if (const auto repeat = schedule.due(when); repeat > 0) sent.emplace_back(when.time_since_epoch(), repeat);
  }
  return sent;
}

using Bursts = std::vector<std::pair<Duration, unsigned>>;

}  // namespace

TEST_CASE("V3-61: garp_master_repeat at once and after garp_master_delay") {
  AnnouncementSchedule schedule({.repeat = 3, .delay = 7s});
  CHECK(schedule.begin(at(1s)) == 3);
  CHECK(bursts(schedule, 100s) == Bursts{{8s, 3}});
  CHECK_FALSE(schedule.deadline());
}

TEST_CASE("garp_master_delay 0: there is no second burst") {
  AnnouncementSchedule schedule({.delay = 0s, .lower_priority_delay = 0s});
  CHECK(schedule.begin(at(1s)) == 5);
  CHECK_FALSE(schedule.deadline());
  CHECK(schedule.answer(at(2s)) == 5);
  CHECK_FALSE(schedule.deadline());
}

TEST_CASE("garp_master_refresh: every so often, and a stall is not made up for") {
  AnnouncementSchedule schedule({.delay = 5s, .refresh = 10s, .refresh_repeat = 2});
  CHECK(schedule.begin(at(0s)) == 5);
  CHECK(bursts(schedule, 30s) == Bursts{{5s, 5}, {10s, 2}, {20s, 2}, {30s, 2}});
  CHECK(schedule.due(at(63s)) == 2);
  CHECK(schedule.due(at(63s)) == 0);
  CHECK(bursts(schedule, 80s) == Bursts{{70s, 2}, {80s, 2}});
  schedule.end();
  CHECK_FALSE(schedule.deadline());
}

TEST_CASE("garp_lower_prio_repeat and garp_lower_prio_delay; with 0 a weaker router is not answered") {
  AnnouncementSchedule schedule({.delay = 0s, .lower_priority_repeat = 2, .lower_priority_delay = 3s});
  CHECK(schedule.begin(at(0s)) == 5);
  CHECK(schedule.answer(at(10s)) == 2);
  CHECK(bursts(schedule, 60s) == Bursts{{13s, 2}});
  AnnouncementSchedule quiet({.delay = 0s, .lower_priority_repeat = 0, .lower_priority_delay = 3s});
  CHECK(quiet.begin(at(0s)) == 5);
  CHECK(quiet.answer(at(10s)) == 0);
  CHECK_FALSE(quiet.deadline());
}

TEST_CASE("a reload sets, changes and ends the refresh of an active router, and starts none of another") {
  AnnouncementSchedule schedule({.delay = 0s});
  schedule.set_plan({.delay = 0s, .refresh = 10s}, at(0s));
  CHECK_FALSE(schedule.deadline());
  CHECK(schedule.begin(at(5s)) == 5);
  CHECK(schedule.deadline() == at(15s));
  schedule.set_plan({.delay = 0s, .refresh = 3s}, at(7s));
  CHECK(schedule.deadline() == at(10s));
  schedule.set_plan({.delay = 0s}, at(8s));
  CHECK_FALSE(schedule.deadline());
}

TEST_CASE("garp_extra_if: every so often beside all else, and a stall is not made up for") {
  AnnouncementSchedule schedule({.delay = 5s, .extra = 4s});
  CHECK_FALSE(schedule.extra_due(at(100s)));
  CHECK(schedule.begin(at(0s)) == 5);
  CHECK(schedule.deadline() == at(4s));
  CHECK_FALSE(schedule.extra_due(at(3999ms)));
  CHECK(schedule.due(at(4s)) == 0);
  CHECK(schedule.extra_due(at(4s)));
  CHECK_FALSE(schedule.extra_due(at(4s)));
  CHECK(schedule.deadline() == at(5s));
  CHECK(schedule.due(at(5s)) == 5);
  CHECK(schedule.extra_due(at(23s)));
  CHECK(schedule.deadline() == at(24s));
  schedule.end();
  CHECK_FALSE(schedule.deadline());
  CHECK_FALSE(schedule.extra_due(at(100s)));
}

TEST_CASE("garp_extra_if: a reload counts from then, and leaves the refresh alone") {
  AnnouncementSchedule schedule({.delay = 0s, .refresh = 20s});
  schedule.set_plan({.delay = 0s, .refresh = 20s, .extra = 3s}, at(0s));
  CHECK_FALSE(schedule.deadline());
  CHECK(schedule.begin(at(5s)) == 5);
  CHECK(schedule.deadline() == at(8s));
  schedule.set_plan({.delay = 0s, .refresh = 20s, .extra = 6s}, at(7s));
  CHECK(schedule.deadline() == at(13s));
  schedule.set_plan({.delay = 0s, .refresh = 20s}, at(8s));
  CHECK(schedule.deadline() == at(25s));
}
