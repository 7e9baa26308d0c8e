// The tables are those that keepalived 2.2.7 was seen to make, unless a case says otherwise.
#include "ipvs/quorum.hpp"

#include <string>

#include <doctest/doctest.h>

#include "ipvs_tables.hpp"

using namespace ipvs_tables;

namespace {

using Change = Pool::Change;

const DestKey kA = at("10.9.1.1", 80);
const DestKey kB = at("10.9.1.2", 80);
const DestKey kC = at("10.9.1.3", 80);
const DestKey kSorry = at("10.9.1.99", 80);

PoolMember member(const DestKey& key, std::uint32_t weight = 1, bool inhibit = false) {
  return {key, weighing(weight), inhibit};
}

/// The wanted dests as "1=1 99=0": last octet and weight.
std::string dests(const Pool& pool) {
  std::string text;
  for (const auto& [key, dest] : pool.wanted())
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
    CHECK(pool.set_up(step.key, step.up) == step.change);
    CHECK(pool.is_up(step.key) == step.up);
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
  CHECK(pool.set_up(kA, false) == Change::members);
  CHECK(pool.has_quorum());
  CHECK(pool.set_up(kB, false) == Change::quorum_lost);
  CHECK(pool.set_up(kB, true) == Change::members);
  CHECK(pool.set_up(kA, true) == Change::quorum_gained);

  Pool four({.members = {member(kA), member(kB), member(kC), member(kSorry)},
             .sorry = {},
             .quorum = 2,
             .hysteresis = 5});  // 1: gained at 3
  for (const auto& key : {kA, kB, kC, kSorry})
    four.set_up(key, false);
  CHECK(four.set_up(kA, true) == Change::members);
  CHECK(four.set_up(kB, true) == Change::members);
  CHECK(four.set_up(kC, true) == Change::quorum_gained);

  Pool none({.members = {member(kA)}, .sorry = {}, .quorum = 0, .hysteresis = 0xffffffffU});
  CHECK(none.has_quorum());
  CHECK(none.set_up(kA, false) == Change::quorum_lost);  // nobody is nobody, whatever the quorum
}

TEST_CASE("pool: alpha members start down, and the sorry server stands in") {
  walk(Pool({.members = {member(kA), member(kB)}, .sorry = member(kSorry)}, {kA, kB}), "99=1",
       {{kA, true, Change::quorum_gained, "1=1"}, {kB, true, Change::members, "1=1 2=1"}});
}

TEST_CASE("pool: a reload keeps who is down, and the quorum between the two bars") {
  const PoolParams params{
      .members = {member(kA), member(kB), member(kC)}, .sorry = member(kSorry), .quorum = 2, .hysteresis = 1};
  Pool former(params);
  former.set_up(kB, false);
  CHECK(former.down() == std::set{kB});
  const Pool kept(params, former.down(), former.has_quorum());
  CHECK(kept.has_quorum());
  CHECK(dests(kept) == "1=1 3=1");
  CHECK(kept.is_up(kA));
  CHECK_FALSE(kept.is_up(kB));
  const Pool fresh(params, former.down());
  CHECK_FALSE(fresh.has_quorum());
  CHECK(dests(fresh) == "99=1");
  const Pool gone(params, {kA, kB, kC}, true);
  CHECK_FALSE(gone.has_quorum());
}

TEST_CASE("pool: a member that the reload removed is forgotten") {
  const Pool pool({.members = {member(kA)}, .sorry = {}}, {kB, kC});
  CHECK(pool.down().empty());
  CHECK(dests(pool) == "1=1");
}

TEST_CASE("pool: verdicts about strangers change nothing") {
  Pool pool({.members = {member(kA)}, .sorry = member(kSorry)});
  CHECK(pool.set_up(kB, false) == Change::none);
  CHECK(pool.set_up(kSorry, false) == Change::none);
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
  CHECK(Pool({}).wanted().empty());
  CHECK_FALSE(Pool({}).has_quorum());
  CHECK(dests(Pool({.members = {}, .sorry = member(kSorry)})) == "99=1");
}
