#include "daemon/script_queue.hpp"

#include <random>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

const LaneKey kStateLane{"INSTANCE VI_1", Lane::state};
const LaneKey kAnyLane{"INSTANCE VI_1", Lane::any};
const LaneKey kOther{"INSTANCE VI_2", Lane::state};

ScriptCommand command(std::string word) {
  return {{std::move(word)}, "", ""};
}

/// Feeds a queue and keeps what it asks for as words: "start 1 m", "term 1", "kill 1".
struct Bench {
  ScriptQueue queue;
  Instant now = Instant{} + 1000s;
  std::vector<std::string> asked;

  template <class Call>
  void note(Call call) {
    ScriptQueue::Actions actions;
    call(actions);
    for (const auto& action : actions) {
      if (const auto* start = std::get_if<StartScript>(&action))
        asked.push_back("start " + std::to_string(start->id) + " " + start->command.arguments.at(0));
      if (const auto* terminate = std::get_if<TerminateScript>(&action))
        asked.push_back("term " + std::to_string(terminate->id));
      if (const auto* kill = std::get_if<KillScript>(&action)) asked.push_back("kill " + std::to_string(kill->id));
    }
  }
  void submit(const LaneKey& lane, const std::string& word) {
    note([&](auto& out) { queue.submit(lane, command(word), now, out); });
  }
  void ended(ScriptId id) {
    note([&](auto& out) { queue.ended(id, now, out); });
  }
  void hurry() {
    note([&](auto& out) { queue.hurry(now, out); });
  }
  void after(Duration passed) {
    now += passed;
    note([&](auto& out) { queue.tick(now, out); });
  }
  std::vector<std::string> take() { return std::exchange(asked, {}); }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a script starts at once when its lane is free, lanes do not wait for each other") {
  Bench bench;
  CHECK(bench.queue.idle());
  CHECK_FALSE(bench.queue.deadline());
  bench.submit(kStateLane, "master");
  bench.submit(kAnyLane, "notify");
  bench.submit(kOther, "backup");
  CHECK(bench.take() == Words{"start 1 master", "start 2 notify", "start 3 backup"});
  CHECK(bench.queue.running() == 3);
  for (const ScriptId id : {2U, 1U, 3U})
    bench.ended(id);
  CHECK(bench.queue.idle());
  CHECK_FALSE(bench.queue.deadline());
  CHECK(bench.take().empty());
}

TEST_CASE("in one lane the next waits, and of those that wait the newest wins") {
  Bench bench;
  bench.submit(kStateLane, "backup");
  bench.submit(kStateLane, "master");
  bench.submit(kStateLane, "fault");
  bench.submit(kStateLane, "stop");
  CHECK(bench.take() == Words{"start 1 backup"});
  bench.ended(1);
  CHECK(bench.take() == Words{"start 2 stop"});
  bench.ended(2);
  CHECK(bench.queue.idle());
}

TEST_CASE("a script that does not end is asked to, then killed; its lane goes on when it is gone") {
  Bench bench;
  bench.submit(kStateLane, "slow");
  bench.submit(kStateLane, "next");
  bench.take();
  CHECK(bench.queue.deadline() == bench.now + 60s);
  bench.after(60s - 1ms);
  CHECK(bench.take().empty());
  bench.after(1ms);
  CHECK(bench.take() == Words{"term 1"});
  CHECK(bench.queue.deadline() == bench.now + 2s);
  bench.after(2s);
  CHECK(bench.take() == Words{"kill 1"});
  CHECK_FALSE(bench.queue.deadline());
  bench.after(3600s);
  CHECK(bench.take().empty());  // killed once is enough
  bench.ended(1);
  CHECK(bench.take() == Words{"start 2 next"});
}

TEST_CASE("an end that is not known is ignored") {
  Bench bench;
  bench.submit(kStateLane, "a");
  bench.ended(7);
  bench.ended(0);
  CHECK(bench.queue.running() == 1);
  bench.ended(1);
  bench.ended(1);
  CHECK(bench.queue.idle());
}

TEST_CASE("when the daemon stops") {
  Bench bench;
  SUBCASE("a script has the last grace, then TERM, then KILL") {
    bench.submit(kStateLane, "stop");
    bench.hurry();
    CHECK(bench.queue.deadline() == bench.now + ScriptQueue::kLastGrace);
    bench.take();
    bench.after(ScriptQueue::kLastGrace);
    CHECK(bench.take() == Words{"term 1"});
    bench.after(ScriptQueue::kLastKillAfter);
    CHECK(bench.take() == Words{"kill 1"});
    bench.ended(1);
    CHECK(bench.queue.idle());
  }
  SUBCASE("one that holds up another ends now") {
    bench.submit(kStateLane, "slow");
    bench.submit(kStateLane, "stop");
    bench.take();
    bench.hurry();
    CHECK(bench.take() == Words{"term 1"});
    bench.after(ScriptQueue::kLastKillAfter);
    CHECK(bench.take() == Words{"kill 1"});
    bench.ended(1);
    CHECK(bench.take() == Words{"start 2 stop"});
    CHECK(bench.queue.deadline() == bench.now + ScriptQueue::kLastGrace);
  }
  SUBCASE("one submitted later ends what runs in its lane") {
    bench.submit(kStateLane, "slow");
    bench.hurry();
    bench.submit(kStateLane, "stop");
    CHECK(bench.take() == Words{"start 1 slow", "term 1"});
  }
  SUBCASE("one that is already asked to end has no two seconds more") {
    bench.submit(kStateLane, "slow");
    bench.after(60s);
    bench.hurry();
    CHECK(bench.queue.deadline() == bench.now + ScriptQueue::kLastKillAfter);
    bench.take();
    bench.after(ScriptQueue::kLastKillAfter);
    CHECK(bench.take() == Words{"kill 1"});
    bench.hurry();
    CHECK_FALSE(bench.queue.deadline());
  }
  SUBCASE("a deadline that is nearer stays") {
    bench.submit(kStateLane, "slow");
    bench.after(60s - 10ms);
    bench.hurry();
    CHECK(bench.queue.deadline() == bench.now + 10ms);
  }
}

TEST_CASE("no more than kMaxRunning run at once; the others follow in order") {
  Bench bench;
  const auto lane = [](std::size_t i) { return LaneKey{"INSTANCE " + std::to_string(i), Lane::state}; };
  constexpr auto kMany = ScriptQueue::kMaxRunning + 3;
  for (std::size_t i = 0; i < kMany; ++i)
    bench.submit(lane(i), "s" + std::to_string(i));
  CHECK(bench.queue.running() == ScriptQueue::kMaxRunning);
  CHECK(bench.take().size() == ScriptQueue::kMaxRunning);
  bench.submit(lane(kMany - 1), "newer");
  bench.ended(5);
  bench.ended(6);
  bench.ended(7);
  const auto first = std::to_string(ScriptQueue::kMaxRunning);
  const auto taken = bench.take();
  REQUIRE(taken.size() == 3);
  CHECK(taken[0].ends_with(" s" + first));
  CHECK(taken[2].ends_with(" newer"));
}

TEST_CASE("whatever happens: one per lane, in order, the last submitted runs last, nothing is forgotten") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    std::mt19937 random(seed);
    ScriptQueue queue;
    Instant now{};
    std::map<ScriptId, std::pair<LaneKey, int>> running;
    std::map<LaneKey, int> submitted, started;
    int number = 0;
    const auto carry_out = [&](const ScriptQueue::Actions& actions) {
      for (const auto& action : actions) {
        const auto* start = std::get_if<StartScript>(&action);
        if (!start) continue;
        for (const auto& [id, other] : running)
          REQUIRE(other.first != start->lane);
        const int which = std::stoi(start->command.arguments.at(0));
        REQUIRE(which > started[start->lane]);
        started[start->lane] = which;
        running[start->id] = {start->lane, which};
      }
    };
    for (int step = 0; step < 200; ++step) {
      ScriptQueue::Actions actions;
      now += std::chrono::milliseconds{random() % 3000};
      const auto what = random() % 10;
      if (what < 5) {
        const LaneKey lane{std::to_string(random() % 4), random() % 2 == 0 ? Lane::state : Lane::any};
        submitted[lane] = ++number;
        queue.submit(lane, command(std::to_string(number)), now, actions);
      } else if (what < 8 && !running.empty()) {
        const auto which = std::next(running.begin(), static_cast<std::ptrdiff_t>(random() % running.size()));
        const auto id = which->first;
        running.erase(which);
        queue.ended(id, now, actions);
      } else if (what == 8 && step > 150) {
        queue.hurry(now, actions);
      } else {
        queue.tick(now, actions);
        REQUIRE((!queue.deadline() || *queue.deadline() > now));
      }
      carry_out(actions);
      REQUIRE(queue.running() == running.size());
    }
    while (!running.empty()) {
      ScriptQueue::Actions actions;
      const auto id = running.begin()->first;
      running.erase(running.begin());
      queue.ended(id, now, actions);
      carry_out(actions);
    }
    CHECK(queue.idle());
    CHECK(started == submitted);
  }
}
