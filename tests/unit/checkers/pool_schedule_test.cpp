#include "checkers/pool_schedule.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using baton::checkers::PoolSchedule;

TEST_CASE("an answer is held for its TTL, within bounds") {
  PoolSchedule schedule(5s, 300s);
  CHECK(schedule.answered(60s) == 60s);
  CHECK(schedule.answered(0s) == 5s);
  CHECK(schedule.answered(86400s) == 300s);
}

TEST_CASE("after failures the pauses grow, up to max_ttl, until there is an answer") {
  PoolSchedule schedule(5s, 30s);
  CHECK(schedule.failed() == 5s);
  CHECK(schedule.failed() == 10s);
  CHECK(schedule.failed() == 20s);
  CHECK(schedule.failed() == 30s);
  CHECK(schedule.failed() == 30s);
  schedule.answered(10s);
  CHECK(schedule.failed() == 5s);
}

TEST_CASE("trouble is told once, and its end") {
  PoolSchedule schedule(5s, 30s);
  schedule.answered(10s);
  CHECK_FALSE(schedule.is_over());
  CHECK(schedule.is_news("no answer in time"));
  CHECK_FALSE(schedule.is_news("no answer in time"));
  CHECK(schedule.is_news("SERVFAIL"));
  schedule.answered(10s);
  CHECK(schedule.is_over());
  CHECK_FALSE(schedule.is_over());
  CHECK(schedule.is_news("SERVFAIL"));
}
