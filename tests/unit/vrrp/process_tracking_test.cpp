#include "vrrp/process_tracking.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::vrrp;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

constexpr Instant kNow = Instant() + 1h;

ProcessId id(int number) {
  return ProcessId{number};
}

ProcessImage image(int number, std::string name, std::string command = {}, int parent = 1) {
  return {id(number), id(parent), std::move(name), std::move(command)};
}

TrackedProcess named(std::string name, std::string program, QuorumRule rule = {}) {
  return {std::move(name), ProcessPattern::of_name(std::move(program)), rule};
}

/// Changes as text: "+web(2)".
struct Bench {
  ProcessTracking tracking;
  ProcessTracking::Changes changes;
  Instant now = kNow;

  explicit Bench(std::vector<TrackedProcess> processes) { tracking.replace(std::move(processes)); }

  std::string told() {
    std::string text;
    for (const auto& change : changes)
      text += (change.up ? "+" : "-") + change.name + "(" + std::to_string(change.number) + ")";
    changes.clear();
    return text;
  }
  std::string look(const std::vector<ProcessImage>& images) {
    tracking.begin_look();
    for (const auto& each : images)
      tracking.found(each, now, changes);
    tracking.end_look(now, changes);
    return told();
  }
  std::string fork(int parent, int child) {
    tracking.forked(id(parent), id(child), now, changes);
    return told();
  }
  std::string change(const ProcessImage& to) {
    tracking.changed(to, now, changes);
    return told();
  }
  std::string end(int number) {
    tracking.ended(id(number), now, changes);
    return told();
  }
  std::string tick(Duration later) {
    now += later;
    tracking.tick(now, changes);
    return told();
  }
};

}  // namespace

TEST_CASE("process tracking: nothing is known until a look at all has ended") {
  Bench bench({named("web", "nginx"), named("none", "other")});
  CHECK_FALSE(bench.tracking.up("web"));
  bench.tracking.begin_look();
  bench.tracking.found(image(10, "nginx"), kNow, bench.changes);
  CHECK(bench.fork(10, 11).empty());
  CHECK_FALSE(bench.tracking.up("web"));
  bench.tracking.end_look(kNow, bench.changes);
  CHECK(bench.told() == "+web(2)-none(0)");
  CHECK(bench.tracking.up("web") == true);
  CHECK(bench.tracking.up("none") == false);
  CHECK_FALSE(bench.tracking.up("nobody's"));
}

TEST_CASE("process tracking: another program, another name, a fork, an end") {
  Bench bench({named("web", "nginx")});
  CHECK(bench.look({image(1, "init")}) == "-web(0)");
  CHECK(bench.fork(1, 20).empty());
  CHECK_FALSE(bench.tracking.matches(id(20)));
  CHECK(bench.change(image(20, "nginx")) == "+web(1)");
  CHECK(bench.tracking.matches(id(20)));
  CHECK(bench.fork(20, 21).empty());
  CHECK(bench.tracking.members().size() == 2);
  CHECK(bench.end(20).empty());
  CHECK(bench.change(image(21, "sh")) == "-web(0)");
  CHECK(bench.change(image(21, "nginx")) == "+web(1)");
  CHECK(bench.end(21) == "-web(0)");
  CHECK(bench.end(21).empty());
  CHECK(bench.tracking.members().empty());
}

TEST_CASE("process tracking: what is told twice counts once") {
  Bench bench({named("web", "nginx", {2, {}, 0s, 0s})});
  bench.look({});
  CHECK(bench.change(image(20, "nginx")).empty());
  CHECK(bench.change(image(20, "nginx")).empty());
  CHECK(bench.fork(20, 21) == "+web(2)");
  CHECK(bench.fork(20, 21).empty());
  CHECK(bench.change(image(21, "nginx")).empty());
  CHECK(bench.end(21) == "-web(1)");
}

TEST_CASE("process tracking: a number that is given again is another process") {
  Bench bench({named("web", "nginx")});
  CHECK(bench.look({image(20, "nginx")}) == "+web(1)");
  CHECK(bench.fork(1, 20) == "-web(0)");  // its end was not told
}

TEST_CASE("process tracking: one process may be of several") {
  Bench bench({named("web", "nginx"),
               {"master", ProcessPattern::of_command({"nginx", "-g"}, ParameterMatch::leading), {}},
               {"other", ProcessPattern::of_command({"nginx", "-t"}, ParameterMatch::exact), {}}});
  CHECK(bench.tracking.command_octets() == 10);
  CHECK(bench.look({image(20, "nginx", "nginx\0-g\0x\0"s)}) == "+web(1)+master(1)-other(0)");
  CHECK(bench.change(image(20, "nginx", "nginx\0-t\0"s)) == "-master(0)+other(1)");
  CHECK(bench.end(20) == "-web(0)-other(0)");
}

TEST_CASE("process tracking: two trackers of one program have rules of their own") {
  Bench bench({named("some", "nginx"), named("few", "nginx", {1, 1, 0s, 0s}), named("none", "nginx", {1, 0, 0s, 0s})});
  CHECK(bench.look({}) == "-some(0)-few(0)+none(0)");
  CHECK(bench.change(image(20, "nginx")) == "+some(1)+few(1)-none(1)");
  CHECK(bench.fork(20, 21) == "-few(2)");
  CHECK(bench.end(20) == "+few(1)");
}

TEST_CASE("process tracking: forks and ends are delayed, all else counts at once") {
  Bench bench({named("two", "nginx", {2, {}, 2s, 3s})});
  CHECK(bench.look({image(20, "nginx")}) == "-two(1)");
  CHECK(bench.fork(20, 21).empty());
  CHECK(bench.tracking.deadline() == bench.now + 2s);
  CHECK(bench.tick(1s).empty());
  CHECK(bench.tick(1s) == "+two(2)");
  CHECK_FALSE(bench.tracking.deadline());
  CHECK(bench.end(21).empty());
  CHECK(bench.tracking.deadline() == bench.now + 3s);
  CHECK(bench.change(image(22, "nginx")).empty());  // as before within the delay
  CHECK(bench.tick(10s).empty());
  CHECK(bench.change(image(22, "sh")) == "-two(1)");
  CHECK(bench.change(image(22, "nginx")) == "+two(2)");
}

TEST_CASE("process tracking: a look finds what was missed") {
  Bench bench({named("web", "nginx", {2, {}, 2s, 3s})});
  CHECK(bench.look({image(20, "nginx"), image(21, "nginx", "", 20)}) == "+web(2)");
  SUBCASE("an end: after its delay") {
    CHECK(bench.look({image(20, "nginx")}).empty());
    CHECK(bench.tick(3s) == "-web(1)");
  }
  SUBCASE("another program") {
    CHECK(bench.look({image(20, "nginx"), image(21, "sh")}) == "-web(1)");
  }
  SUBCASE("a child of one that matches: a fork") {
    bench.look({});
    CHECK(bench.tick(3s) == "-web(0)");
    CHECK(bench.look({image(30, "nginx"), image(31, "nginx", "", 30)}).empty());
    CHECK(bench.tick(2s) == "+web(2)");
  }
  SUBCASE("one that came by itself: at once") {
    bench.look({});
    CHECK(bench.tick(3s) == "-web(0)");
    CHECK(bench.look({image(30, "nginx"), image(31, "nginx")}) == "+web(2)");
  }
  SUBCASE("what is told while it goes on stays") {
    bench.tracking.begin_look();
    CHECK(bench.fork(20, 22).empty());
    bench.tracking.found(image(20, "nginx"), bench.now, bench.changes);
    bench.tracking.end_look(bench.now, bench.changes);
    CHECK(bench.tracking.matches(id(22)));
    CHECK_FALSE(bench.tracking.matches(id(21)));
  }
}

TEST_CASE("process tracking: a reload keeps what is known") {
  Bench bench({named("web", "nginx"), named("db", "postgres", {1, {}, 0s, 3s})});
  CHECK(bench.look({image(20, "nginx"), image(30, "postgres")}) == "+web(1)+db(1)");
  CHECK(bench.end(30).empty());
  SUBCASE("the same in another order: no look is needed, delays go on") {
    CHECK_FALSE(bench.tracking.replace({named("db", "postgres", {1, {}, 0s, 3s}), named("web", "nginx")}));
    CHECK(bench.tracking.up("web") == true);
    CHECK(bench.tick(3s) == "-db(0)");
    CHECK(bench.end(20) == "-web(0)");
  }
  SUBCASE("another rule decides at once") {
    CHECK_FALSE(bench.tracking.replace({named("web", "nginx", {2, {}, 0s, 0s})}));
    CHECK(bench.tracking.up("web") == false);
    CHECK_FALSE(bench.tracking.up("db"));
    CHECK(bench.fork(20, 21) == "+web(2)");
  }
  SUBCASE("another pattern is not known until it has been looked for; the others are") {
    CHECK(bench.tracking.replace({named("web", "apache"), named("db", "postgres", {1, {}, 0s, 3s})}));
    CHECK_FALSE(bench.tracking.up("web"));
    CHECK(bench.tracking.up("db") == true);
    CHECK_FALSE(bench.tracking.matches(id(20)));
    CHECK(bench.look({image(20, "nginx"), image(40, "apache")}) == "+web(1)");
  }
  SUBCASE("none at all") {
    CHECK_FALSE(bench.tracking.replace({}));
    CHECK(bench.tracking.empty());
    CHECK(bench.tracking.members().empty());
    CHECK(bench.tracking.command_octets() == 0);
    CHECK_FALSE(bench.tracking.deadline());
  }
}
