// The supervisor with roles that are this very program again: be_a_role() below takes the place of main() in them.
#include "daemon/supervisor.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <unistd.h>

#include <boost/asio/post.hpp>

#include "config/parse.hpp"
#include "daemon/role.hpp"
#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

constexpr const char* kFolder = "BATON_TEST_FOLDER";

/// A role that writes down what happens to it, and misbehaves when a file of a certain name is there.
class TestRole {
 public:
  TestRole(const Options& options, const std::string& folder)
      : folder_(folder), role_(*options.role), context_(role_, io_, FileDescriptor(options.channel), options) {}

  int run() {
    note("start");
    std::ofstream(folder_ + "/" + std::string(name(role_)) + "-pid") << ::getpid();
    if (wants("die")) return 9;
    if (wants("refuse")) return kExitConfiguration;
    RoleContext::Handlers handlers;
    handlers.configure = [this](std::uint64_t generation, const config::Config& config) {
      configure(generation, config);
    };
    handlers.message = [this](const Envelope& envelope) { message(envelope); };
    handlers.stop = [this](StopReason reason) { stop(reason); };
    return context_.run(handlers);
  }

 private:
  void note(const std::string& text) const {
    std::ofstream(folder_ + "/events", std::ios::app) << std::string(name(role_)) + " " + text + "\n";
  }
  bool wants(const std::string& what) const {
    return ::access((folder_ + "/" + std::string(name(role_)) + "." + what).c_str(), F_OK) == 0;
  }

  void configure(std::uint64_t generation, const config::Config& config) {
    note("configure " + std::to_string(generation));
    for (const auto& instance : config.vrrp_instances)
      instances_.push_back(instance.name);
    if (role_ == Role::vrrp) tell(NotifyState::backup);
    if (role_ == Role::checkers) context_.send(Role::ipvs, Verdict{});
    if (wants("lie")) context_.send(Role::ipvs, Stop{});
    if (!wants("mute")) context_.configured(generation);
  }
  void message(const Envelope& envelope) const {
    if (const auto* started = std::get_if<RoleStarted>(&envelope.message))
      note("hears of " + std::string(name(started->role)));
    else
      note(std::string(name(envelope.message)) + " from " + std::string(name(envelope.from)));
  }
  void stop(StopReason reason) {
    note(reason == StopReason::asked ? "stop asked" : "stop died");
    if (wants("hang")) return;
    if (role_ == Role::vrrp) tell(NotifyState::stop);
    context_.finish();
  }
  void tell(NotifyState state) {
    for (const auto& instance : instances_)
      context_.send(Role::supervisor, Notify{instance, state, 100});
  }

  std::string folder_;
  Role role_;
  boost::asio::io_context io_;
  RoleContext context_;
  std::vector<std::string> instances_;
};

__attribute__((constructor)) void be_a_role(int argc, char** argv) {
  const char* folder = std::getenv(kFolder);
  if (folder == nullptr || argc < 2 || !std::string_view(argv[0]).starts_with("batond: ")) return;
  const auto command = parse_command_line(argc, argv);
  if (command.options.resign) {
    std::ofstream(std::string(folder) + "/events", std::ios::app) << "resign\n";
    ::_exit(0);
  }
  ::_exit(TestRole(command.options, folder).run());
}

constexpr const char* kServices = R"(virtual_server 192.0.2.10 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 192.0.2.20 80 {
    TCP_CHECK {
    }
  }
}
)";

struct Bench {
  TemporaryFolder folder;
  boost::asio::io_context io;
  Options options;
  std::optional<Supervisor> supervisor;
  std::optional<int> exit_status;

  Bench() {
    ::setenv(kFolder, folder.file("").c_str(), 1);
    options.configuration_file = folder.file("conf");
    options.vrrp_pid_file = folder.file("vrrp.pid");
    options.checkers_pid_file = folder.file("checkers.pid");
  }
  ~Bench() { ::unsetenv(kFolder); }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  std::string instance(const std::string& notify = "") const {
    return "vrrp_instance VI_1 {\n  interface eth9\n  virtual_router_id 7\n  virtual_ipaddress {\n    192.0.2.10\n  "
           "}\n" +
           notify + "}\n";
  }
  void start(const std::string& text) {
    folder.write("conf", text);
    std::array<std::string, 1> words{"batond"};
    std::array<char*, 2> argv{words[0].data(), nullptr};
    auto launcher = Launcher::of_this_program(1, argv.data());
    REQUIRE(launcher);
    supervisor.emplace(io, options, std::move(*launcher), NetNamespaces(), SdNotify());
    REQUIRE(supervisor->start({std::make_shared<const std::string>(text), config::parse(text, "conf")}));
  }
  /// Runs the supervisor until the events have `text` in them, in order, or all the time is over.
  bool until(const std::vector<std::string>& lines) {
    return wait([&] {
      const auto events = folder.read("events");
      std::size_t at = 0;
      for (const auto& line : lines) {
        at = events.find(line + "\n", at);
        if (at == std::string::npos) return false;
        at += line.size() + 1;
      }
      return true;
    });
  }
  template <class Condition>
  bool wait(Condition condition) {
    const auto limit = Clock::now() + 15s;
    while (!condition() && Clock::now() < limit && !io.stopped())
      io.run_one_for(20ms);
    return condition();
  }
  int pid(const std::string& which) const {
    const auto text = folder.read(which + ".pid");
    return text.empty() ? 0 : std::stoi(text);
  }
  int count(const std::string& line) const {
    const auto events = folder.read("events");
    int found = 0;
    for (std::size_t at = 0; (at = events.find(line + "\n", at)) != std::string::npos; ++at)
      ++found;
    return found;
  }
  void signal(int number) { ::kill(::getpid(), number); }
  /// Until it has stopped by itself or by TERM.
  int finish() { return supervisor->run(); }
  int stop() {
    boost::asio::post(io, [this] { signal(SIGTERM); });
    return finish();
  }
};

}  // namespace

TEST_CASE("the roles that are needed run, are configured, and stop with the IPVS table last") {
  Bench bench;
  bench.start(bench.instance() + kServices);
  CHECK(bench.until({"ipvs configure 1"}));
  CHECK(bench.until({"checkers configure 1"}));
  CHECK(bench.until({"vrrp configure 1"}));
  CHECK(bench.until({"ipvs Verdict from checkers"}));
  CHECK(bench.until({"ipvs hears of checkers"}));
  CHECK(::kill(bench.pid("vrrp"), 0) == 0);
  CHECK(::kill(bench.pid("checkers"), 0) == 0);
  CHECK(bench.stop() == 0);
  CHECK(bench.until({"vrrp stop asked", "ipvs stop asked"}));
  CHECK(bench.until({"checkers stop asked", "ipvs stop asked"}));
  CHECK_FALSE(bench.folder.has("vrrp.pid"));
  CHECK_FALSE(bench.folder.has("checkers.pid"));
}

TEST_CASE("only what the configuration needs") {
  Bench bench;
  SUBCASE("services") {
    bench.start(kServices);
    CHECK(bench.until({"checkers configure 1"}));
    CHECK(bench.until({"ipvs configure 1"}));
  }
  SUBCASE("an instance") {
    bench.start(bench.instance());
    CHECK(bench.until({"vrrp configure 1"}));
    CHECK_FALSE(bench.folder.has("checkers.pid"));
  }
  SUBCASE("nothing") {
    bench.start("");
  }
  CHECK(bench.stop() == 0);
  CHECK((bench.count("vrrp start") == 0 || bench.count("ipvs start") == 0));
}

TEST_CASE("a role that dies is started again at once and configured; the others hear of it") {
  Bench bench;
  bench.start(bench.instance() + kServices);
  REQUIRE(bench.until({"checkers configure 1"}));
  REQUIRE(bench.until({"ipvs configure 1"}));
  REQUIRE(bench.until({"vrrp configure 1"}));
  const auto before = bench.pid("checkers");
  ::kill(before, SIGKILL);
  CHECK(bench.until({"checkers configure 1", "checkers configure 1"}));
  CHECK(bench.pid("checkers") != before);
  CHECK(bench.wait([&] { return bench.count("ipvs hears of checkers") == 2; }));
  CHECK(bench.wait([&] { return bench.count("vrrp hears of checkers") >= 1; }));
  CHECK(bench.wait([&] { return bench.count("ipvs Verdict from checkers") == 2; }));
  CHECK(bench.count("vrrp start") == 1);
  CHECK(bench.stop() == 0);
}

TEST_CASE("a role that refuses stops everything with its status") {
  Bench bench;
  bench.folder.write("vrrp.refuse", "");
  bench.start(bench.instance() + kServices);
  CHECK(bench.finish() == kExitConfiguration);
  CHECK(bench.count("vrrp start") == 1);
  CHECK(bench.until({"ipvs stop asked"}));
}

TEST_CASE("-R: nothing is started again") {
  Bench bench;
  bench.options.no_respawn = true;
  bench.folder.write("vrrp.die", "");
  bench.start(bench.instance() + kServices);
  CHECK(bench.finish() == 9);
  CHECK(bench.count("vrrp start") == 1);
}

TEST_CASE("a role that dies at each start is started less and less often") {
  Bench bench;
  bench.folder.write("vrrp.die", "");
  bench.start(bench.instance());
  REQUIRE(bench.wait([&] { return bench.count("vrrp start") == 2; }));
  const auto second = Clock::now();
  CHECK(bench.wait([&] { return bench.count("vrrp start") == 3; }));
  CHECK(Clock::now() - second >= 900ms);
  CHECK(bench.count("resign") == 0);
  CHECK(bench.stop() == 0);
}

TEST_CASE("a role that says what it may not is killed and started again") {
  Bench bench;
  bench.folder.write("checkers.lie", "");
  bench.start(kServices);
  REQUIRE(bench.until({"checkers start", "checkers start"}));
  std::filesystem::remove(bench.folder.file("checkers.lie"));
  CHECK(bench.until({"checkers start", "checkers start", "checkers configure 1"}));
  CHECK(bench.count("ipvs stop asked") == 0);
  CHECK(bench.stop() == 0);
}

TEST_CASE("a role that does not stop is killed, resigned for, and the others still tidy up") {
  Bench bench;
  bench.folder.write("vrrp.hang", "");
  bench.start(bench.instance() + kServices);
  REQUIRE(bench.until({"vrrp configure 1"}));
  REQUIRE(bench.until({"ipvs configure 1"}));
  const auto start = Clock::now();
  CHECK(bench.stop() == 0);
  CHECK(Clock::now() - start >= 1s);
  CHECK(Clock::now() - start < 8s);
  CHECK(bench.until({"vrrp stop asked", "resign", "ipvs stop asked"}));
}

TEST_CASE("a reload of the same text is none: no role hears of it") {
  Bench bench;
  bench.start(kServices);
  REQUIRE(bench.until({"checkers configure 1"}));
  std::jthread stopper([&] {
    bench.signal(SIGHUP);
    std::this_thread::sleep_for(300ms);
    bench.signal(SIGTERM);
  });
  CHECK(bench.finish() == 0);
  stopper.join();
  CHECK(bench.count("ipvs configure 2") == 0);
  CHECK(bench.count("checkers configure 2") == 0);
}

TEST_CASE("notify scripts are the configuration's; the last one runs while everything stops") {
  Bench bench;
  const auto script =
      bench.folder.write("notify", "#!/bin/sh\necho \"$*\" >> " + bench.folder.file("out") + "\n", 0755);
  bench.start(bench.instance("notify_backup \"" + script + " to backup\"\nnotify_stop \"" + script +
                             " to stop\"\nnotify \"" + script + " any\"\n"));
  CHECK(bench.wait([&] { return bench.folder.read("out").size() >= 39; }));
  CHECK(bench.stop() == 0);
  const auto out = bench.folder.read("out");
  for (const char* line :
       {"to backup\n", "any INSTANCE VI_1 BACKUP 100\n", "to stop\n", "any INSTANCE VI_1 STOP 100\n"})
    CHECK_MESSAGE(out.find(line) != std::string::npos, out);
}

TEST_CASE("a reload hands the new configuration to the roles that run, starts new ones and stops those not needed") {
  Bench bench;
  bench.start(bench.instance());
  REQUIRE(bench.until({"vrrp configure 1"}));
  bench.folder.write("conf", kServices);
  bench.signal(SIGHUP);
  std::jthread stopper([&] {
    const auto limit = Clock::now() + 15s;
    while (Clock::now() < limit && (bench.count("ipvs configure 2") == 0 || bench.count("checkers configure 2") == 0 ||
                                    bench.count("vrrp stop asked") == 0))
      std::this_thread::sleep_for(10ms);
    bench.folder.write("conf", std::string(kServices) + "\n# again\n");
    bench.signal(SIGHUP);
    while (Clock::now() < limit && bench.count("ipvs configure 3") == 0)
      std::this_thread::sleep_for(10ms);
    bench.signal(SIGTERM);
  });
  CHECK(bench.finish() == 0);
  stopper.join();
  CHECK(bench.count("vrrp stop asked") == 1);
  CHECK(bench.count("ipvs start") == 1);
  CHECK(bench.count("checkers configure 3") == 1);
}

TEST_CASE("a bad configuration is refused: the old one stays in force") {
  Bench bench;
  bench.start(kServices);
  REQUIRE(bench.until({"ipvs configure 1"}));
  SUBCASE("a mistake") {
    bench.folder.write("conf", std::string(kServices) + "frobnicate 7\n");
  }
  SUBCASE("half a file") {
    bench.folder.write("conf", std::string(kServices) + "virtual_server 192.0.2.11 80 {\n");
  }
  SUBCASE("no file") {
    std::filesystem::remove(bench.folder.file("conf"));
  }
  std::jthread stopper([&] {
    bench.signal(SIGHUP);
    std::this_thread::sleep_for(1s);
    bench.folder.write("conf", std::string(kServices) + "\n# again\n");
    bench.signal(SIGHUP);
    const auto limit = Clock::now() + 15s;
    while (Clock::now() < limit && (bench.count("ipvs configure 2") == 0 || bench.count("checkers configure 2") == 0))
      std::this_thread::sleep_for(10ms);
    bench.signal(SIGTERM);
  });
  CHECK(bench.finish() == 0);
  stopper.join();
  CHECK(bench.count("ipvs configure 2") == 1);  // only the good one was counted
  CHECK(bench.count("ipvs configure 3") == 0);
}

TEST_CASE("mistakes that the daemon was started with do not keep it from reloading, new ones do") {
  Bench bench;
  bench.start(std::string("frobnicate 7\n") + kServices);
  REQUIRE(bench.until({"ipvs configure 1"}));
  std::jthread stopper([&] {
    const auto limit = Clock::now() + 15s;
    bench.folder.write("conf", std::string(kServices) + "frobnicate 7\nwibble\n");
    bench.signal(SIGHUP);
    std::this_thread::sleep_for(1s);
    bench.folder.write("conf", std::string(kServices) + "frobnicate 7\n");
    bench.signal(SIGHUP);
    while (Clock::now() < limit && (bench.count("ipvs configure 2") == 0 || bench.count("checkers configure 2") == 0))
      std::this_thread::sleep_for(10ms);
    bench.signal(SIGTERM);
  });
  CHECK(bench.finish() == 0);
  stopper.join();
  CHECK(bench.count("ipvs configure 2") == 1);
  CHECK(bench.count("ipvs configure 3") == 0);
}

TEST_CASE("reloads that are asked for while one is under way follow it, once") {
  Bench bench;
  bench.folder.write("ipvs.mute", "");  // it never says that it is done
  bench.start(kServices);
  REQUIRE(bench.until({"ipvs configure 1"}));
  bench.folder.write("conf", std::string(kServices) + "\n# again\n");
  std::jthread stopper([&] {
    const auto limit = Clock::now() + 15s;
    for (int i = 0; i < 3; ++i) {
      bench.signal(SIGHUP);
      std::this_thread::sleep_for(30ms);
    }
    CHECK(bench.count("ipvs configure 2") == 0);
    std::filesystem::remove(bench.folder.file("ipvs.mute"));
    ::kill(std::stoi(bench.folder.read("ipvs-pid")), SIGKILL);
    while (Clock::now() < limit && bench.count("checkers configure 2") == 0)
      std::this_thread::sleep_for(10ms);
    std::this_thread::sleep_for(100ms);
    bench.signal(SIGTERM);
  });
  CHECK(bench.finish() == 0);
  stopper.join();
  CHECK(bench.count("checkers configure 2") == 1);
  CHECK(bench.count("checkers configure 3") == 0);
}

TEST_CASE("signals that ask for dumps do not end the daemon") {
  Bench bench;
  bench.start("");
  std::jthread stopper([&] {
    for (const int number : {SIGUSR1, SIGUSR2, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX, SIGINT})
      bench.signal(number);
  });
  CHECK(bench.finish() == 0);
}

TEST_CASE("a pid file that another daemon holds keeps this one from starting") {
  Bench bench;
  const auto other = PidFile::create(bench.options.vrrp_pid_file);
  REQUIRE(other);
  std::array<std::string, 1> words{"batond"};
  std::array<char*, 2> argv{words[0].data(), nullptr};
  auto launcher = Launcher::of_this_program(1, argv.data());
  REQUIRE(launcher);
  bench.supervisor.emplace(bench.io, bench.options, std::move(*launcher), NetNamespaces(), SdNotify());
  const auto text = bench.instance();
  const auto started =
      bench.supervisor->start({std::make_shared<const std::string>(text), config::parse(text, "conf")});
  REQUIRE_FALSE(started);
  CHECK(started.error().message.find("runs already") != std::string::npos);
}
