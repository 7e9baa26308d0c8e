// Sync groups and tracking, written by hand: each course is known to the millisecond.
#include <doctest/doctest.h>

#include "sim/story.hpp"

using namespace baton;
using namespace baton::vrrp;
using namespace baton::vrrp::sim;
using namespace std::chrono_literals;

namespace {

const TrackKey kScript{TrackKind::script, "chk"};
const TrackKey kFile{TrackKind::file, "load"};

/// The pair on two wires, as groups: d1 with priority 100, d2 with 50, in version 2.
Scenario grouped_pair() {
  auto scenario = pair();
  scenario.wires = 2;
  scenario.is_grouped = true;
  return scenario;
}

Fault link_down(DirectorId director, unsigned wire, Duration begin, Duration end) {
  auto result = fault(Fault::Kind::link, director, begin, end);
  result.wires = 1U << wire;
  return result;
}

Fault tracked(DirectorId director, Duration begin, Duration end, TrackValue value = kTrackedDown) {
  auto result = fault(Fault::Kind::track, director, begin, end);
  result.value = value;
  return result;
}

}  // namespace

TEST_CASE("a group: a link down takes all members along, the other group takes over, and they come back together") {
  auto scenario = grouped_pair();
  scenario.faults = {link_down(0, 1, 20s, 30s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  for (const unsigned wire : {0U, 1U}) {
    CHECK(within(entered(world, 0, State::fault, wire), 20s, 20s));
    // On wire 1 it was told; on wire 2 the farewell never got out, and the group waits for that.
    CHECK(within(entered(world, 1, State::active, wire), 23414ms, 23422ms));
    CHECK(within(entered(world, 0, State::active, wire), 33609ms, 33612ms));
    CHECK(within(entered(world, 1, State::backup, wire), 33609ms, 33616ms));
  }
}

TEST_CASE("a group begins when the script of one member has ended, not before, and with a weight at once") {
  for (const int weight : {0, -20}) {
    auto scenario = grouped_pair();
    scenario.trackers = {{{{kScript, weight, false}, 2}}};
    World world(scenario, {.trace = true});
    CHECK(world.run() == "");
    const auto begun = entered(world, 0, State::backup, 0);
    CHECK(begun == entered(world, 0, State::backup, 1));
    CHECK(within(begun, weight == 0 ? 1ms : 0ms, weight == 0 ? kSlowestScript : 0ms));
  }
}

TEST_CASE("a group yields when its weight has gone, and takes over when that is back") {
  auto scenario = grouped_pair();
  scenario.trackers = {{{{kScript, -60, false}, kAll}}};  // 40 against 50
  scenario.faults = {tracked(0, 20s, 30s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  for (const unsigned wire : {0U, 1U}) {
    // Its next advertisements, at 20.609, are no longer as strong; the last strong one came at 19.609.
    CHECK(within(entered(world, 1, State::active, wire), 19609ms + 3804ms, 19609ms + 3815ms));
    CHECK(entered(world, 0, State::active, wire) > 30s);
    CHECK(world.at(0, wire).active());
    CHECK(world.at(0, wire).router->params().priority == 100);
  }
}

TEST_CASE("a file's number moves the priority, and below -253 is a fault") {
  auto scenario = pair();
  scenario.trackers = {{{{kFile, 2, false}, kAll}}};
  scenario.faults = {tracked(0, 20s, 30s, {true, true, -30}), tracked(0, 40s, 45s, {true, true, -127})};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(within(entered(world, 1, State::active), 40s, 41s));  // d1 resigned: the skew time of 50
  CHECK(within(entered(world, 0, State::fault), 40s, 40s));
  CHECK(world.at(0, 0).active());
  CHECK(world.statistics().faults == 1);
}

TEST_CASE("a killed group whose addresses are partly gone does not go on by halves") {
  auto scenario = grouped_pair();
  scenario.slowness = {1, 3, 1};                     // leases of 3 s and of 9 s
  scenario.trackers = {{{{kScript, 0, false}, 2}}};  // who does not go on waits for it
  scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 26s)};
  World world(scenario, {.trace = true});
  CHECK(world.run() == "");
  CHECK(world.statistics().adoptions == 0);
  World mutant(scenario, {.mutant = Mutant::adopts_alone, .trace = true});
  CHECK(mutant.run().find("is torn: INIT on wire 1, MASTER on wire 2") != std::string::npos);
  CHECK(mutant.statistics().adoptions == 1);
  scenario.faults = {fault(Fault::Kind::crash, 0, 20s, 21s)};
  World whole(scenario, {.trace = true});
  CHECK(whole.run() == "");
  CHECK(whole.statistics().adoptions == 2);
}

TEST_CASE("a master that wakes up and yields announces nothing any more") {
  auto scenario = pair();
  scenario.directors[0].lower_prio_no_advert = true;  // whom it does not answer cannot announce again
  auto stronger = scenario.directors[1];
  stronger.priority = 200;
  auto reload = fault(Fault::Kind::reload, 1, 28s, 28s);
  reload.params = stronger;
  scenario.faults = {fault(Fault::Kind::stall, 0, 20s, 30s), reload};
  World world(scenario, {});
  CHECK(world.run() == "");
  CHECK(world.switch_points_to(0) == 1);
  CHECK(World(scenario, {.mutant = Mutant::announces_late}).run().find("the switch does not point to d2") !=
        std::string::npos);
}
