#include "daemon/backoff.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;
using baton::daemon::Backoff;

TEST_CASE("pauses double, up to the longest, and begin anew after a success") {
  Backoff backoff(1s, 30s);
  for (const auto expected : {1s, 2s, 4s, 8s, 16s, 30s, 30s})
    CHECK(backoff.next() == expected);
  backoff.reset();
  CHECK(backoff.next() == 1s);
}
