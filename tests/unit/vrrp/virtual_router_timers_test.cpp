// The timers of a virtual router: skew and down interval, the period, preempt_delay, announcements, reloads.
#include <algorithm>

#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

AdvertisementReceived heard(Priority priority, Duration interval = 1s) {
  return {kHigher, priority, interval};
}

/// Active since 0 s, its first advertisement sent.
Bench active(const Params& params) {
  Bench bench(params);
  bench.at(0s, Adopt{});
  return bench;
}

Params with_delay(Duration delay) {
  auto result = params(Version::v2);
  result.preempt_delay = delay;
  return result;
}

/// Calls Tick whenever it is due until `end`; the instants at which an action of this text came out.
std::vector<Duration> instants(Bench* bench, Duration end, const std::string& what) {
  std::vector<Duration> result;
  while (bench->deadline() && *bench->deadline() <= end) {
    const auto now = *bench->deadline();
    if (bench->at(now, Tick{}).find(what) != std::string::npos) result.push_back(now);
  }
  return result;
}

}  // namespace

TEST_CASE("V3-32: skew and down interval in units of the active router's interval, exactly") {
  for (const int priority : {1, 100, 254, 255})
    for (const auto interval : {10ms, 1000ms, 40950ms}) {
      auto with = params(Version::v3, static_cast<Priority>(priority));
      with.advertisement_interval = interval;
      const VirtualRouter router(with);
      const std::int64_t skew = std::chrono::nanoseconds(interval).count() * (256 - priority) / 256;
      CHECK(router.skew_time().count() == skew);
      CHECK(router.active_down_interval().count() == 3 * std::chrono::nanoseconds(interval).count() + skew);
    }
  CHECK(VirtualRouter(params(Version::v3, 100)).active_down_interval() == 3609375us);
}

TEST_CASE("V2-07: skew in seconds whatever the interval") {
  auto with = params(Version::v2);
  with.advertisement_interval = 10s;
  CHECK(VirtualRouter(with).skew_time() == 609375us);
  CHECK(VirtualRouter(with).active_down_interval() == 30609375us);
  with.priority = 254;
  with.advertisement_interval = 255s;
  CHECK(VirtualRouter(with).active_down_interval() == 765s + 7812500ns);
}

TEST_CASE("V3-31: the down timer at the start, for all priorities") {
  for (int priority = 1; priority <= 255; ++priority) {
    Bench bench(params(Version::v3, static_cast<Priority>(priority)));
    bench.at(0s, Startup{});
    CHECK(bench.deadline() == 3s + Duration(1s) * (256 - priority) / 256);
  }
}

TEST_CASE("V3-36 V3-37: a backup follows the interval it hears: 50 cs, then silence; then a resignation") {
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  bench.at(1s, heard(200, 500ms));
  CHECK(bench.router.skew_time() == 304687500ns);
  CHECK(bench.deadline() == 1s + 1500ms + 304687500ns);
  bench.at(2s, heard(0, 500ms));
  CHECK(bench.deadline() == 2s + 304687500ns);
}

TEST_CASE("V3-37: a resignation and an interval of zero teach nothing, neither does a lower priority") {
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  bench.at(1s, heard(0, 500ms));
  bench.at(1s, heard(200, 0s));
  bench.at(1s, heard(50, 500ms));
  CHECK(bench.router.active_down_interval() == 3609375us);
}

TEST_CASE("V2-10: version 2 learns no interval") {
  Bench bench(params(Version::v2));
  bench.at(0s, Startup{});
  bench.at(1s, heard(200, 5s));
  CHECK(bench.router.active_down_interval() == 3609375us);
}

TEST_CASE("V3-38: constant low advertisements do not put the takeover off") {
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  for (auto now = 0ms; now < 3600ms; now += 100ms)
    bench.at(now, heard(50, 100ms));
  CHECK(bench.deadline() == 3609375us);
}

TEST_CASE("V3-44: the period never creeps, however late the ticks come") {
  auto bench = active(params(Version::v3));
  for (int i = 1; i <= 10000; ++i) {
    const auto due = i * Duration(1s);
    if (i != 5) CHECK(bench.deadline() == due);  // at 5 s the second announcement is due as well
    const auto sent = bench.at(due + 1ms * (i % 700), Tick{});
    CHECK(sent == (i == 5 ? "send 100, announce" : "send 100"));
  }
}

TEST_CASE("a phase shortens the first interval only, and a reload of it alone is nothing to tell") {
  auto early = params(Version::v3);
  early.phase = 30ms;
  auto bench = active(early);
  CHECK(instants(&bench, 4s, "send 100") == std::vector<Duration>{970ms, 1970ms, 2970ms, 3970ms});
  early.phase = 10ms;
  CHECK(bench.at(4s, Reconfigure{early}).empty());
  CHECK(bench.deadline() == 4970ms);
  early.priority = 120;
  CHECK(bench.at(4s, Reconfigure{early}) == "send 120");
  CHECK(bench.deadline() == 4990ms);
}

TEST_CASE("a stall sends one advertisement, not those it has missed, and keeps the rhythm") {
  auto bench = active(params(Version::v2));
  CHECK(bench.at(4300ms, Tick{}) == "send 100");
  CHECK(bench.deadline() == 5s);
  CHECK(bench.at(5s, Tick{}) == "send 100, announce");
  CHECK(bench.at(9s, Tick{}) == "send 100");  // due just now: the next is a whole interval away
  CHECK(bench.deadline() == 10s);
  CHECK(bench.at(24h, Tick{}) == "send 100");
  CHECK(bench.deadline() == 24h + 1s);
}

TEST_CASE("V3-47: answering a weaker router leaves Adver_Timer alone; V3-45: a resignation restarts it") {
  auto bench = active(params(Version::v3));
  CHECK(bench.at(300ms, heard(50)) == "send 100, announce, remark");
  CHECK(bench.at(1s, Tick{}) == "send 100");
  CHECK(bench.at(1600ms, heard(0)) == "send 100");
  CHECK(bench.at(2s, Tick{}).empty());
  CHECK(bench.at(2600ms, Tick{}) == "send 100");
}

TEST_CASE("the addresses are announced again after five seconds, once") {
  auto bench = active(params(Version::v3));
  CHECK(instants(&bench, 60s, "announce") == std::vector<Duration>{5s});
}

TEST_CASE("a weaker router heard: announced at once and five seconds later, besides what was planned") {
  auto bench = active(params(Version::v3));
  bench.at(1s, Tick{});
  bench.at(2s, Tick{});
  CHECK(bench.at(2250ms, heard(50)) == "send 100, announce, remark");
  CHECK(instants(&bench, 60s, "announce") == std::vector<Duration>{5s, 7250ms});
}

TEST_CASE("a stall longer than both later announcements makes one of them") {
  auto bench = active(params(Version::v3));
  bench.at(1s, Tick{});
  bench.at(1500ms, heard(50));  // 5 s and 6.5 s are planned
  CHECK(bench.at(20s, Tick{}) == "send 100, announce");
  CHECK(instants(&bench, 60s, "announce").empty());
}

TEST_CASE("bursts keep their distance: a flood of weak advertisements is answered each, announced ten times a second") {
  auto bench = active(params(Version::v3));
  int answers = 0, bursts = 0;
  for (auto now = Duration(10s); now < 20s; now += 1ms) {
    if (bench.deadline() && *bench.deadline() <= now)
      bursts += bench.at(now, Tick{}).find("announce") != std::string::npos;
    const auto out = bench.at(now, heard(50));
    answers += out.find("send 100") != std::string::npos;
    bursts += out.find("announce") != std::string::npos;
  }
  CHECK(answers == 10000);
  CHECK(bursts >= 90);
  CHECK(bursts <= 101);
  // The last word is ours: once the flood ends, the deferred burst, and one five seconds later.
  const auto after = instants(&bench, 60s, "announce");
  REQUIRE(after.size() == 2);
  CHECK(after.back() == 24999ms);
}

TEST_CASE("a weaker router heard right after the takeover: the burst is deferred, not dropped") {
  auto bench = active(params(Version::v3));
  CHECK(bench.at(30ms, heard(50)) == "send 100, remark");
  CHECK(bench.deadline() == 100ms);
  CHECK(bench.at(100ms, Tick{}) == "announce");
  CHECK(instants(&bench, 60s, "announce") == std::vector<Duration>{5030ms});
}

TEST_CASE("who has stepped down announces nothing any more, and starts afresh when active again") {
  auto bench = active(params(Version::v2));
  bench.at(500ms, heard(200));
  CHECK(bench.deadline() == 500ms + 3609375us);
  CHECK(bench.at(500ms + 3609375us, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
  CHECK(instants(&bench, 20s, "announce") == std::vector<Duration>{500ms + 3609375us + 5s});
}

TEST_CASE("preempt_delay: weaker advertisements restart the timer until it has passed, and then no more") {
  Bench bench(with_delay(5s));
  bench.at(0s, Startup{});
  for (auto now = 500ms; now < 5500ms; now += 1s) {
    bench.at(now, heard(50));
    CHECK(bench.deadline() == now + 3609375us);
  }
  bench.at(5500ms, heard(50));
  bench.at(6500ms, heard(50));
  CHECK(bench.deadline() == 4500ms + 3609375us);
  CHECK(bench.at(4500ms + 3609375us, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
}

TEST_CASE("preempt_delay: a higher or equal advertisement cancels it") {
  for (const auto priority : {Priority{100}, Priority{200}}) {
    Bench bench(with_delay(2s));
    bench.at(0s, Startup{});
    bench.at(1s, heard(50));
    bench.at(2s, heard(priority));
    bench.at(3500ms, heard(50));  // begins anew
    CHECK(bench.deadline() == 3500ms + 3609375us);
    bench.at(5s, heard(50));
    CHECK(bench.deadline() == 5s + 3609375us);
    bench.at(5500ms, heard(50));
    CHECK(bench.deadline() == 5s + 3609375us);
  }
}

TEST_CASE("preempt_delay: a silent or resigning router is replaced without it; an owner never waits") {
  Bench silent(with_delay(60s));
  silent.at(0s, Startup{});
  silent.at(1s, heard(50));
  CHECK(silent.at(1s + 3609375us, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");

  Bench resigned(with_delay(60s));
  resigned.at(0s, Startup{});
  resigned.at(1s, heard(50));
  resigned.at(2s, heard(0));
  CHECK(resigned.deadline() == 2s + 609375us);

  auto with = with_delay(60s);
  with.priority = 255;
  Bench owner(with);
  owner.at(0s, Startup{});
  const auto before = owner.deadline();
  owner.at(1s, heard(50));
  CHECK(owner.deadline() == before);
}

TEST_CASE("a reload in backup: priority moves the timer by the difference of the skews") {
  for (const auto version : {Version::v2, Version::v3}) {
    Bench bench(params(version, 50));
    bench.at(0s, Startup{});
    bench.at(1s, heard(200));
    CHECK(bench.at(2s, Reconfigure{params(version, 150)}).empty());
    CHECK(bench.deadline() == 1s + bench.router.active_down_interval());
    bench.at(3s, heard(0));
    bench.at(3100ms, Reconfigure{params(version, 50)});
    CHECK(bench.deadline() == 3s + bench.router.skew_time());
  }
}

TEST_CASE("a reload in backup: another interval starts the down timer anew, and never shortens one learned") {
  auto fast = params(Version::v3);
  fast.advertisement_interval = 100ms;
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  bench.at(1s, heard(200));
  bench.at(2s, Reconfigure{fast});  // the active router still advertises every second
  CHECK(bench.deadline() == 2s + 3609375us);
  bench.at(3s, heard(200, 100ms));
  CHECK(bench.deadline() == 3s + 360937500ns);
  bench.at(3100ms, Reconfigure{params(Version::v3)});
  CHECK(bench.deadline() == 3100ms + 3609375us);

  auto slow = params(Version::v2);
  slow.advertisement_interval = 10s;
  Bench v2(slow);
  v2.at(0s, Startup{});
  v2.at(1s, Reconfigure{params(Version::v2)});
  CHECK(v2.deadline() == 1s + 3609375us);
  v2.at(2s, Reconfigure{params(Version::v3)});
  CHECK(v2.deadline() == 2s + 3609375us);
}

TEST_CASE("a reload while active: advertised at once, and the rhythm is that of the new interval from then on") {
  auto bench = active(params(Version::v3));
  auto changed = params(Version::v3, 150);
  changed.advertisement_interval = 2s;
  CHECK(bench.at(300ms, Reconfigure{changed}) == "send 150");
  CHECK(instants(&bench, 7s, "send 150") == std::vector<Duration>{2300ms, 4300ms, 6300ms});
  CHECK(bench.at(7s, Reconfigure{changed}).empty());  // nothing has changed
  CHECK(bench.deadline() == 8300ms);
}

TEST_CASE("a reload of preempt_mode and of the address takes effect with the next advertisement") {
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  auto changed = params(Version::v3);
  changed.preempt_mode = false;
  CHECK(bench.at(1s, Reconfigure{changed}).empty());
  CHECK(bench.deadline() == 3609375us);
  bench.at(2s, heard(50));
  CHECK(bench.deadline() == 2s + 3609375us);

  auto two = active(params(Version::v3));
  changed.primary_address = IpAddress::v4({192, 0, 2, 9});
  two.at(500ms, Reconfigure{changed});
  two.at(600ms, heard(100));  // of .6, which was higher than .5 and is lower than .9
  CHECK(two.router.state() == State::active);
}

TEST_CASE("two routers fed the same events do the same") {
  const std::vector<std::pair<Duration, Event>> events = {{0s, Startup{}},
                                                          {1s, heard(50)},
                                                          {3609375us, Tick{}},
                                                          {4s, heard(50)},
                                                          {4s, heard(200)},
                                                          {5s, heard(0)},
                                                          {6s, Tick{}},
                                                          {6500ms, Tick{}},
                                                          {12s, Tick{}},
                                                          {13s, InterfaceDown{"eth0 is down"}},
                                                          {14s, InterfaceUp{kOurs}},
                                                          {20s, Tick{}},
                                                          {21s, Shutdown{}}};
  Bench one(params(Version::v3)), two(params(Version::v3));
  for (const auto& [when, event] : events) {
    one.at(when, event);
    two.at(when, event);
    CHECK(one.actions == two.actions);
    CHECK(one.deadline() == two.deadline());
  }
}
