// What holds for a virtual router after any sequence of events.
#include <algorithm>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "core/overloaded.hpp"
#include "vrrp/virtual_router.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;

namespace {

Params any_params() {
  Params params;
  params.primary_address = IpAddress::v4(*rc::gen::inRange<std::uint32_t>(1, 4));
  params.version = *rc::gen::element(Version::v2, Version::v3);
  params.priority = *rc::gen::element<Priority>(1, 50, 100, 101, 254, 255);
  params.advertisement_interval = params.version == Version::v2 ? *rc::gen::element<Duration>(1s, 2s)
                                                                : *rc::gen::element<Duration>(10ms, 100ms, 1s, 2500ms);
  params.preempt_mode = *rc::gen::element(true, true, false);
  params.preempt_delay = *rc::gen::element<Duration>(0s, 0s, 5s);
  params.start_active = params.priority == 255 && *rc::gen::arbitrary<bool>();
  return params;
}

Event any_event() {
  switch (*rc::gen::inRange(0, 20)) {
    case 0: return Startup{};
    case 1: return Adopt{};
    case 2: return Shutdown{};
    case 3: return InterfaceDown{"eth0 is down"};
    case 4: return InterfaceUp{IpAddress::v4(*rc::gen::inRange<std::uint32_t>(1, 4))};
    case 5: return Reconfigure{any_params()};
    case 6:
    case 7:
    case 8:
    case 9:
    case 10: return Tick{};
    default:
      return AdvertisementReceived{IpAddress::v4(*rc::gen::inRange<std::uint32_t>(1, 4)),
                                   *rc::gen::element<Priority>(0, 1, 50, 100, 101, 254, 255),
                                   *rc::gen::element<Duration>(0s, 10ms, 1s, 40950ms)};
  }
}

/// What the actions of one event say together with the states before and after it.
struct Summary {
  int sent = 0, resigned = 0, acquired = 0, released = 0, changes = 0;
};

Summary summary(const std::vector<Action>& actions, State before, State after) {
  Summary result;
  for (const auto& action : actions)
    std::visit(Overloaded{[&](const SendAdvertisement& send) {
                            ++result.sent;
                            result.resigned += send.priority == kResignPriority;
                            RC_ASSERT(result.released == 0);  // never after the addresses are gone
                          },
                          [&](const AcquireAddresses&) { ++result.acquired; },
                          [&](const ReleaseAddresses&) { ++result.released; },
                          [&](const AnnounceAddresses&) { RC_ASSERT(after == State::active); },
                          [&](const AnnounceElsewhere&) { RC_ASSERT(after == State::active); },
                          [&](const StateChanged& change) {
                            ++result.changes;
                            RC_ASSERT(change.from == before);
                            RC_ASSERT(change.to == after);
                            RC_ASSERT(!change.reason.empty());
                          },
                          [](const PriorityAdopted& change) { RC_ASSERT(change.from != change.to); },
                          [&](const HeardWeaker&) { RC_ASSERT(after == State::active); }, [](const WantsActive&) {},
                          [](const Remark& remark) { RC_ASSERT(!remark.text.empty()); }},
               action);
  return result;
}

void check_step(const Event& event, const std::vector<Action>& actions, State before, const VirtualRouter& router) {
  const auto after = router.state();
  const auto told = summary(actions, before, after);
  const bool was = before == State::active, is = after == State::active;
  RC_ASSERT(told.changes == (before == after ? 0 : 1));
  RC_ASSERT(told.acquired == (is && !was ? 1 : 0));
  RC_ASSERT(told.released == (was && !is ? 1 : 0));
  RC_ASSERT(told.sent <= 1);
  RC_ASSERT(told.sent == 0 || was || is);
  const bool leaves_for_good = was && (after == State::initialize || after == State::fault);
  RC_ASSERT(told.resigned == (leaves_for_good ? 1 : 0));
  RC_ASSERT(router.deadline().has_value() == (is || after == State::backup));
  if (std::holds_alternative<Shutdown>(event)) RC_ASSERT(after == State::initialize);
  if (std::holds_alternative<InterfaceDown>(event)) RC_ASSERT(after == State::fault);
  // Only an end of silence, a start or an interface makes a router active, never something heard.
  if (is && !was) RC_ASSERT(!std::holds_alternative<AdvertisementReceived>(event));
  if (is && !was) RC_ASSERT(!std::holds_alternative<Reconfigure>(event));
}

}  // namespace

TEST_CASE("any sequence of events") {
  CHECK(rc::check("actions and states agree; two routers do the same", [] {
    VirtualRouter router(any_params());
    auto twin = router;
    Instant now{};
    std::vector<Action> actions, twins;
    const auto steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
      const auto event = any_event();
      if (std::holds_alternative<Tick>(event) && router.deadline() && *rc::gen::arbitrary<bool>())
        now = std::max(now, *router.deadline());
      else
        now += std::chrono::milliseconds(*rc::gen::inRange(0, 3000));
      const auto before = router.state();
      actions.clear();
      twins.clear();
      router.handle(event, now, actions);
      twin.handle(event, now, twins);
      check_step(event, actions, before, router);
      RC_ASSERT(actions == twins);
      RC_ASSERT(router.deadline() == twin.deadline());
      // A Tick serves all that is due: the next deadline lies ahead.
      const auto due = router.deadline();
      if (std::holds_alternative<Tick>(event) && due) RC_ASSERT(*due > now);
    }
  }));
}

TEST_CASE("a backup that hears nothing is active exactly after the down interval") {
  CHECK(rc::check("any parameters", [] {
    auto params = any_params();
    params.start_active = false;
    VirtualRouter router(params);
    std::vector<Action> actions;
    router.handle(Startup{}, Instant{}, actions);
    const auto due = Instant{} + router.active_down_interval();
    RC_ASSERT(router.deadline() == due);
    router.handle(Tick{}, due - 1ns, actions);
    RC_ASSERT(router.state() == State::backup);
    router.handle(Tick{}, due, actions);
    RC_ASSERT(router.state() == State::active);
  }));
}

TEST_CASE("V3-44: every advertisement that is sent on time stands on one grid, whatever the ticks' lateness") {
  CHECK(rc::check("any lateness", [] {
    auto params = any_params();
    VirtualRouter router(params);
    std::vector<Action> actions;
    router.handle(Adopt{}, Instant{}, actions);
    const auto place = [&](Instant when) { return (when - Instant{}) / params.advertisement_interval; };
    Instant last{};  // of the last one sent; the first, at 0, was sent by the adoption
    for (int i = 0; i < 40; ++i) {
      const auto percent = *rc::gen::weightedOneOf<int>({{9, rc::gen::inRange(0, 90)}, {1, rc::gen::inRange(90, 900)}});
      const auto now = std::max(*router.deadline() + params.advertisement_interval * percent / 100, last);
      actions.clear();
      router.handle(Tick{}, now, actions);
      const auto sent = std::ranges::count(actions, Action(SendAdvertisement{params.priority}));
      RC_ASSERT(sent == (place(now) > place(last) ? 1 : 0));  // one for each place reached, none for those missed
      if (sent == 1) last = now;
    }
  }));
}
