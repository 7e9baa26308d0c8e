// The tables are those that keepalived 2.2.7 was seen to make, unless a case says otherwise.
#include "ipvs/quorum.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace ipvs_tables;

namespace {

using Kind = PoolEvent::Kind;

enum class Change : std::uint8_t { none, members, quorum_lost, quorum_gained };

const Instant kStart{};

const DestKey kA = at("10.9.1.1", 80);
const DestKey kB = at("10.9.1.2", 80);
const DestKey kC = at("10.9.1.3", 80);
const DestKey kSorry = at("10.9.1.99", 80);

PoolMember member(const DestKey& key, std::uint32_t weight = 1, bool inhibit = false) {
  return {.key = key, .dest = weighing(weight), .inhibit_on_failure = inhibit};
}

PoolMember alpha(const DestKey& key) {
  auto with_alpha = member(key);
  with_alpha.alpha = true;
  return with_alpha;
}

/// What a report of a member's health, and of nothing else, comes to.
Change set_up(Pool& pool, const DestKey& key, bool up) {
  Pool::Events events;
  pool.report({key, up, {}}, kStart, events);
  if (events.empty()) return Change::none;
  if (events.back().kind == Kind::quorum_lost) return Change::quorum_lost;
  if (events.back().kind == Kind::quorum_gained) return Change::quorum_gained;
  CHECK(events.size() == 1);
  CHECK(events[0].kind == (up ? Kind::server_up : Kind::server_down));
  CHECK(events[0].server == key);
  return Change::members;
}

/// The wanted dests as "1=1 99=0": last octet and weight.
std::string dests(const Pool& pool) {
  std::string text;
  for (const auto& [key, dest] : pool.wanted(kStart))
    text += (text.empty() ? "" : " ") + std::to_string(key.address.octets()[3]) + '=' + std::to_string(dest.weight);
  return text;
}

struct Step {
  const DestKey& key;
  bool up;
  Change change;
  std::string_view after;
};

/// Walks a pool through its steps, checking what each one says and leaves.
void walk(Pool pool, std::string_view start, std::initializer_list<Step> steps) {
  CHECK(dests(pool) == start);
  int number = 0;
  for (const auto& step : steps) {
    CAPTURE(++number);
    CHECK(set_up(pool, step.key, step.up) == step.change);
    CHECK(pool.is_up(step.key) == step.up);
    CHECK(pool.is_in(step.key) == step.up);
    CHECK(dests(pool) == step.after);
  }
}

}  // namespace

TEST_CASE("pool: a member that is down is left out, and comes back with its weight") {
  walk(Pool({.members = {member(kA, 2), member(kB, 3)}, .sorry = {}}), "1=2 2=3",
       {
           {kB, false, Change::members, "1=2"},
           {kB, false, Change::none, "1=2"},
           {kA, false, Change::quorum_lost, ""},
           {kB, true, Change::quorum_gained, "2=3"},
           {kA, true, Change::members, "1=2 2=3"},
       });
}

TEST_CASE("pool: inhibit_on_failure keeps the entry with weight 0, whatever becomes of the quorum") {
  walk(Pool({.members = {member(kA, 2, true), member(kB)}, .sorry = {}}), "1=2 2=1",
       {
           {kA, false, Change::members, "1=0 2=1"},
           {kB, false, Change::quorum_lost, "1=0"},
           {kB, true, Change::quorum_gained, "1=0 2=1"},
           {kA, true, Change::members, "1=2 2=1"},
       });
}

TEST_CASE("pool: the sorry server serves while nobody else does") {
  walk(Pool({.members = {member(kA), member(kB)}, .sorry = member(kSorry)}), "1=1 2=1",
       {
           {kA, false, Change::members, "2=1"},
           {kB, false, Change::quorum_lost, "99=1"},
           {kA, true, Change::quorum_gained, "1=1"},
           {kB, true, Change::members, "1=1 2=1"},
       });
}

TEST_CASE("pool: an inhibited sorry server is there from the start, with weight 0") {
  walk(Pool({.members = {member(kA), member(kB)}, .sorry = member(kSorry, 1, true)}), "1=1 2=1 99=0",
       {
           {kB, false, Change::members, "1=1 99=0"},
           {kA, false, Change::quorum_lost, "99=1"},
           {kA, true, Change::quorum_gained, "1=1 99=0"},
       });
}

TEST_CASE("pool: below the quorum the sorry server serves alone") {
  walk(Pool({.members = {member(kA), member(kB), member(kC)}, .sorry = member(kSorry), .quorum = 2}), "1=1 2=1 3=1",
       {
           {kB, false, Change::members, "1=1 3=1"},
           {kC, false, Change::quorum_lost, "99=1"},
           {kA, false, Change::members, "99=1"},
           {kA, true, Change::members, "99=1"},
           {kB, true, Change::quorum_gained, "1=1 2=1"},
           {kC, true, Change::members, "1=1 2=1 3=1"},
       });
}

TEST_CASE(
    "pool: below the quorum inhibited members stay beside the sorry server with weight 0, even those that are up") {
  walk(Pool({.members = {member(kA, 1, true), member(kB, 1, true), member(kC, 1, true)},
             .sorry = member(kSorry),
             .quorum = 2}),
       "1=1 2=1 3=1",
       {
           {kB, false, Change::members, "1=1 2=0 3=1"},
           {kC, false, Change::quorum_lost, "1=0 2=0 3=0 99=1"},
           {kA, false, Change::members, "1=0 2=0 3=0 99=1"},
           {kA, true, Change::members, "1=0 2=0 3=0 99=1"},
           {kB, true, Change::quorum_gained, "1=1 2=1 3=0"},
       });
}

TEST_CASE("pool: without a sorry server who is up serves, quorum or not") {
  walk(Pool({.members = {member(kA), member(kB), member(kC)}, .sorry = {}, .quorum = 2}), "1=1 2=1 3=1",
       {
           {kB, false, Change::members, "1=1 3=1"},
           {kC, false, Change::quorum_lost, "1=1"},
           {kA, false, Change::members, ""},
           {kA, true, Change::members, "1=1"},
           {kB, true, Change::quorum_gained, "1=1 2=1"},
       });
}

TEST_CASE("pool: hysteresis keeps the quorum down to quorum - hysteresis and gives it back at quorum + hysteresis") {
  walk(Pool({.members = {member(kA), member(kB), member(kC)}, .sorry = member(kSorry), .quorum = 2, .hysteresis = 1}),
       "1=1 2=1 3=1",
       {
           {kB, false, Change::members, "1=1 3=1"},
           {kC, false, Change::members, "1=1"},
           {kA, false, Change::quorum_lost, "99=1"},
           {kA, true, Change::members, "99=1"},
           {kB, true, Change::members, "99=1"},
           {kC, true, Change::quorum_gained, "1=1 2=1 3=1"},
       });
}

TEST_CASE("pool: a pool that is wholly up has its quorum; keepalived's would never serve again") {
  walk(Pool({.members = {member(kA), member(kB)}, .sorry = member(kSorry), .quorum = 2, .hysteresis = 1}), "1=1 2=1",
       {
           {kA, false, Change::members, "2=1"},
           {kB, false, Change::quorum_lost, "99=1"},
           {kB, true, Change::members, "99=1"},
           {kA, true, Change::quorum_gained, "1=1 2=1"},
       });
}

TEST_CASE("pool: a member of weight 0 carries no quorum") {
  walk(Pool({.members = {member(kA, 0), member(kB)}, .sorry = member(kSorry)}), "1=0 2=1",
       {
           {kB, false, Change::quorum_lost, "99=1"},
           {kA, false, Change::members, "99=1"},
           {kB, true, Change::quorum_gained, "2=1"},
           {kA, true, Change::members, "1=0 2=1"},
       });
}

TEST_CASE("pool: with all weights 0 nobody serves but the sorry server") {
  walk(Pool({.members = {member(kA, 0), member(kB, 0)}, .sorry = member(kSorry)}), "99=1",
       {{kA, false, Change::members, "99=1"}, {kA, true, Change::members, "99=1"}});
  walk(Pool({.members = {member(kA, 0)}, .sorry = {}}), "1=0",
       {{kA, false, Change::members, ""}, {kA, true, Change::members, "1=0"}});
}

TEST_CASE("pool: the weights are what is summed") {
  walk(
      Pool({.members = {member(kA, 65535), member(kB, 10), member(kC, 5)}, .sorry = {}, .quorum = 12, .hysteresis = 2}),
      "1=65535 2=10 3=5",
      {
          {kA, false, Change::members, "2=10 3=5"},
          {kC, false, Change::members, "2=10"},
          {kC, true, Change::members, "2=10 3=5"},
          {kB, false, Change::quorum_lost, "3=5"},
          {kC, false, Change::members, ""},
          {kB, true, Change::members, "2=10"},
          {kC, true, Change::quorum_gained, "2=10 3=5"},
      });
}

TEST_CASE("pool: quorum and hysteresis out of range are lowered") {
  Pool pool({.members = {member(kA), member(kB)}, .sorry = {}, .quorum = 5, .hysteresis = 5});  // 2 and 1
  CHECK(pool.has_quorum());
  CHECK(set_up(pool, kA, false) == Change::members);
  CHECK(pool.has_quorum());
  CHECK(set_up(pool, kB, false) == Change::quorum_lost);
  CHECK(set_up(pool, kB, true) == Change::members);
  CHECK(set_up(pool, kA, true) == Change::quorum_gained);

  Pool four({.members = {member(kA), member(kB), member(kC), member(kSorry)},
             .sorry = {},
             .quorum = 2,
             .hysteresis = 5});  // 1: gained at 3
  for (const auto& key : {kA, kB, kC, kSorry})
    set_up(four, key, false);
  CHECK(set_up(four, kA, true) == Change::members);
  CHECK(set_up(four, kB, true) == Change::members);
  CHECK(set_up(four, kC, true) == Change::quorum_gained);

  Pool none({.members = {member(kA)}, .sorry = {}, .quorum = 0, .hysteresis = 0xffffffffU});
  CHECK(none.has_quorum());
  CHECK(set_up(none, kA, false) == Change::quorum_lost);  // nobody is nobody, whatever the quorum
}

TEST_CASE("pool: alpha members wait for their first success, and the sorry server stands in") {
  walk(Pool({.members = {alpha(kA), alpha(kB)}, .sorry = member(kSorry)}), "99=1",
       {{kA, true, Change::quorum_gained, "1=1"}, {kB, true, Change::members, "1=1 2=1"}});
  auto unchecked = alpha(kA);
  unchecked.is_checked = false;
  CHECK(dests(Pool({.members = {unchecked}, .sorry = {}})) == "1=1");
}

TEST_CASE("pool: the first failure of an alpha member is told once, and changes nothing") {
  Pool pool({.members = {alpha(kA), member(kB)}, .sorry = {}});
  Pool::Events events;
  pool.report({kA, false, {}}, kStart, events);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == Kind::first_failure);
  CHECK(dests(pool) == "2=1");
  pool.report({kA, false, {}}, kStart, events);
  CHECK(events.size() == 1);
  CHECK(set_up(pool, kA, true) == Change::members);
  CHECK(dests(pool) == "1=1 2=1");
}

TEST_CASE("pool: the effective weight is what is served and what is summed") {
  Pool pool({.members = {member(kA, 10), member(kB, 5)}, .sorry = member(kSorry), .quorum = 10, .hysteresis = 2});
  Pool::Events events;
  pool.report({kA, true, 3}, kStart, events);  // 8 = 10 - 2
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == Kind::weight_changed);
  CHECK(events[0].before == 10);
  CHECK(events[0].after == 3);
  CHECK(events[0].is_in);
  CHECK(dests(pool) == "1=3 2=5");
  events.clear();
  pool.report({kA, true, 2}, kStart, events);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == Kind::quorum_lost);
  CHECK(events[1].bar == 8);
  CHECK(events[1].live == 7);
  CHECK(dests(pool) == "99=1");
  events.clear();
  pool.report({kA, true, 253}, kStart, events);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == Kind::quorum_gained);
  CHECK(events[1].bar == 12);
  CHECK(events[1].live == 258);
  events.clear();
  // Of one that is down it is kept for its return.
  pool.report({kA, false, 7}, kStart, events);
  CHECK(dests(pool) == "99=1");
  pool.report({kA, true, 7}, kStart, events);
  CHECK(dests(pool) == "1=7 2=5");
  pool.report({kA, true, {}}, kStart, events);
  CHECK(dests(pool) == "1=10 2=5");
}

TEST_CASE("pool: what is told when it begins and when it ends") {
  const auto kinds = [](const Pool::Events& events) {
    std::vector<Kind> all;
    for (const auto& event : events)
      all.push_back(event.kind);
    return all;
  };
  Pool pool({.members = {alpha(kA), member(kB)}, .sorry = member(kSorry)});
  CHECK(kinds(pool.opening()) == std::vector{Kind::server_new, Kind::quorum_gained});
  CHECK(pool.opening()[0].server == kB);
  CHECK(kinds(pool.closing()) == std::vector{Kind::server_down, Kind::quorum_lost});
  CHECK(kinds(Pool({.members = {alpha(kA)}, .sorry = member(kSorry)}).opening()) == std::vector{Kind::quorum_missing});
  CHECK(Pool({.members = {alpha(kA)}, .sorry = {}}).opening().empty());
  CHECK(Pool({.members = {alpha(kA)}, .sorry = {}}).closing().empty());
}

TEST_CASE("pool: over a table that was there, what is missing is down until a check says otherwise") {
  auto unchecked = member(kC);
  unchecked.is_checked = false;
  const PoolParams params{.members = {alpha(kA), member(kB), unchecked}, .sorry = {}};
  auto pool = Pool::adopted(params, {kB, kC});
  CHECK(dests(pool) == "1=1 3=1");  // of unchecked ones nobody would ever say that they are up
  CHECK(pool.has_quorum());
  CHECK(pool.reports() == std::vector<MemberReport>{{kB, false, {}}});
  CHECK(set_up(pool, kB, true) == Change::members);
}

TEST_CASE("pool: a reload keeps who is down, and the quorum between the two bars") {
  const PoolParams params{
      .members = {member(kA), member(kB), member(kC)}, .sorry = member(kSorry), .quorum = 2, .hysteresis = 1};
  Pool former(params);
  set_up(former, kB, false);
  Pool::Events events;
  auto kept = Pool::succeeding(params, former, events);
  CHECK(events.empty());
  CHECK(kept.has_quorum());
  CHECK(dests(kept) == "1=1 3=1");
  CHECK(kept.is_up(kA));
  CHECK_FALSE(kept.is_up(kB));
  CHECK_FALSE(Pool::adopted(params, {kB}).has_quorum());
  CHECK(set_up(kept, kA, false) == Change::members);
  CHECK(set_up(kept, kC, false) == Change::quorum_lost);
}

TEST_CASE("pool: a reload tells what it changes") {
  Pool former({.members = {member(kA), member(kB), member(kC)}, .sorry = {}, .quorum = 1});
  Pool::Events events;
  former.report({kB, false, {}}, kStart, events);
  former.report({kC, true, 9}, kStart, events);
  events.clear();
  auto unchecked = member(kB);
  unchecked.is_checked = false;
  const auto fourth = at("10.9.1.4", 80);
  const auto pool = Pool::succeeding(
      {.members = {unchecked, member(kC, 2), alpha(kSorry), member(fourth)}, .sorry = {}}, former, events);
  REQUIRE(events.size() == 3);
  CHECK(events[0].kind == Kind::server_down);
  CHECK(events[0].server == kA);
  CHECK(events[1].kind == Kind::server_up);
  CHECK(events[1].server == kB);
  CHECK(events[2].kind == Kind::server_new);
  CHECK(events[2].server == fourth);
  CHECK(dests(pool) == "2=1 3=9 4=1");
  events.clear();
  const auto more = Pool::succeeding({.members = {unchecked}, .sorry = member(kSorry), .quorum = 1}, pool, events);
  REQUIRE(events.size() == 2);
  CHECK(events[0].server == kC);
  CHECK(events[1].server == fourth);
  events.clear();
  Pool::succeeding({.members = {alpha(kA)}, .sorry = member(kSorry), .quorum = 1}, more, events);
  REQUIRE(events.size() == 2);
  CHECK(events[1].kind == Kind::quorum_lost);
}

TEST_CASE("pool: a member that the reload removed is forgotten") {
  const auto pool = Pool::adopted({.members = {member(kA)}, .sorry = {}}, {kB, kC});
  CHECK(pool.reports().empty());
  CHECK(dests(pool) == "1=1");
}

TEST_CASE("pool: slow_start, of one that comes back and of no other") {
  auto slow = member(kA, 100);
  slow.slow_start = std::chrono::seconds{10};
  auto waits = alpha(kB);
  waits.dest.weight = 50;
  waits.slow_start = std::chrono::seconds{10};
  Pool pool({.members = {slow, waits}, .sorry = {}, .quorum = 90});
  Pool::Events events;
  const auto weights = [&](Duration after) {
    std::string text;
    for (const auto& [key, dest] : pool.wanted(kStart + after))
      text += std::to_string(dest.weight) + ' ';
    return text;
  };
  using namespace std::chrono_literals;
  CHECK(weights(0s) == "100 ");
  pool.report({kB, true, {}}, kStart, events);
  CHECK(weights(0s) == "100 50 ");
  CHECK_FALSE(pool.next_step(kStart));
  events.clear();
  pool.report({kA, false, {}}, kStart, events);
  pool.report({kA, true, {}}, kStart, events);
  CHECK(events.back().kind == Kind::quorum_gained);  // at once: the quorum counts the full weight
  CHECK(events.back().live == 150);
  CHECK(weights(0s) == "1 50 ");
  CHECK(pool.next_step(kStart) == kStart + 1s);
  CHECK(weights(999ms) == "1 50 ");
  CHECK(weights(1s) == "10 50 ");
  CHECK(pool.next_step(kStart + 1500ms) == kStart + 2s);
  CHECK(weights(9999ms) == "90 50 ");
  CHECK(weights(10s) == "100 50 ");
  CHECK_FALSE(pool.next_step(kStart + 10s));
  // A reload goes on with it.
  Pool::Events none;
  pool = Pool::succeeding(pool.params(), pool, none);
  CHECK(weights(5s) == "50 50 ");
  pool.report({kA, false, {}}, kStart + 5s, events);
  CHECK(weights(5s) == "50 ");
}

TEST_CASE("pool: max_removed holds the newest failures") {
  Pool pool({.members = {member(kA), member(kB), member(kC), member(kSorry)}, .sorry = {}, .max_removed = 50});
  Pool::Events events;
  pool.report({kC, false, {}}, kStart, events);
  pool.report({kA, false, {}}, kStart, events);
  CHECK(dests(pool) == "2=1 99=1");
  events.clear();
  pool.report({kB, false, {}}, kStart, events);
  pool.report({kSorry, false, {}}, kStart, events);
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == Kind::server_held);
  CHECK(events[0].server == kB);
  CHECK(dests(pool) == "2=1 99=1");
  CHECK(pool.has_quorum());
  CHECK_FALSE(pool.is_up(kB));
  CHECK(pool.is_in(kB));
  events.clear();
  pool.report({kSorry, true, {}}, kStart, events);
  REQUIRE(events.size() == 1);
  CHECK(events[0].kind == Kind::server_released);
  events.clear();
  pool.report({kC, true, {}}, kStart, events);  // B, which failed before, takes its place
  REQUIRE(events.size() == 2);
  CHECK(events[0].kind == Kind::server_up);
  CHECK(events[1].kind == Kind::server_down);
  CHECK(events[1].server == kB);
  CHECK(dests(pool) == "3=1 99=1");
  Pool::Events none;
  CHECK(dests(Pool::succeeding(pool.params(), pool, none)) == "3=1 99=1");
}

TEST_CASE("pool: verdicts about strangers change nothing") {
  Pool pool({.members = {member(kA)}, .sorry = member(kSorry)});
  CHECK(set_up(pool, kB, false) == Change::none);
  CHECK(set_up(pool, kSorry, false) == Change::none);
  CHECK_FALSE(pool.is_up(kB));
  CHECK(dests(pool) == "1=1");
}

TEST_CASE("pool: of two members with one key the first counts") {
  walk(Pool({.members = {member(kB, 5), member(kA, 2), member(kA, 9)}, .sorry = {}}), "1=2 2=5",
       {{kA, false, Change::members, "2=5"}, {kB, false, Change::quorum_lost, ""}});
}

TEST_CASE("pool: a sorry server that is a member as well serves as the sorry server") {
  walk(Pool({.members = {member(kA, 5, true)}, .sorry = member(kA, 1, true)}), "1=5",
       {{kA, false, Change::quorum_lost, "1=1"}, {kA, true, Change::quorum_gained, "1=5"}});
}

TEST_CASE("pool: nobody at all") {
  CHECK(Pool({}).wanted(kStart).empty());
  CHECK_FALSE(Pool({}).has_quorum());
  CHECK(dests(Pool({.members = {}, .sorry = member(kSorry)})) == "99=1");
}
