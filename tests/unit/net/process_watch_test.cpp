#include "net/process_watch.hpp"

#include <csignal>
#include <map>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

namespace {

/// Nobody else's processes have such a name.
std::string unique_name(int number) {
  return "bt" + std::to_string(::getpid()) + "n" + std::to_string(number);
}

/// A child of ours that has this name already, and ends with its owner.
class Worker {
 public:
  explicit Worker(const std::string& name) : process_(::fork()) {
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::prctl(PR_SET_NAME, name.c_str());
      for (;;)
        ::pause();
    }
    const auto end = Clock::now() + 5s;  // until it has its name
    for (bool has_name = false; !has_name && Clock::now() < end;) {
      const auto image = read_process(vrrp::ProcessId{process_}, 0);
      has_name = image && image->name == name;
    }
  }
  Worker(Worker&& other) noexcept : process_(std::exchange(other.process_, -1)) {}
  Worker& operator=(Worker&&) = delete;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() { end(); }

  /// Not waited for: a zombie stays, which does not count.
  void kill() const { ::kill(process_, SIGKILL); }
  void end() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(std::exchange(process_, -1), nullptr, 0);
  }

 private:
  pid_t process_;
};

/// A child whose command line is these words, by exec of `sleep`.
class Sleeper {
 public:
  explicit Sleeper(std::vector<std::string> words) : process_(::fork()) {
    if (process_ != 0) return;
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    ::execv("/bin/sleep", argv.data());
    ::_exit(127);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

 private:
  pid_t process_;
};

vrrp::TrackedProcess named(const std::string& name, vrrp::QuorumRule rule = {}) {
  return {name, vrrp::ProcessPattern::of_name(name), rule};
}

struct Bench {
  boost::asio::io_context io;
  std::map<std::string, std::pair<bool, std::size_t>> known;
  std::vector<std::string> troubles;
  ProcessWatch watch;

  explicit Bench(ProcessWatch::Source source)
      : watch(io,
              {.on_change =
                   [this](const vrrp::ProcessChange& change) {
                     known[change.name] = {change.up, change.number};
                   },
               .on_trouble = [this](const std::string& text) { troubles.push_back(text); }},
              source) {}

  /// Whether that is told within `limit`.
  bool told(const std::string& name, bool up, Duration limit) {
    const auto end = Clock::now() + limit;
    while (Clock::now() < end) {
      if (const auto found = known.find(name); found != known.end() && found->second.first == up) return true;
      io.run_one_for(10ms);
    }
    return false;
  }
  void run_for(Duration limit) {
    const auto end = Clock::now() + limit;
    while (Clock::now() < end)
      io.run_one_for(10ms);
  }
};

/// Of both ways; the connector's only where there is one.
std::vector<ProcessWatch::Source> sources() {
  boost::asio::io_context io;
  if (ProcessConnector::open(io, {})) return {ProcessWatch::Source::looking, ProcessWatch::Source::best};
  MESSAGE("the kernel does not tell of processes here: that half is not tested");
  return {ProcessWatch::Source::looking};
}

}  // namespace

TEST_CASE("process watch: those that are there are known at once; an end and a start are told") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    const auto name = unique_name(1), other = unique_name(2);
    Worker worker(name);
    Bench bench(source);
    bench.watch.follow({named(name), named(other)});
    CHECK(bench.watch.up(name) == true);
    CHECK(bench.watch.up(other) == false);
    CHECK(bench.known.empty());
    CHECK(bench.watch.is_told() == (source == ProcessWatch::Source::best));
    CHECK(bench.troubles.empty());
    worker.kill();
    CHECK(bench.told(name, false, 900ms));  // without the second that a look may take
    const Worker next(other);
    CHECK(bench.told(other, true, 5s));
    CHECK(bench.watch.up(other) == true);
    const Worker again(name);
    CHECK(bench.told(name, true, 5s));
  }
}

TEST_CASE("process watch: a program that is started in place of another, by its command line") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    const auto first = unique_name(3);
    Bench bench(source);
    const auto command = [&](const std::string& name, const char* seconds, vrrp::ParameterMatch match) {
      return vrrp::TrackedProcess{name, vrrp::ProcessPattern::of_command({first, seconds}, match), {}};
    };
    bench.watch.follow({command("exact", "1000", vrrp::ParameterMatch::exact),
                        command("beginning", "10", vrrp::ParameterMatch::beginning),
                        command("wrong", "10", vrrp::ParameterMatch::exact)});
    const Sleeper sleeper({first, "1000"});
    CHECK(bench.told("exact", true, 5s));
    CHECK(bench.told("beginning", true, 5s));
    CHECK_FALSE(bench.watch.up("wrong").value_or(true));
  }
}

TEST_CASE("process watch: delays of ends, and how many there are") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    const auto name = unique_name(4);
    std::vector<Worker> workers;
    for (int i = 0; i < 3; ++i)
      workers.emplace_back(name);
    Bench bench(source);
    bench.watch.follow({named(name, {2, {}, 0s, 300ms})});
    CHECK(bench.watch.up(name) == true);
    workers[0].kill();
    bench.run_for(600ms);
    CHECK(bench.known.empty());
    workers[1].kill();
    const auto begin = Clock::now();
    CHECK(bench.told(name, false, 2s));
    CHECK(Clock::now() - begin >= 290ms);
    CHECK(bench.known[name].second == 1);
  }
}

TEST_CASE("process watch: a reload keeps what is known, and new ones are known soon") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    const auto name = unique_name(5), other = unique_name(6);
    const Worker worker(name), another(other);
    Bench bench(source);
    bench.watch.follow({named(name)});
    bench.watch.follow({named(other), named(name)});
    CHECK(bench.watch.up(name) == true);
    CHECK(bench.told(other, true, 5s));
    CHECK(bench.known.count(name) == 0);
    bench.watch.follow({});
    CHECK_FALSE(bench.watch.up(name));
    CHECK_FALSE(bench.watch.is_told());
    bench.run_for(50ms);
    bench.watch.follow({named(name)});
    CHECK(bench.watch.up(name) == true);
  }
}

TEST_CASE("process watch: a storm of processes changes nothing, and hides nothing") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    const auto name = unique_name(7);
    Worker worker(name);
    Bench bench(source);
    bench.watch.follow({named(name)});
    for (int i = 0; i < 3000; ++i) {
      const auto child = ::vfork();  // as fork(), without a copy of all the memory that this program has by now
      if (child == 0) ::_exit(0);
      ::waitpid(child, nullptr, 0);
    }
    worker.kill();
    CHECK(bench.told(name, false, 5s));
  }
}

TEST_CASE("process watch: a daemon that forks itself into the background at once is found") {
  for (const auto source : sources()) {
    INFO(static_cast<int>(source));
    Bench bench(source);
    std::vector<vrrp::TrackedProcess> wanted;
    for (int i = 0; i < 20; ++i)
      wanted.push_back(named(unique_name(100 + i)));
    bench.watch.follow(wanted);
    std::vector<pid_t> daemons;
    for (const auto& each : wanted) {
      int ends[2] = {-1, -1};
      REQUIRE(::pipe(ends) == 0);
      const auto child = ::fork();
      if (child == 0) {
        ::prctl(PR_SET_NAME, each.name.c_str());
        const auto daemon = ::fork();
        if (daemon == 0) {
          ::alarm(30);
          for (;;)
            ::pause();
        }
        if (::write(ends[1], &daemon, sizeof daemon) < 0) ::_exit(1);
        ::_exit(0);
      }
      pid_t daemon = -1;
      REQUIRE(::read(ends[0], &daemon, sizeof daemon) == sizeof daemon);
      ::close(ends[0]);
      ::close(ends[1]);
      daemons.push_back(daemon);
      ::waitpid(child, nullptr, 0);
    }
    for (const auto& each : wanted)
      CHECK(bench.told(each.name, true, 5s));
    for (const auto daemon : daemons)
      ::kill(daemon, SIGKILL);
    for (const auto& each : wanted)
      CHECK(bench.told(each.name, false, 5s));
  }
}

TEST_CASE("process watch: in another network namespace the kernel tells nothing, which is said once") {
  if (::geteuid() != 0) return;
  const auto child = ::fork();
  if (child == 0) {
    if (::unshare(CLONE_NEWNET) != 0) ::_exit(77);
    Bench bench(ProcessWatch::Source::best);
    const auto name = unique_name(8);
    Worker worker(name);
    bench.watch.follow({named(name)});
    const bool known = bench.watch.up(name) == true && !bench.watch.is_told();
    bench.watch.follow({named(name), named("x")});
    const bool once = bench.troubles.size() == 1 && bench.troubles[0].find("once a second") != std::string::npos;
    worker.kill();
    const bool told = bench.told(name, false, 900ms);
    worker.end();
    ::_exit(known && once && told ? 0 : 1 + (known ? 0 : 2) + (once ? 0 : 4) + (told ? 0 : 8));
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 77)
    MESSAGE("no network namespace can be made here");
  else
    CHECK(WEXITSTATUS(status) == 0);
}
