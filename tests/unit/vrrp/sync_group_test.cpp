#include "vrrp/sync_group.hpp"

#include <doctest/doctest.h>

#include "unit/vrrp/bench.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::test;
using namespace std::chrono_literals;

namespace {

GroupMember member(const std::string& name, State state, bool wants = false) {
  GroupMember made;
  made.name = name;
  made.state = state;
  made.wants_active = wants;
  made.wish = "no advertisement for 3.609 s";
  return made;
}

/// "1 active, 0 backup"
std::string orders(const std::vector<GroupMember>& members, std::size_t cause) {
  std::string text;
  for (const auto& order : settle(members, cause)) {
    if (!text.empty()) text += ", ";
    text += std::to_string(order.member) + (std::holds_alternative<GroupActive>(order.event) ? " active" : " backup");
  }
  return text;
}

constexpr auto kBackup = State::backup;
constexpr auto kActive = State::active;

Params grouped() {
  auto made = params(Version::v2, 100);
  made.is_grouped = true;
  return made;
}

}  // namespace

TEST_CASE("nobody becomes active before every member would") {
  CHECK(orders({member("A", kBackup, true), member("B", kBackup)}, 0).empty());
  CHECK(orders({member("A", kBackup, true), member("B", State::fault)}, 0).empty());
  CHECK(orders({member("A", kBackup, true), member("B", State::initialize)}, 0).empty());
  CHECK(orders({member("A", kBackup, true), member("B", kBackup, true)}, 1) == "1 active, 0 active");
  CHECK(orders({member("A", kBackup, true)}, 0) == "0 active");
}

TEST_CASE("an adopted member takes those with it that want to") {
  CHECK(orders({member("A", kActive), member("B", kBackup, true)}, 1) == "1 active");
}

TEST_CASE("a member that steps back takes the others with it") {
  CHECK(orders({member("A", kBackup), member("B", kActive), member("C", kActive)}, 0) == "1 backup, 2 backup");
  CHECK(orders({member("A", kBackup), member("B", kBackup)}, 0).empty());
  CHECK(settle(std::vector{member("A", kBackup), member("B", kActive)}, 0)[0].member == 1);
}

TEST_CASE("a fault of one is a fault of all, and is told with its reason") {
  std::vector<GroupMember> members{member("A", kActive), member("B", State::fault)};
  members[1].fault = "eth1 is down";
  CHECK(group_fault(members, 0) == "B of its sync group is in FAULT: eth1 is down");
  CHECK(group_fault(members, 1).empty());
  members[1].fault.clear();
  CHECK(group_fault(members, 0).empty());
}

TEST_CASE("a group has a state when its members have the same") {
  CHECK(common_state(std::vector{member("A", kActive), member("B", kActive)}) == kActive);
  CHECK_FALSE(common_state(std::vector{member("A", kActive), member("B", kBackup)}));
}

TEST_CASE("a member wants to be active when its timer runs out, and goes on asking") {
  Bench bench(grouped());
  bench.at(0s, Startup{});
  CHECK(bench.at(3609375us, Tick{}) == "wants");
  CHECK(bench.router.wants_active());
  CHECK(bench.router.state() == kBackup);
  CHECK(bench.deadline() == 7218750us);
  CHECK(bench.at(4s, GroupActive{"all of them"}) == "send 100, acquire, announce, BACKUP>MASTER");
  CHECK_FALSE(bench.router.wants_active());
  CHECK(bench.at(5s, GroupBackup{"B of its sync group is BACKUP"}) == "release, MASTER>BACKUP");
  CHECK(bench.at(5s, GroupBackup{"again"}).empty());
}

TEST_CASE("a member that hears a better router does not want to be active any more; a weaker one changes nothing") {
  Bench bench(grouped());
  bench.at(0s, Startup{});
  bench.at(3609375us, Tick{});
  bench.at(4s, AdvertisementReceived{kHigher, 50, 1s});
  CHECK(bench.router.wants_active());
  bench.at(5s, AdvertisementReceived{kHigher, 0, 1s});
  CHECK(bench.router.wants_active());
  bench.at(6s, AdvertisementReceived{kHigher, 150, 1s});
  CHECK_FALSE(bench.router.wants_active());
}

TEST_CASE("an owner in a group begins in backup") {
  auto owner = grouped();
  owner.priority = kOwnerPriority;
  owner.start_active = true;
  Bench bench(owner);
  CHECK(bench.at(0s, Startup{}) == "INIT>BACKUP");
  CHECK(bench.at(0s, Tick{}) == "wants");
}

TEST_CASE("a member that a reload takes out of its group need not wait any longer") {
  Bench bench(grouped());
  bench.at(0s, Startup{});
  bench.at(3609375us, Tick{});
  bench.at(4s, Reconfigure{params(Version::v2, 100)});
  CHECK(bench.deadline() == 4s);
  CHECK(bench.at(4s, Tick{}) == "send 100, acquire, announce, BACKUP>MASTER");
}
