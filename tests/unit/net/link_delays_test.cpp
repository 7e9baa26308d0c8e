#include "net/link_delays.hpp"

#include <algorithm>
#include <map>
#include <random>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1000s};

LinkMessage message(unsigned index, bool up, const char* name = nullptr) {
  LinkMessage made;
  made.index = IfIndex{index};
  if (name != nullptr) made.name = name;
  made.up = up;
  return made;
}

/// eth0 (2) with 2 s down and 3 s up, eth1 (3) without; both up.
struct Fixture {
  Fixture() {
    delays.set({{"eth0", {2s, 3s}}}, kStart);
    for (const unsigned index : {2U, 3U})
      REQUIRE(delays.filter(message(index, true, index == 2 ? "eth0" : "eth1"), kStart).up);
  }
  /// Whether it counts as up.
  bool tell(unsigned index, bool up, Duration after) { return delays.filter(message(index, up), kStart + after).up; }
  std::vector<std::pair<unsigned, bool>> due(Duration after) {
    std::vector<std::pair<unsigned, bool>> list;
    for (const auto& one : delays.due(kStart + after))
      list.emplace_back(number(one.index), one.up);
    return list;
  }
  using List = std::vector<std::pair<unsigned, bool>>;
  LinkDelays delays;
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "link delays: a link that goes down is down when that has lasted") {
  CHECK(tell(2, false, 10s));
  CHECK(delays.deadline() == kStart + 12s);
  CHECK(due(11999ms).empty());
  CHECK(due(12s) == List{{2, false}});
  CHECK(due(12s).empty());
  CHECK_FALSE(delays.deadline());
  CHECK_FALSE(tell(2, false, 13s));
}

TEST_CASE_FIXTURE(Fixture, "link delays: it comes up after its other delay") {
  (void)tell(2, false, 10s);
  (void)due(12s);
  CHECK_FALSE(tell(2, true, 20s));
  CHECK(due(22999ms).empty());
  CHECK(due(23s) == List{{2, true}});
}

TEST_CASE_FIXTURE(Fixture, "link delays: what has not lasted has not been, and the next one lasts from its own start") {
  CHECK(tell(2, false, 10s));
  CHECK(tell(2, true, 11s));
  CHECK_FALSE(delays.deadline());
  CHECK(due(20s).empty());
  CHECK(tell(2, false, 21s));
  CHECK(delays.deadline() == kStart + 23s);
}

TEST_CASE_FIXTURE(Fixture, "link delays: a repeated message does not begin anew") {
  CHECK(tell(2, false, 10s));
  CHECK(tell(2, false, 11s));
  CHECK(delays.deadline() == kStart + 12s);
}

TEST_CASE_FIXTURE(Fixture, "link delays: a link without a delay counts at once, as does one that is new") {
  CHECK_FALSE(tell(3, false, 10s));
  CHECK(tell(3, true, 11s));
  CHECK_FALSE(delays.filter(message(9, false, "eth9"), kStart).up);
  CHECK_FALSE(delays.deadline());
}

TEST_CASE_FIXTURE(Fixture, "link delays: a link that is gone waits no more, and comes as another one") {
  CHECK(tell(2, false, 10s));
  auto gone = message(2, false);
  gone.removed = true;
  CHECK(delays.filter(gone, kStart + 11s).removed);
  CHECK_FALSE(delays.deadline());
  CHECK_FALSE(delays.filter(message(2, false, "eth0"), kStart + 12s).up);
  CHECK(delays.filter(gone, kStart + 13s).removed);
  CHECK(delays.filter(gone, kStart + 13s).removed);  // of which nobody knows
}

TEST_CASE_FIXTURE(Fixture, "link delays: whoever loses its delay is due at once, others go on waiting") {
  delays.set({{"eth0", {2s, 3s}}, {"eth1", {5s, 5s}}}, kStart);
  CHECK(tell(2, false, 10s));
  CHECK(tell(3, false, 10s));
  delays.set({{"eth1", {1s, 1s}}}, kStart + 11s);
  CHECK(due(11s) == List{{2, false}});
  CHECK(delays.deadline() == kStart + 15s);
}

TEST_CASE_FIXTURE(Fixture, "link delays: the rest of a message passes as it is") {
  auto whole = message(2, false, "eth0");
  whole.mtu = 9000;
  whole.vrf_table = 7;
  const auto passed = delays.filter(whole, kStart + 10s);
  CHECK(passed.up);
  CHECK(passed.name == "eth0");
  CHECK(passed.mtu == 9000U);
  CHECK(passed.vrf_table == 7U);
  REQUIRE(delays.due(kStart + 12s).size() == 1);
}

TEST_CASE(
    "link delays: whatever happens, what counts is a state that has lasted its delay, and all is told in the end") {
  std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same each time
  for (int round = 0; round < 200; ++round) {
    LinkDelays delays;
    const Duration down = std::chrono::milliseconds(random() % 4 * 100);
    const Duration up = std::chrono::milliseconds(random() % 4 * 100);
    delays.set({{"eth0", {down, up}}}, kStart);
    bool counts = delays.filter(message(2, true, "eth0"), kStart).up;
    bool actual = true;
    auto since = kStart;
    auto now = kStart;
    const auto look = [&](bool seen) {
      if (seen == counts) return;
      CHECK(seen == actual);
      CHECK(now - since >= (seen ? up : down));
      counts = seen;
    };
    for (int step = 0; step < 50; ++step) {
      now += std::chrono::milliseconds(random() % 150);
      for (const auto& one : delays.due(now))
        look(one.up);
      const bool next = random() % 2 == 0;
      if (next != actual) since = now;
      actual = next;
      look(delays.filter(message(2, next), now).up);
    }
    now += 1s;
    for (const auto& one : delays.due(now))
      look(one.up);
    CHECK(counts == actual);
    CHECK_FALSE(delays.deadline());
  }
}
