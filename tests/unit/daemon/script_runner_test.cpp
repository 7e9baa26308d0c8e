#include "daemon/script_runner.hpp"

#include <algorithm>
#include <thread>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

const LaneKey kStateLane{"INSTANCE VI_1", Lane::state};
const LaneKey kAnyLane{"INSTANCE VI_1", Lane::any};

struct Bench {
  TemporaryFolder folder;
  boost::asio::io_context io;
  Children children{io};
  ScriptRunner runner{io, children};
  bool idle = false;

  Bench() { runner.use(ScriptPrograms{config::Config{}}); }

  /// A script that appends its arguments to the file `out` and then does `rest`.
  std::string script(const std::string& name, const std::string& rest = "") {
    return folder.write(name, "#!/bin/sh\necho \"$*\" >> " + folder.file("out") + "\n" + rest + "\n", 0755);
  }
  void submit(const LaneKey& lane, std::vector<std::string> arguments) {
    runner.submit(lane, {std::move(arguments), "", ""});
  }
  void run_until_idle() {
    runner.finish([this] { idle = true; });
    run([this] { return idle; });
    CHECK(idle);
  }
  template <class Condition>
  void run(Condition condition) {
    const auto limit = Clock::now() + 20s;
    while (!condition() && Clock::now() < limit)
      io.run_one_for(100ms);
  }
  void run_until_out(const std::string& text) {
    run([&] { return folder.read("out") == text; });
    CHECK(folder.read("out") == text);
  }
};

}  // namespace

TEST_CASE("scripts run with their arguments, in order, and the newest state wins") {
  Bench bench;
  const auto script = bench.script("notify", "sleep 0.1");
  bench.submit(kStateLane, {script, "a b", "backup"});
  bench.submit(kStateLane, {script, "never"});
  bench.submit(kStateLane, {script, "master"});
  bench.run_until_out("a b backup\nmaster\n");
  bench.submit(kStateLane, {script, "last"});
  bench.run_until_out("a b backup\nmaster\nlast\n");
  bench.run_until_idle();
  CHECK(bench.folder.read("out") == "a b backup\nmaster\nlast\n");
}

TEST_CASE("nothing runs: idle at once") {
  Bench bench;
  bench.runner.finish([&] { bench.idle = true; });
  CHECK(bench.idle);
}

TEST_CASE("what cannot be started does not hold up its lane") {
  Bench bench;
  bench.submit(kStateLane, {"nosuchprogram-in-path"});
  bench.submit(kStateLane, {bench.folder.file("missing")});
  bench.submit(kStateLane, {bench.script("works"), "1"});
  bench.run_until_out("1\n");
  bench.runner.submit(kStateLane, {{"/bin/true"}, "nosuchuser", ""});
  bench.submit(kStateLane, {bench.script("works"), "2"});
  bench.run_until_out("1\n2\n");
}

TEST_CASE("at the end a script that hangs is ended with all it has started, and STOP still runs") {
  Bench bench;
  const auto hangs = bench.script("hangs", "trap '' TERM; sleep 60; sleep 60");
  bench.submit(kStateLane, {hangs, "backup"});
  bench.submit(kAnyLane, {bench.script("sleeps", "sleep 60"), "any"});
  bench.run([&] { return bench.folder.read("out").size() >= 11; });
  bench.submit(kStateLane, {bench.script("stop"), "stop"});
  const auto start = Clock::now();
  bench.run_until_idle();
  CHECK(Clock::now() - start < 5s);
  const auto out = bench.folder.read("out");
  CHECK(out.ends_with("stop\n"));
  CHECK(std::count(out.begin(), out.end(), '\n') == 3);
}
