// What tracking does to an election, in virtual time.
#include <algorithm>

#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

AdvertisementReceived heard(Priority priority, const IpAddress& source = kHigher) {
  return {source, priority, 1s};
}

}  // namespace

TEST_CASE("another priority moves a backup's deadline by the difference of the skew times") {
  Bench bench(params(Version::v2, 100));
  bench.at(0s, Startup{});
  CHECK(bench.deadline() == 3s + 609375us);
  CHECK(bench.at(1s, PriorityChanged{164, "tracked script chk succeeded (+64)"}) == "100->164");
  CHECK(bench.deadline() == 3s + 359375us);
  CHECK(bench.at(1s, PriorityChanged{164, "again"}).empty());
}

TEST_CASE("an active router tells another priority with its next advertisement, which comes when it was due") {
  Bench bench(params(Version::v2, 100));
  bench.at(0s, Adopt{});
  CHECK(bench.at(500ms, PriorityChanged{80, "tracked script chk failed (-20)"}) == "100->80");
  CHECK(bench.deadline() == 1s);
  CHECK(bench.at(1s, Tick{}) == "send 80");
}

TEST_CASE("a transition that tracking has caused says how, with the numbers") {
  Bench bench(params(Version::v2, 100));
  bench.at(0s, Adopt{});
  bench.at(500ms, PriorityChanged{80, "tracked script chk failed (-20)"});
  CHECK(bench.at(700ms, heard(90)) == "release, MASTER>BACKUP");
  CHECK(bench.reason() ==
        "192.0.2.6 advertises priority 90, ours is 80 (tracked script chk failed (-20): priority 100 -> 80)");
  bench.at(1s, PriorityChanged{100, "tracked script chk succeeded (0)"});
  bench.at(2s, heard(90));
  CHECK(bench.at(5s, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
  CHECK(bench.reason().find("is below our 100 (tracked script chk succeeded (0): priority 80 -> 100)") !=
        std::string::npos);
}

TEST_CASE("a fault knows no deadline, and its end is told with its reason") {
  Bench bench(params(Version::v2, 100));
  bench.at(0s, Startup{});
  bench.at(1s, InterfaceDown{"tracked script chk failed"});
  CHECK(bench.at(2s, PriorityChanged{90, "tracked script other failed (-10)"}) == "100->90");
  CHECK_FALSE(bench.deadline());
  bench.at(3s, InterfaceUp{kOurs, "tracked script chk succeeded"});
  CHECK(bench.reason() == "tracked script chk succeeded with priority 90, listening for 3.648 s");
}

TEST_CASE("an active router that hears a weaker one says so, for those who want to be told") {
  Bench bench(params(Version::v2, 100));
  bench.at(0s, Adopt{});
  const auto told = [&] { return std::ranges::count(bench.actions, Action{HeardWeaker{}}); };
  bench.at(100ms, heard(90));
  CHECK(told() == 1);
  bench.at(200ms, heard(100, kLower));
  CHECK(told() == 1);
  bench.at(300ms, heard(0));
  CHECK(told() == 0);
  bench.at(400ms, heard(101));
  CHECK(told() == 0);
}
