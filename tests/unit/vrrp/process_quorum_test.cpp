#include "vrrp/process_quorum.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;

namespace {

Instant at(Duration after) {
  return Instant() + 1h + after;
}

/// Up with one process; a fork counts after 1 s, an end after 3 s.
ProcessQuorum delayed(std::optional<std::size_t> most = std::nullopt) {
  ProcessQuorum quorum({1, most, 1s, 3s});
  quorum.count(1, CountCause::other, at(0s));
  return quorum;
}

}  // namespace

TEST_CASE("process quorum: how many are right") {
  struct Row {
    std::size_t least;
    std::optional<std::size_t> most;
    std::size_t number;
    bool up;
  };
  const Row rows[] = {
      {1, {}, 0, false}, {1, {}, 1, true}, {1, {}, 70000, true},  // the default
      {3, {}, 2, false}, {3, {}, 3, true}, {1, 1, 0, false},      // not too few
      {1, 1, 1, true},   {1, 1, 2, false}, {2, 4, 4, true},       // and not too many
      {2, 4, 5, false},  {1, 0, 0, true},  {1, 0, 1, false},      // none at all
      {7, 0, 0, true},   {7, 0, 7, false},
  };
  for (const auto& row : rows) {
    INFO(row.least, " to ", row.most.value_or(99999), ": ", row.number);
    ProcessQuorum quorum({row.least, row.most, 0s, 0s});
    CHECK_FALSE(quorum.up());
    CHECK(quorum.count(row.number, CountCause::other, at(0s)));
    CHECK(quorum.up() == row.up);
    CHECK(quorum.number() == row.number);
  }
}

TEST_CASE("process quorum: the first number counts at once, whatever the delays") {
  for (const auto cause : {CountCause::forked, CountCause::ended, CountCause::other}) {
    for (const std::size_t number : {0U, 1U}) {
      ProcessQuorum quorum({1, {}, 10s, 10s});
      CHECK(quorum.count(number, cause, at(0s)));
      CHECK(quorum.up() == (number == 1));
      CHECK_FALSE(quorum.deadline());
    }
  }
}

TEST_CASE("process quorum: causes and their delays, up and down") {
  struct Row {
    bool was_up;
    std::size_t number;
    CountCause cause;
    std::optional<Duration> delay;  // none: nothing will change
    bool at_once;
  };
  const Row rows[] = {
      {true, 2, CountCause::forked, {}, false}, {true, 2, CountCause::other, {}, false},
      {true, 0, CountCause::ended, 3s, false},  {true, 0, CountCause::other, {}, true},
      {true, 0, CountCause::forked, 1s, false}, {false, 1, CountCause::forked, 1s, false},
      {false, 1, CountCause::other, {}, true},  {false, 1, CountCause::ended, 3s, false},
      {false, 0, CountCause::ended, {}, false},
  };
  for (const auto& row : rows) {
    INFO(row.was_up, " ", row.number, " ", static_cast<int>(row.cause));
    ProcessQuorum quorum({1, {}, 1s, 3s});
    quorum.count(row.was_up ? 1 : 0, CountCause::other, at(0s));
    CHECK(quorum.count(row.number, row.cause, at(10s)) == row.at_once);
    CHECK(quorum.up() == (row.was_up != row.at_once));
    CHECK(quorum.deadline().has_value() == row.delay.has_value());
    if (!row.delay) continue;
    CHECK(quorum.deadline() == at(10s + *row.delay));
    CHECK_FALSE(quorum.tick(at(10s + *row.delay - 1ns)));
    CHECK(quorum.tick(at(10s + *row.delay)));
    CHECK(quorum.up() != row.was_up);
    CHECK_FALSE(quorum.deadline());
    CHECK_FALSE(quorum.tick(at(1h)));
  }
}

TEST_CASE("process quorum: as before within the delay, nothing has happened") {
  auto quorum = delayed();
  CHECK_FALSE(quorum.count(0, CountCause::ended, at(1s)));
  CHECK_FALSE(quorum.count(1, CountCause::forked, at(2s)));
  CHECK_FALSE(quorum.deadline());
  CHECK_FALSE(quorum.tick(at(10s)));
  CHECK(quorum.up() == true);
}

TEST_CASE("process quorum: the delay runs from the first of several changes") {
  auto quorum = delayed(1);
  CHECK_FALSE(quorum.count(2, CountCause::forked, at(1s)));
  CHECK_FALSE(quorum.count(3, CountCause::forked, at(1900ms)));
  CHECK(quorum.deadline() == at(2s));
  CHECK(quorum.tick(at(2s)));
  CHECK(quorum.up() == false);
  // Back to what is right through an end: its delay.
  CHECK_FALSE(quorum.count(2, CountCause::ended, at(4s)));
  CHECK_FALSE(quorum.deadline());
  CHECK_FALSE(quorum.count(1, CountCause::ended, at(5s)));
  CHECK(quorum.tick(at(8s)));
  CHECK(quorum.up() == true);
}

TEST_CASE("process quorum: a change without a delay overtakes a delay that runs") {
  auto quorum = delayed(1);
  CHECK_FALSE(quorum.count(2, CountCause::forked, at(1s)));
  CHECK(quorum.count(3, CountCause::other, at(1100ms)));
  CHECK(quorum.up() == false);
  CHECK_FALSE(quorum.deadline());
}

TEST_CASE("process quorum: numbers that go through what is right leave no trace") {
  auto quorum = delayed(1);
  CHECK_FALSE(quorum.count(2, CountCause::forked, at(1s)));
  CHECK(quorum.tick(at(2s)));
  CHECK_FALSE(quorum.count(1, CountCause::ended, at(3s)));  // right again, in 3 s
  CHECK_FALSE(quorum.count(0, CountCause::ended, at(4s)));  // and wrong
  CHECK_FALSE(quorum.deadline());
  CHECK(quorum.up() == false);
}

TEST_CASE("process quorum: a reload with the same rule changes nothing, with another one decides anew") {
  auto quorum = delayed();
  CHECK_FALSE(quorum.count(0, CountCause::ended, at(1s)));
  quorum.follow({1, {}, 1s, 3s});
  CHECK(quorum.deadline() == at(4s));
  CHECK(quorum.up() == true);
  quorum.follow({1, {}, 1s, 5s});
  CHECK_FALSE(quorum.deadline());
  CHECK(quorum.up() == false);
  quorum.follow({1, 0, 1s, 5s});
  CHECK(quorum.up() == true);
  ProcessQuorum fresh({1, {}, 0s, 0s});
  fresh.follow({2, {}, 0s, 0s});
  CHECK_FALSE(fresh.up());
  CHECK(fresh.count(1, CountCause::other, at(0s)));
  CHECK(fresh.up() == false);
}
