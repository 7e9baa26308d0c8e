#include "daemon/track_scripts.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart = Instant{} + 1h;

TrackScript script(const std::string& name = "chk") {
  TrackScript made;
  made.name = name;
  made.script = 7;
  return made;
}

struct Bench {
  explicit Bench(std::vector<TrackScript> list) { scripts.replace(std::move(list), 1, kStart); }

  std::size_t at(Duration when) {
    runs.clear();
    files.clear();
    scripts.tick(kStart + when, runs, files);
    return runs.size();
  }
  /// Runs it at `when`, and ends it so: "", "up", "down".
  std::string round(Duration when, ScriptEnd end, std::uint8_t code = 0) {
    REQUIRE(at(when) == 1);
    return ended(end, code);
  }
  std::string ended(ScriptEnd end, std::uint8_t code = 0) {
    const auto change = scripts.ended({runs.at(0).run, end, code, ""});
    return !change ? "" : change->up ? "up" : "down";
  }

  TrackScripts scripts;
  std::vector<RunCheck> runs;
  std::vector<std::string> files;
};

}  // namespace

TEST_CASE("a script runs at once, then at its interval, and what it is asked with is what is configured") {
  auto slow = script();
  slow.interval = 200ms;
  slow.timeout = 2500ms;
  Bench bench({slow});
  CHECK(bench.at(0s) == 1);
  CHECK(bench.runs[0].script == 7);
  CHECK(bench.runs[0].generation == 1);
  CHECK(bench.runs[0].timeout == 2500ms);
  CHECK(bench.scripts.deadline() == kStart + 200ms);
  CHECK(bench.at(200ms) == 0);  // the one before it goes on
  CHECK(bench.scripts.deadline() == kStart + 400ms);
}

TEST_CASE("the first result decides alone, whatever rise and fall say") {
  auto patient = script();
  patient.rise = 2;
  patient.fall = 3;
  Bench bench({patient});
  CHECK_FALSE(bench.scripts.state("chk"));
  CHECK(bench.round(0s, ScriptEnd::exited, 1) == "down");
  CHECK(bench.round(1s, ScriptEnd::exited) == "");
  CHECK(bench.round(2s, ScriptEnd::exited, 1) == "");
  CHECK(bench.round(3s, ScriptEnd::exited) == "");
  CHECK(bench.round(4s, ScriptEnd::exited) == "up");
  CHECK(bench.round(5s, ScriptEnd::exited, 1) == "");
  CHECK(bench.round(6s, ScriptEnd::timed_out) == "");
  CHECK(bench.round(7s, ScriptEnd::signalled, 11) == "down");
}

TEST_CASE("init_fail: assumed to be down, and the first success does not decide alone") {
  auto strict = script();
  strict.init_fail = true;
  strict.rise = 2;
  Bench bench({strict, script("other")});
  CHECK_FALSE(bench.scripts.state("chk"));
  CHECK_FALSE(bench.scripts.assumed("chk"));
  CHECK(bench.scripts.assumed("other"));
  Bench alone({strict});
  CHECK(alone.round(0s, ScriptEnd::exited) == "");
  CHECK(alone.round(1s, ScriptEnd::exited) == "up");
  Bench bad({strict});
  CHECK(bad.round(0s, ScriptEnd::exited, 1) == "down");
}

TEST_CASE("a script that cannot be started has failed") {
  Bench bench({script()});
  CHECK(bench.round(0s, ScriptEnd::not_run) == "down");
}

TEST_CASE("a supervisor that does not answer says nothing of the script") {
  Bench bench({script()});
  CHECK(bench.at(0s) == 1);
  CHECK(bench.at(10s) == 0);
  CHECK(bench.at(11s) == 1);
  CHECK_FALSE(bench.scripts.state("chk"));
}

TEST_CASE("a reload keeps what is known of a name, and hears no run of before it") {
  Bench bench({script(), script("gone")});
  CHECK(bench.at(0s) == 2);
  CHECK(bench.ended(ScriptEnd::exited, 1) == "down");
  const auto other = bench.runs[1].run;
  bench.scripts.replace({script(), script("new")}, 2, kStart + 500ms);
  CHECK(bench.scripts.state("chk") == false);
  CHECK_FALSE(bench.scripts.state("gone"));
  CHECK_FALSE(bench.scripts.ended({other, ScriptEnd::exited, 0, ""}));
  CHECK(bench.at(500ms) == 1);  // the new one; the other is due when it was
  CHECK(bench.runs[0].generation == 2);
  CHECK(bench.at(1s) == 1);
}

TEST_CASE("a file instead of a script is up while it can be opened") {
  auto file = script();
  file.script.reset();
  file.opened_file = "/run/ok";
  Bench bench({file});
  CHECK(bench.at(0s) == 0);
  REQUIRE(bench.files == std::vector<std::string>{"chk"});
  CHECK(bench.scripts.opened_file("chk") == "/run/ok");
  const auto change = bench.scripts.opened("chk", false);
  REQUIRE(change);
  CHECK_FALSE(change->up);
  CHECK(change->reason == "/run/ok cannot be opened");
}
