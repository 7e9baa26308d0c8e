// keepalived's options of the election, in virtual time.
#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

AdvertisementReceived heard(Priority priority, const IpAddress& source = kHigher, Duration interval = 1s) {
  return {source, priority, interval};
}

}  // namespace

TEST_CASE("down_timer_adverts: the down interval counts so many intervals, and a reload moves what is left of it") {
  auto five = params(Version::v3);
  five.down_timer_adverts = 5;
  Bench bench(five);
  bench.at(0s, Startup{});
  CHECK(bench.deadline() == 5s + 609375us);
  auto two = five;
  two.down_timer_adverts = 2;
  bench.at(1s, Reconfigure{two});
  CHECK(bench.deadline() == 2s + 609375us);
  bench.at(1500ms, heard(200));
  CHECK(bench.deadline() == 3500ms + 609375us);
}

TEST_CASE("down_timer_adverts counts the intervals that the active router advertises") {
  auto five = params(Version::v3);
  five.down_timer_adverts = 5;
  Bench bench(five);
  bench.at(0s, Startup{});
  bench.at(1s, heard(200, kHigher, 100ms));
  CHECK(bench.deadline() == 1s + 500ms + 60937500ns);
}

TEST_CASE("V3-46 higher_prio_send_advert: one more advertisement before stepping down") {
  auto polite = params(Version::v2);
  polite.higher_prio_send_advert = true;
  Bench bench(polite);
  bench.at(0s, Adopt{});
  CHECK(bench.at(300ms, heard(101)) == "send 100, release, MASTER>BACKUP");
  bench.at(10s, Tick{});
  CHECK(bench.at(11s, heard(100, kHigher)) == "send 100, release, MASTER>BACKUP");
}

TEST_CASE("V2-11 lower_prio_no_advert: a weaker router is only told by announcements") {
  auto silent = params(Version::v2);
  silent.lower_prio_no_advert = true;
  Bench bench(silent);
  bench.at(0s, Adopt{});
  CHECK(bench.at(300ms, heard(50)) == "announce, remark");
  CHECK(bench.remark() == "192.0.2.6 advertises priority 50, ours is 100: it is to yield, we announce again");
  silent.announcing.lower_priority_repeat = 0;
  bench.at(400ms, Reconfigure{silent});
  CHECK(bench.at(600ms, heard(50)) == "remark");
  CHECK(bench.remark() == "192.0.2.6 advertises priority 50, ours is 100: it is to yield");
  silent.lower_prio_no_advert = false;
  bench.at(700ms, Reconfigure{silent});
  CHECK(bench.at(800ms, heard(50)) == "send 100, remark");
  CHECK(bench.remark() == "192.0.2.6 advertises priority 50, ours is 100: it is to yield, we advertise again");
}

TEST_CASE("the burst counts are the configured ones") {
  auto some = params(Version::v2);
  some.announcing = {.repeat = 3, .delay = 2s, .refresh = 7s, .refresh_repeat = 2};
  Bench bench(some);
  const auto repeat = [&] {
    for (const auto& action : bench.actions)
      if (const auto* burst = std::get_if<AnnounceAddresses>(&action)) return burst->repeat;
    return 0U;
  };
  bench.at(0s, Adopt{});
  CHECK(repeat() == 3);
  bench.at(2s, Tick{});
  CHECK(repeat() == 3);
  bench.at(7s, Tick{});
  CHECK(repeat() == 2);
  CHECK(bench.at(7500ms, Shutdown{}) == "send 0, release, MASTER>INIT");
  CHECK_FALSE(bench.deadline());
}

TEST_CASE("garp_extra_if: as long as it is the master, a period after the other, and never in backup") {
  auto some = params(Version::v2);
  some.announcing = {.delay = 0s, .extra = 1500ms};
  Bench bench(some);
  bench.at(0s, Adopt{});
  CHECK(bench.at(1s, Tick{}) == "send 100");
  CHECK(bench.deadline() == 1500ms);
  CHECK(bench.at(1500ms, Tick{}) == "announce elsewhere");
  CHECK(bench.at(2s, Tick{}) == "send 100");
  CHECK(bench.at(3s, Tick{}) == "send 100, announce elsewhere");
  CHECK(bench.at(3100ms, heard(200)) == "release, MASTER>BACKUP");
  CHECK(bench.at(4500ms, Tick{}).empty());
}

TEST_CASE("timer_expired_backup: a master that has slept too long steps back, only with nopreempt") {
  auto sleepy = params(Version::v2);
  sleepy.timer_expired_backup = 254;
  sleepy.preempt_mode = false;
  // Another of priority 254 takes over 3 s + 2/256 s after our last advertisement.
  Bench bench(sleepy);
  bench.at(0s, Adopt{});
  CHECK(bench.at(3s, Tick{}).find("send 100") == 0);  // a second late, then two more
  CHECK(bench.at(4s, Tick{}).find("send 100") == 0);
  CHECK(bench.at(7s + 100ms, Tick{}) == "release, MASTER>BACKUP");
  CHECK(bench.reason() ==
        "not run for 2.100 s beyond the timer: a router of priority 254 must have taken over (timer_expired_backup)");
  CHECK(bench.deadline() == 7s + 100ms + 3609375us);
  sleepy.preempt_mode = true;
  Bench preempting(sleepy);
  preempting.at(0s, Adopt{});
  CHECK(preempting.at(60s, Tick{}).find("send 100") == 0);
  sleepy.preempt_mode = false;
  sleepy.timer_expired_backup.reset();
  Bench without(sleepy);
  without.at(0s, Adopt{});
  CHECK(without.at(60s, Tick{}).find("send 100") == 0);
}

TEST_CASE("vrrp_startup_delay: in backup and deaf, then the whole down interval") {
  Bench bench(params(Version::v2));
  CHECK(bench.at(0s, Startup{5s}) == "INIT>BACKUP");
  CHECK(bench.reason() == "started with priority 100, listening for 3.609 s after the startup delay of 5.000 s");
  CHECK(bench.deadline() == 5s + 3609375us);
  CHECK(bench.at(1s, heard(200)).empty());
  CHECK(bench.deadline() == 5s + 3609375us);
  CHECK(bench.at(2s, InterfaceDown{"eth0 is down"}) == "BACKUP>FAULT");
  CHECK(bench.at(3s, InterfaceUp{kOurs}) == "FAULT>BACKUP");
  CHECK(bench.deadline() == 5s + 3609375us);
  bench.at(6s, heard(200));
  CHECK(bench.deadline() == 6s + 3609375us);
}

TEST_CASE("vrrp_startup_delay: an owner becomes active when it is over") {
  auto owner = params(Version::v3, 255);
  owner.start_active = true;
  Bench bench(owner);
  CHECK(bench.at(0s, Startup{2s}) == "INIT>BACKUP");
  CHECK(bench.at(1s, Tick{}).empty());
  CHECK(bench.at(2s, Tick{}) == "send 255, acquire, announce, BACKUP>MASTER");
}
