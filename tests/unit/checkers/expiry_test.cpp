#include "checkers/expiry.hpp"

#include <doctest/doctest.h>

#include "checkers/latency.hpp"

using namespace baton::checkers;
using namespace std::chrono_literals;

TEST_CASE("a certificate that expires soon is told of once a day") {
  ExpiryWatch watch;
  const std::chrono::sys_seconds now{1'800'000'000s};
  CHECK(watch.warning(now, now + 15 * 24h, 14 * 24h).empty());
  CHECK(watch.warning(now, now + 72h, 14 * 24h) == "the certificate expires in 3 days");
  CHECK(watch.warning(now + 23h, now + 72h, 14 * 24h).empty());
  CHECK(watch.warning(now + 24h, now + 49h, 14 * 24h) == "the certificate expires in 1 day");
  CHECK(watch.warning(now + 47h, now + 48h, 14 * 24h).empty());
  CHECK(watch.warning(now + 48h, now + 53h, 14 * 24h) == "the certificate expires in 5 hours");
  CHECK(watch.warning(now + 80h, now + 53h, 14 * 24h) == "the certificate expired 1 day ago");
  CHECK(watch.warning(now, now + 1h, 0s).empty());
}

TEST_CASE("a new certificate, then an old one again, is told of at once") {
  ExpiryWatch watch;
  const std::chrono::sys_seconds now{1'800'000'000s};
  CHECK_FALSE(watch.warning(now, now + 1h, 24h).empty());
  CHECK(watch.warning(now, now + 90 * 24h, 24h).empty());
  CHECK_FALSE(watch.warning(now, now + 1h, 24h).empty());
}

TEST_CASE("a probe that passes too late has failed") {
  Schedule schedule;
  CHECK(judge_latency(schedule, {Outcome::passed, "status 200"}, 10s).outcome == Outcome::passed);
  schedule.latency_limit = 500ms;
  CHECK(judge_latency(schedule, {Outcome::passed, "status 200"}, 500ms).outcome == Outcome::passed);
  const auto late = judge_latency(schedule, {Outcome::passed, "status 200"}, 501ms);
  CHECK(late.outcome == Outcome::failed);
  CHECK(late.reason == "status 200, but only after 501 ms, where latency_limit is 500 ms");
  CHECK(judge_latency(schedule, {Outcome::local_trouble, "x"}, 9s).outcome == Outcome::local_trouble);
}
