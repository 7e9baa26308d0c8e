#include "daemon/track_number.hpp"

#include <limits>

#include <doctest/doctest.h>

using namespace baton::daemon;

TEST_CASE("the number of a tracked file") {
  CHECK(track_number("5\n") == 5);
  CHECK(track_number("  -12 \r\n") == -12);
  CHECK(track_number("+3") == 3);
  CHECK(track_number("") == 0);
  CHECK(track_number(" \n") == 0);
  CHECK(track_number("99999999999999999999999") == std::numeric_limits<std::int32_t>::max());
  CHECK(track_number("2147483648") == std::numeric_limits<std::int32_t>::max());
  CHECK(track_number("-2147483648") == std::numeric_limits<std::int32_t>::min());
  CHECK(track_number("-5000000000") == std::numeric_limits<std::int32_t>::min());
  for (const auto* text : {"five", "5 5", "--5", "-", "0x5", "5a"})
    CHECK_FALSE(track_number(text));
}
