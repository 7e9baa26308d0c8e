#include "vrrp/rise_fall.hpp"

#include <string>
#include <string_view>

#include <doctest/doctest.h>

using namespace baton::vrrp;

namespace {

/// Results as "+--", what is up afterwards as "UDD"; '.' before there is a result.
std::string after(RiseFall counter, std::string_view results) {
  std::string states;
  for (const char result : results) {
    const auto before = counter.up();
    const bool changed = counter.record(result == '+');
    CHECK(changed == (before != counter.up()));
    states += !counter.up() ? '.' : *counter.up() ? 'U' : 'D';
  }
  return states;
}

}  // namespace

TEST_CASE("rise and fall: the first result decides alone") {
  CHECK_FALSE(RiseFall(3, 3).up());
  CHECK(after(RiseFall(3, 3), "+") == "U");
  CHECK(after(RiseFall(3, 3), "-") == "D");
}

TEST_CASE("rise and fall: as many in a row") {
  CHECK(after(RiseFall(1, 1), "+-+-") == "UDUD");
  CHECK(after(RiseFall(2, 3), "+---++") == "UUUDDU");
  CHECK(after(RiseFall(3, 1), "+-+++") == "UDDDU");
}

TEST_CASE("rise and fall: one that agrees ends the row") {
  CHECK(after(RiseFall(2, 3), "+--+--+---") == "UUUUUUUUUD");
  CHECK(after(RiseFall(2, 3), "-+-+-++") == "DDDDDDU");
}

TEST_CASE("rise and fall: a reload keeps what is known, and counts with other numbers") {
  RiseFall counter(1, 5);
  counter.record(true);
  counter.record(false);
  counter.follow(1, 2);
  CHECK(counter.up() == true);
  CHECK(counter.record(false));
  CHECK(counter.up() == false);
}

TEST_CASE(
    "assumed to be down at first, the first success counts as one of those that it takes; a failure decides alone") {
  RiseFall rising(2, 2, true);
  CHECK_FALSE(rising.record(true));
  CHECK_FALSE(rising.up());
  CHECK(rising.record(true));
  CHECK(rising.up() == true);
  RiseFall failing(2, 2, true);
  CHECK(failing.record(false));
  CHECK(failing.up() == false);
}
