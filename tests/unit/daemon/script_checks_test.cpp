#include "daemon/script_checks.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

const Instant kStart{};

ScriptCheck check(std::uint64_t id, unsigned retry = 0, bool dynamic = false) {
  ScriptCheck check;
  check.id = id;
  check.script = static_cast<std::uint32_t>(100 + id);
  check.timeout = 5s;
  check.dynamic = dynamic;
  check.schedule.delay_loop = 10s;
  check.schedule.delay_before_retry = 2s;
  check.schedule.warmup = 0s;
  check.schedule.retry = retry;
  return check;
}

struct Bench {
  ScriptChecks checks;
  Instant now = kStart;

  explicit Bench(std::vector<ScriptCheck> wanted) { checks.replace(std::move(wanted), 7, now, 1); }

  /// Goes to the next deadline; what is to be run then.
  std::vector<RunCheck> next() {
    const auto deadline = checks.deadline();
    REQUIRE(deadline);
    now = std::max(now, *deadline);
    std::vector<RunCheck> runs;
    checks.tick(now, runs);
    return runs;
  }
  std::uint64_t run() {
    const auto runs = next();
    REQUIRE(runs.size() == 1);
    return runs[0].run;
  }
  ScriptReport ended(std::uint64_t run, std::uint8_t code) {
    const auto report = checks.ended({run, ScriptEnd::exited, code, ""}, now);
    REQUIRE(report);
    return *report;
  }
};

}  // namespace

TEST_CASE("script checks: a run is asked for with its script, its timeout and the configuration it is of") {
  Bench bench({check(1)});
  const auto runs = bench.next();
  REQUIRE(runs.size() == 1);
  CHECK(bench.now == kStart + 1s);
  CHECK(runs[0].script == 101);
  CHECK(runs[0].generation == 7);
  CHECK(runs[0].timeout == 5s);
}

TEST_CASE("script checks: 0 passes, everything else fails, and periods count from when a run was due") {
  Bench bench({check(1)});
  auto run = bench.run();
  bench.now += 3s;
  auto report = bench.ended(run, 0);
  CHECK(report.up);
  CHECK(report.is_known);
  CHECK(report.is_news);
  CHECK_FALSE(report.code);
  run = bench.run();
  CHECK(bench.now == kStart + 11s);
  report = bench.ended(run, 1);
  CHECK_FALSE(report.up);
  CHECK(report.is_news);
  CHECK(report.reason == "exited with status 1");
  run = bench.run();
  CHECK_FALSE(bench.ended(run, 2).up);  // not misc_dynamic
}

TEST_CASE("script checks: retries, and other ends") {
  Bench bench({check(1, 1)});
  bench.ended(bench.run(), 0);
  auto run = bench.run();
  auto report = bench.checks.ended({run, ScriptEnd::timed_out, 0, ""}, bench.now);
  REQUIRE(report);
  CHECK(report->confirming);
  CHECK(report->up);
  CHECK(report->reason == "timed out after 5 s");
  const auto failed = bench.now;
  run = bench.run();
  CHECK(bench.now == failed + 2s);
  report = bench.checks.ended({run, ScriptEnd::signalled, 9, ""}, bench.now);
  REQUIRE(report);
  CHECK_FALSE(report->up);
  CHECK(report->reason == "killed by signal 9");
  run = bench.run();
  report = bench.checks.ended({run, ScriptEnd::not_run, 0, "there is no such script"}, bench.now);
  REQUIRE(report);
  CHECK(report->outcome == checkers::Outcome::local_trouble);
  CHECK(report->reason == "there is no such script");
  CHECK(bench.ended(bench.run(), 0).up);
}

TEST_CASE("script checks: misc_dynamic lets 2 and more pass and hands the status on") {
  Bench bench({check(1, 0, true)});
  auto report = bench.ended(bench.run(), 12);
  CHECK(report.up);
  CHECK(report.code == 12);
  report = bench.ended(bench.run(), 1);
  CHECK_FALSE(report.up);
  CHECK_FALSE(report.code);
}

TEST_CASE("script checks: never two runs of one, and an answer that does not come is given up") {
  Bench bench({check(1)});
  const auto first = bench.run();
  CHECK(bench.checks.deadline() == bench.now + 5s + ScriptChecks::kPatience);
  const auto runs = bench.next();  // given up
  CHECK(runs.empty());
  CHECK_FALSE(bench.checks.ended({first, ScriptEnd::exited, 0, ""}, bench.now));
  CHECK(bench.run() != first);
}

TEST_CASE("script checks: not more than so many at once; the others follow as runs end") {
  std::vector<ScriptCheck> many;
  for (std::uint64_t id = 1; id <= ScriptChecks::kMaxRunning + 10; ++id)
    many.push_back(check(id));
  Bench bench(many);
  bench.now = kStart + 5s;
  auto runs = bench.next();
  CHECK(runs.size() == ScriptChecks::kMaxRunning);
  for (const auto& run : runs)
    bench.ended(run.run, 0);
  std::vector<RunCheck> rest;
  bench.checks.tick(bench.now, rest);
  CHECK(rest.size() == 10);
}

TEST_CASE("script checks: a reload goes on, with the script's new number; what is gone is not heard") {
  Bench bench({check(1), check(2)});
  bench.now = kStart + 5s;
  const auto runs = bench.next();
  REQUIRE(runs.size() == 2);
  auto moved = check(1);
  moved.script = 5;
  bench.checks.replace({moved}, 8, bench.now, 1);
  int heard = 0;
  for (const auto& run : runs)
    heard += bench.checks.ended({run.run, ScriptEnd::exited, 0, ""}, bench.now) ? 1 : 0;
  CHECK(heard == 1);
  const auto next = bench.next();
  REQUIRE(next.size() == 1);
  CHECK(next[0].script == 5);
  CHECK(next[0].generation == 8);
}

TEST_CASE("script checks: suspended ones wait, and go on with what they know") {
  Bench bench({check(1, 3)});
  bench.ended(bench.run(), 0);
  const auto run = bench.run();
  bench.checks.suspend(1);
  CHECK_FALSE(bench.checks.deadline());
  CHECK_FALSE(bench.checks.ended({run, ScriptEnd::exited, 1, ""}, bench.now));
  bench.checks.resume(1, bench.now);
  bench.checks.resume(1, bench.now);
  const auto report = bench.ended(bench.run(), 1);
  CHECK(report.confirming);  // not its first result: it has its retries
}

TEST_CASE("script checks: what a former process knew makes the first result another one") {
  Bench bench({check(1, 1)});
  bench.checks.believe(1, true);
  CHECK(bench.ended(bench.run(), 1).confirming);
  Bench down({check(1, 1)});
  down.checks.believe(1, false);
  const auto report = down.ended(down.run(), 0);
  CHECK(report.is_news);
  CHECK(report.up);
}
