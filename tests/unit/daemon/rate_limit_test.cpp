#include "daemon/rate_limit.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

TEST_CASE("the first of many is said, the rest counted until the period is over") {
  RateLimit limit{10s};
  const Instant start{};
  CHECK(limit.allow(start) == 0);
  for (int i = 1; i < 10; ++i)
    CHECK_FALSE(limit.allow(start + i * 1s));
  CHECK(limit.allow(start + 10s) == 9);
  CHECK_FALSE(limit.allow(start + 11s));
  CHECK(limit.allow(start + 40s) == 1);
}
