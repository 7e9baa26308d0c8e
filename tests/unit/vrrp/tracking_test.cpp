#include "vrrp/tracking.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::vrrp;

namespace {

const TrackKey kScript{TrackKind::script, "chk"};
const TrackKey kFile{TrackKind::file, "number"};

TrackValue number(std::int64_t value) {
  return {true, false, value};
}

Tracking tracking(std::vector<Tracker> trackers) {
  Tracking made;
  made.replace(std::move(trackers));
  return made;
}

}  // namespace

TEST_CASE("a weight counts while up when it is positive, while down when it is negative") {
  CHECK(effect({kScript, 20, false}, kTrackedUp) == TrackEffect{.change = 20});
  CHECK(effect({kScript, 20, false}, kTrackedDown) == TrackEffect{});
  CHECK(effect({kScript, -20, false}, kTrackedUp) == TrackEffect{});
  CHECK(effect({kScript, -20, false}, kTrackedDown) == TrackEffect{.change = -20});
}

TEST_CASE("a reversed weight has the other sign") {
  CHECK(effect({kScript, 20, true}, kTrackedUp) == TrackEffect{.change = -20});
  CHECK(effect({kScript, 20, true}, kTrackedDown) == TrackEffect{});
  CHECK(effect({kScript, -20, true}, kTrackedDown) == TrackEffect{.change = 20});
}

TEST_CASE("without a weight down means FAULT, reversed up does") {
  CHECK(effect({kScript, 0, false}, kTrackedDown).is_fault);
  CHECK_FALSE(effect({kScript, 0, false}, kTrackedUp).is_fault);
  CHECK(effect({kScript, 0, true}, kTrackedUp).is_fault);
  CHECK_FALSE(effect({kScript, 0, true}, kTrackedDown).is_fault);
}

TEST_CASE("a file's number is multiplied; -254 and less means FAULT, and 253 is the most") {
  CHECK(effect({kFile, 1, false}, number(10)).change == 10);
  CHECK(effect({kFile, -2, false}, number(10)).change == -20);
  CHECK(effect({kFile, 2, true}, number(10)).change == -20);
  CHECK(effect({kFile, 1, false}, number(-253)) == TrackEffect{.change = -253});
  CHECK(effect({kFile, 1, false}, number(-254)).is_fault);
  CHECK(effect({kFile, 2, false}, number(-127)).is_fault);
  CHECK(effect({kFile, 1, false}, number(1000)).change == 253);
  CHECK(effect({kFile, 254, false}, number(INT64_MAX)).change == 253);
  CHECK(effect({kFile, 254, false}, number(INT64_MIN)).is_fault);
  CHECK(effect({kFile, 0, false}, number(1)).is_fault);
  CHECK_FALSE(effect({kFile, 0, false}, number(0)).is_fault);
}

TEST_CASE("the effective priority stays within 1 and 254, and an owner's is its own") {
  auto tracked = tracking({{kScript, -200, false}, {kFile, 1, false}});
  tracked.set(kScript, kTrackedDown);
  tracked.set(kFile, number(0));
  CHECK(tracked.effective(100) == 1);
  CHECK(tracked.effective(255) == 255);
  tracked.set(kFile, number(250));
  CHECK(tracked.effective(100) == 150);
  tracked.set(kScript, kTrackedUp);
  CHECK(tracked.effective(100) == 254);
}

TEST_CASE("the change is told with its numbers") {
  auto tracked = tracking({{kScript, -20, false}});
  CHECK(tracked.set(kScript, kTrackedDown));
  CHECK(tracked.last_change() == "tracked script chk failed (-20)");
  CHECK_FALSE(tracked.fault());
  CHECK_FALSE(tracked.set(kScript, kTrackedDown));
  CHECK_FALSE(tracked.set({TrackKind::script, "other"}, kTrackedDown));
}

TEST_CASE("without a result a router waits; with a weight it does not, and the thing has no effect") {
  auto tracked = tracking({{kScript, 0, false}});
  CHECK(tracked.waits());
  CHECK_FALSE(tracked.fault());
  CHECK(tracked.set(kScript, kTrackedUp));
  CHECK_FALSE(tracked.waits());
  auto weighed = tracking({{kScript, 20, false}, {kFile, 1, false}});
  CHECK_FALSE(weighed.waits());
  CHECK(weighed.effective(100) == 100);
  CHECK(weighed.set(kScript, kTrackedUp));
  CHECK(weighed.effective(100) == 120);
  auto assumed = tracking({{kScript, -20, false}});
  CHECK(assumed.effective(100) == 100);
  CHECK(assumed.set(kScript, {false, false, 0}));
  CHECK(assumed.effective(100) == 80);
}

TEST_CASE("what does nothing to the router is no change") {
  auto tracked = tracking({{kFile, 0, false}});
  CHECK(tracked.set(kFile, number(1)));
  CHECK_FALSE(tracked.set(kFile, number(2)));
  CHECK(*tracked.fault() == "tracked file number says 2");
}

TEST_CASE("what stays tracked stays known, and gets its new weight") {
  auto tracked = tracking({{kScript, -20, false}, {kFile, 1, false}});
  tracked.set(kScript, kTrackedDown);
  tracked.set(kFile, number(7));
  tracked.replace({{kScript, -30, false}});
  CHECK_FALSE(tracked.waits());
  CHECK(tracked.effective(100) == 70);
  tracked.replace({{kScript, 0, false}, {kFile, 0, false}});
  CHECK(tracked.waits());  // for the file, which was not tracked in between
  CHECK(*tracked.fault() == "tracked script chk failed");
}

TEST_CASE("what an instance and its group track counts twice") {
  auto tracked = tracking({{kScript, -20, false}, {kScript, -10, false}});
  tracked.set(kScript, kTrackedDown);
  CHECK(tracked.effective(100) == 70);
  CHECK(tracked.last_change() == "tracked script chk failed (-30)");
}

TEST_CASE("a router is in FAULT while any reason stands") {
  Faults faults;
  CHECK(faults.reason().empty());
  faults.set(Faults::Kind::tracking, "a script");
  faults.set(Faults::Kind::link, "a link");
  CHECK(faults.reason() == "a link");
  faults.set(Faults::Kind::link, "");
  CHECK(faults.reason() == "a script");
  faults.set(Faults::Kind::tracking, "");
  faults.set(Faults::Kind::group, "another");
  CHECK(faults.own_reason().empty());
  CHECK(faults.reason() == "another");
}
