// The transition table of RFC 9568 6.4 and RFC 3768 6.4, row by row: state, event, actions in order, next state, timer.
// V3-33, V3-34 and V3-40 to V3-43 are the kernel's to keep: the router decides who holds the addresses.
#include "vrrp/virtual_router.hpp"

#include <algorithm>
#include <iterator>

#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

constexpr Duration kStart = 100s;                  // so that no instant is 0
constexpr Duration kEntered = kStart + 3609375us;  // of the active state
constexpr Duration kSkew = 609375us;               // priority 100, 1 s: the same in both versions
constexpr Duration kDown = 3 * 1s + kSkew;

/// When the next Tick is due after the event; "now" is the time of the event.
enum class Timer : std::uint8_t { none, as_before, now_plus_skew, now_plus_down, now_plus_interval };

struct Row {
  const char* requirement;
  State state;
  Event event;
  const char* actions;
  State next;
  Timer timer;
  bool preempt_mode = true;
  Priority priority = 100;
  bool start_active = false;
};

AdvertisementReceived heard(Priority priority, const IpAddress& source = kHigher) {
  return {source, priority, 1s};
}

Bench in_state(State state, const Params& params) {
  Bench bench(params);
  if (state == State::initialize) return bench;
  if (state == State::fault) {
    bench.at(kStart, InterfaceDown{"eth0 is down"});
    return bench;
  }
  bench.at(kStart, Startup{});
  // An owner that starts active is there at once; the others wait.
  if (state == State::active && !params.start_active) bench.at(*bench.deadline(), Tick{});
  return bench;
}

Reconfigure with_priority(Version version, Priority priority) {
  return {params(version, priority)};
}

std::vector<Row> rows(Version version) {
  constexpr auto initialize = State::initialize, backup = State::backup, active = State::active, fault = State::fault;
  const auto ours = [&] { return with_priority(version, 120); };
  return {
      {"V3-31 V2-10", initialize, Startup{}, "INIT>BACKUP", backup, Timer::now_plus_down},
      {"V3-30", initialize, Startup{}, "send 255, acquire, announce, INIT>MASTER", active, Timer::now_plus_interval,
       true, 255, true},
      {"compat 10.4: 255 with state BACKUP waits", initialize, Startup{}, "INIT>BACKUP", backup, Timer::now_plus_down,
       true, 255},
      {"adoption", initialize, Adopt{}, "send 100, acquire, announce, INIT>MASTER silent", active,
       Timer::now_plus_interval},
      {"nothing to stop", initialize, Shutdown{}, "", initialize, Timer::none},
      {"no timer runs", initialize, Tick{}, "", initialize, Timer::none},
      {"deaf", initialize, heard(200), "", initialize, Timer::none},
      {"deaf to resignations", initialize, heard(0), "", initialize, Timer::none},
      {"a start without interface", initialize, InterfaceDown{"eth0 is down"}, "INIT>FAULT", fault, Timer::none},
      {"an address, no start", initialize, InterfaceUp{kOurs}, "", initialize, Timer::none},
      {"a reload before the start", initialize, ours(), "", initialize, Timer::none},

      {"started already", backup, Startup{}, "", backup, Timer::as_before},
      {"not to be adopted", backup, Adopt{}, "", backup, Timer::as_before},
      {"V3-39: no advertisement", backup, Shutdown{}, "BACKUP>INIT", initialize, Timer::none},
      {"not due", backup, Tick{}, "", backup, Timer::as_before},
      {"V3-36 V2-10", backup, heard(0), "", backup, Timer::now_plus_skew},
      {"V3-37 V2-10: higher", backup, heard(101, kLower), "", backup, Timer::now_plus_down},
      {"V3-37 V2-10: equal, whatever the address", backup, heard(100, kLower), "", backup, Timer::now_plus_down},
      {"V3-37 V2-10: equal, whatever the address", backup, heard(100, kHigher), "", backup, Timer::now_plus_down},
      {"V3-37 V2-10: preempt off", backup, heard(1), "", backup, Timer::now_plus_down, false},
      {"V3-38 V2-10: lower is discarded", backup, heard(99), "", backup, Timer::as_before},
      {"V3-50: the owner preempts whatever the flag", backup, heard(254), "", backup, Timer::as_before, false, 255},
      {"no packet on a dead link", backup, InterfaceDown{"eth0 is down"}, "BACKUP>FAULT", fault, Timer::none},
      {"only an address", backup, InterfaceUp{kOurs}, "", backup, Timer::as_before},

      {"started already", active, Startup{}, "", active, Timer::as_before},
      {"active already", active, Adopt{}, "", active, Timer::as_before},
      {"V3-49", active, Shutdown{}, "send 0, release, MASTER>INIT", initialize, Timer::none},
      {"not due", active, Tick{}, "", active, Timer::as_before},
      {"V3-45", active, heard(0), "send 100", active, Timer::now_plus_interval},
      {"V3-46: higher", active, heard(101, kLower), "release, MASTER>BACKUP", backup, Timer::now_plus_down},
      {"V3-46: equal, higher address", active, heard(100, kHigher), "release, MASTER>BACKUP", backup,
       Timer::now_plus_down},
      {"V3-47 V2-11: equal, lower address", active, heard(100, kLower), "send 100, announce, remark", active,
       Timer::as_before},
      {"V3-47 V2-11: lower", active, heard(99, kHigher), "send 100, announce, remark", active, Timer::as_before},
      {"V3-48: preempt off", active, heard(101), "release, MASTER>BACKUP", backup, Timer::now_plus_down, false},
      {"compat 10.5: our own address", active, heard(100, kOurs), "remark", active, Timer::as_before},
      {"V3-23, deviating: owner hears owner, the lower address yields", active, heard(255, kHigher),
       "release, MASTER>BACKUP", backup, Timer::now_plus_down, true, 255, true},
      {"V3-23, deviating: owner hears owner, the higher address stays", active, heard(255, kLower),
       "send 255, announce, remark", active, Timer::as_before, true, 255, true},
      {"a farewell is tried", active, InterfaceDown{"eth0 is down"}, "send 0, release, MASTER>FAULT", fault,
       Timer::none},
      {"only an address", active, InterfaceUp{kOurs}, "", active, Timer::as_before},
      {"a reload is advertised at once", active, ours(), "send 120", active, Timer::now_plus_interval},

      {"not on a dead link", fault, Startup{}, "", fault, Timer::none},
      {"not on a dead link", fault, Adopt{}, "", fault, Timer::none},
      {"no farewell", fault, Shutdown{}, "FAULT>INIT", initialize, Timer::none},
      {"no timer runs", fault, Tick{}, "", fault, Timer::none},
      {"deaf", fault, heard(200), "", fault, Timer::none},
      {"down already", fault, InterfaceDown{"eth0 is gone"}, "", fault, Timer::none},
      {"a full down timer", fault, InterfaceUp{kOurs}, "FAULT>BACKUP", backup, Timer::now_plus_down},
      {"V3-30 after a fault", fault, InterfaceUp{kOurs}, "send 255, acquire, announce, FAULT>MASTER", active,
       Timer::now_plus_interval, true, 255, true},
      {"a reload mends no link", fault, ours(), "", fault, Timer::none},
  };
}

/// What tracking and sync groups add.
std::vector<Row> more_rows() {
  using enum State;
  return {
      {"before the start", initialize, PriorityChanged{80, "chk"}, "100->80", initialize, Timer::none},
      {"as it was", backup, PriorityChanged{100, "chk"}, "", backup, Timer::as_before},
      {"the next advertisement says it", active, PriorityChanged{80, "chk"}, "100->80", active, Timer::as_before},
      {"mends nothing", fault, PriorityChanged{80, "chk"}, "100->80", fault, Timer::none},
      {"compat 10.6: not started", initialize, GroupActive{"all"}, "", initialize, Timer::none},
      {"compat 10.6: all together", backup, GroupActive{"all"}, "send 100, acquire, announce, BACKUP>MASTER", active,
       Timer::now_plus_interval},
      {"compat 10.6: is so already", active, GroupActive{"all"}, "", active, Timer::as_before},
      {"compat 10.6: not in a fault", fault, GroupActive{"all"}, "", fault, Timer::none},
      {"compat 10.6: not started", initialize, GroupBackup{"one"}, "", initialize, Timer::none},
      {"compat 10.6: is so already", backup, GroupBackup{"one"}, "", backup, Timer::as_before},
      {"compat 10.6: never alone", active, GroupBackup{"one"}, "release, MASTER>BACKUP", backup, Timer::now_plus_down},
      {"compat 10.6: a fault stays", fault, GroupBackup{"one"}, "", fault, Timer::none},
  };
}

std::vector<Row> all_rows(Version version) {
  auto all = rows(version);
  std::ranges::move(more_rows(), std::back_inserter(all));
  return all;
}

void check(const Row& row, Version version) {
  INFO("version ", static_cast<int>(version), ", ", std::string(users_name(row.state)), ": ",
       std::string(row.requirement));
  auto with = params(version, row.priority);
  with.preempt_mode = row.preempt_mode;
  with.start_active = row.start_active;
  auto bench = in_state(row.state, with);
  // Early enough for nothing to be due, late enough for a further burst of announcements to be allowed.
  const auto now = (row.state == State::active && !row.start_active ? kEntered : kStart) + 250ms;
  const auto before = bench.deadline();
  CHECK(bench.at(now, row.event) == row.actions);
  CHECK(bench.router.state() == row.next);
  const auto skew = Duration(1s) * (256 - row.priority) / 256;
  switch (row.timer) {
    case Timer::none: CHECK(!bench.deadline()); break;
    case Timer::as_before: CHECK(bench.deadline() == before); break;
    case Timer::now_plus_skew: CHECK(bench.deadline() == now + skew); break;
    case Timer::now_plus_down: CHECK(bench.deadline() == now + 3s + skew); break;
    case Timer::now_plus_interval: CHECK(bench.deadline() == now + 1s); break;
  }
}

}  // namespace

TEST_CASE("V3-30 to V3-50, V2-10, V2-11: the transition table") {
  for (const auto version : {Version::v2, Version::v3})
    for (const auto& row : all_rows(version))
      check(row, version);
}

TEST_CASE("the table has every state with every event") {
  for (const auto state : {State::initialize, State::backup, State::active, State::fault})
    for (std::size_t event = 0; event < std::variant_size_v<Event>; ++event) {
      CAPTURE(std::string(users_name(state)));
      CAPTURE(event);
      const auto all = all_rows(Version::v3);
      const auto has = [&](const Row& row) { return row.state == state && row.event.index() == event; };
      const bool elsewhere = state == State::backup && event == Event(Reconfigure{}).index();  // its own test case
      CHECK((std::ranges::any_of(all, has) || elsewhere));
    }
}

TEST_CASE("V3-35: the down timer fires: advertisement, addresses, announcement, then the news") {
  for (const auto version : {Version::v2, Version::v3}) {
    Bench bench(params(version));
    bench.at(kStart, Startup{});
    CHECK(bench.at(kStart + kDown - 1ns, Tick{}).empty());
    CHECK(bench.at(kStart + kDown, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
    CHECK(bench.deadline() == kEntered + 1s);
  }
}

TEST_CASE("V3-46: addresses are compared as unsigned numbers in network order") {
  const auto nine = IpAddress::v4({9, 0, 0, 1}), ten = IpAddress::v4({10, 0, 0, 1}),
             high = IpAddress::v4({200, 0, 0, 1});
  const auto yields = [](const IpAddress& ours, const IpAddress& theirs) {
    auto with = params(Version::v3);
    with.primary_address = ours;
    auto bench = in_state(State::active, with);
    bench.at(kEntered + 250ms, heard(100, theirs));
    return bench.router.state() == State::backup;
  };
  CHECK(yields(nine, ten));
  CHECK(!yields(ten, nine));
  CHECK(yields(ten, high));
  CHECK(!yields(high, ten));
}

TEST_CASE("V3-46 V3-37: who steps down follows the stronger router's interval in version 3, its own in version 2") {
  for (const auto version : {Version::v2, Version::v3}) {
    auto bench = in_state(State::active, params(version));
    CHECK(bench.at(kEntered + 250ms, AdvertisementReceived{kHigher, 200, 500ms}) ==
          (version == Version::v2 ? "release, MASTER>BACKUP" : "remark, release, MASTER>BACKUP"));
    const auto down = version == Version::v2 ? kDown : kDown / 2;
    CHECK(bench.deadline() == kEntered + 250ms + down);
    CHECK(bench.at(kEntered + 250ms + down, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
    CHECK(bench.deadline() == kEntered + 250ms + down + 1s);  // its own interval again
  }
}

TEST_CASE("a fault and its end: the new address decides, the down timer is full and of our own interval") {
  Bench bench(params(Version::v3));
  bench.at(kStart, Startup{});
  bench.at(kStart + 1s, AdvertisementReceived{kHigher, 200, 3s});
  bench.at(kStart + 2s, InterfaceDown{"eth0 is down"});
  CHECK(bench.at(kStart + 9s, InterfaceUp{kLower}) == "FAULT>BACKUP");
  CHECK(bench.router.params().primary_address == kLower);
  CHECK(bench.deadline() == kStart + 9s + kDown);
}

TEST_CASE("reasons say in a sentence what happened, with the numbers") {
  Bench bench(params(Version::v2));
  bench.at(0s, Startup{});
  CHECK(bench.reason() == "started with priority 100, listening for 3.609 s");
  bench.at(3610ms, Tick{});
  CHECK(bench.reason() == "no advertisement for 3.610 s (down interval 3.609 s)");
  bench.at(4s, heard(200));
  CHECK(bench.reason() == "192.0.2.6 advertises priority 200, ours is 100");
  bench.at(7610ms, Tick{});
  CHECK(bench.reason() == "no advertisement of 192.0.2.6 for 3.610 s (down interval 3.609 s)");
  bench.at(8s, heard(100));
  CHECK(bench.reason() == "192.0.2.6 advertises priority 100, ours is 100 and our address 192.0.2.5 is lower");
  bench.at(9s, heard(0));
  bench.at(9610ms, Tick{});
  CHECK(bench.reason() == "192.0.2.6 resigned 0.610 s ago (skew time 0.609 s)");
  bench.at(10s, InterfaceDown{"eth0 is down"});
  CHECK(bench.reason() == "eth0 is down");
  bench.at(11s, InterfaceUp{kOurs});
  CHECK(bench.reason() == "the interface is up with priority 100, listening for 3.609 s");
  bench.at(12s, heard(50, kLower));
  bench.at(14610ms, Tick{});
  CHECK(bench.reason() ==
        "preempting 192.0.2.4, whose priority 50 is below our 100: no better advertisement for 3.610 s (down interval "
        "3.609 s)");
  bench.at(15s, Shutdown{});
  CHECK(bench.reason() == "stopped");

  auto owner = params(Version::v3, 255);
  owner.start_active = true;
  Bench first(owner);
  first.at(0s, Startup{});
  CHECK(first.reason() == "started with priority 255 as the owner of the addresses");
  Bench adopted(params(Version::v3));
  adopted.at(0s, Adopt{});
  CHECK(adopted.reason() == "adopted from a former process, which was MASTER");
}

TEST_CASE("remarks name who and what") {
  Bench bench(params(Version::v3));
  bench.at(0s, Startup{});
  bench.at(1s, AdvertisementReceived{kHigher, 200, 2s});
  CHECK(bench.remark() == "192.0.2.6 advertises every 2.000 s, not every 1.000 s: its interval is followed");
  bench.at(2s, AdvertisementReceived{kHigher, 200, 2s});
  CHECK(bench.remark().empty());  // once

  auto active = in_state(State::active, params(Version::v3));
  active.at(kEntered + 250ms, heard(50));
  CHECK(active.remark() ==
        "192.0.2.6 advertises priority 50, ours is 100: it is to yield, we advertise and announce again");
  active.at(kEntered + 250ms, heard(100, kOurs));
  CHECK(active.remark().find("from our own address 192.0.2.5") != std::string::npos);
}

TEST_CASE("users read keepalived's words") {
  CHECK(std::string(users_name(State::initialize)) == "INIT");
  CHECK(std::string(users_name(State::backup)) == "BACKUP");
  CHECK(std::string(users_name(State::active)) == "MASTER");
  CHECK(std::string(users_name(State::fault)) == "FAULT");
}
