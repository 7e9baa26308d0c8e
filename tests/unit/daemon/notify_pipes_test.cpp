#include "daemon/notify_pipes.hpp"

#include <sys/stat.h>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

struct Bench {
  TemporaryFolder folder;
  boost::asio::io_context io;
  Children children{io};
  NotifyPipes pipes{io, children};

  [[nodiscard]] config::Config with_script(const std::string& script) const {
    config::Config config;
    config.global.fifos.lvs_notify_fifo = config::NotifyFifo{folder.file("pipe"), "", ""};
    config.scripts = {{{script, "extra"}, "", "", {}}};
    config.global.fifos.lvs_notify_fifo_script = 0;
    return config;
  }
  template <class Condition>
  bool run(Condition condition) {
    const auto limit = Clock::now() + 20s;
    while (!condition() && Clock::now() < limit)
      io.run_one_for(50ms);
    return condition();
  }
};

ino_t number_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

}  // namespace

TEST_CASE("the script of a pipe gets its path and reads the lines of its kind, over a reload too") {
  Bench bench;
  const auto script = bench.folder.write(
      "script",
      "#!/bin/sh\necho \"$*\" >> " + bench.folder.file("out") + "\ncat < \"$2\" >> " + bench.folder.file("out") + "\n",
      0755);
  const auto config = bench.with_script(script);
  bench.pipes.configure(config, ScriptPrograms(config));
  CHECK(bench.pipes.any_lvs());
  CHECK_FALSE(bench.pipes.any_vrrp());
  bench.pipes.tell_lvs("VS FWM 7 UP");
  bench.pipes.tell_vrrp("INSTANCE \"VI_1\" MASTER 150");
  const auto head = "extra " + bench.folder.file("pipe") + "\n";
  CHECK(bench.run([&] { return bench.folder.read("out") == head + "VS FWM 7 UP\n"; }));
  const auto number = number_of(bench.folder.file("pipe"));
  bench.pipes.configure(config, ScriptPrograms(config));
  CHECK(number_of(bench.folder.file("pipe")) == number);
  bench.pipes.tell_lvs("VS FWM 7 DOWN");
  CHECK(bench.run([&] { return bench.folder.read("out") == head + "VS FWM 7 UP\nVS FWM 7 DOWN\n"; }));
  bool done = false;
  bench.pipes.finish([&] { done = true; });
  CHECK(bench.run([&] { return done; }));
  CHECK(number_of(bench.folder.file("pipe")) == 0);
}

TEST_CASE("a pipe that leaves the configuration is taken away; of two settings for one path the first counts") {
  Bench bench;
  config::Config config;
  config.global.fifos.notify_fifo = config::NotifyFifo{bench.folder.file("pipe"), "", ""};
  config.global.fifos.lvs_notify_fifo = config.global.fifos.notify_fifo;
  bench.pipes.configure(config, ScriptPrograms(config));
  CHECK(bench.pipes.any_vrrp());
  CHECK(number_of(bench.folder.file("pipe")) != 0);
  bench.pipes.configure({}, {});
  CHECK(number_of(bench.folder.file("pipe")) == 0);
  CHECK_FALSE(bench.pipes.any_lvs());
  bool done = false;
  bench.pipes.finish([&] { done = true; });
  CHECK(done);
}
