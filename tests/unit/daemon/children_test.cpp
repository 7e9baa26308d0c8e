#include "daemon/children.hpp"

#include <array>
#include <vector>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

Program shell(const std::string& script) {
  Program program;
  program.path = "/bin/sh";
  program.arguments = {"sh", "-c", script};
  program.environment = {"PATH=/usr/bin:/bin"};
  return program;
}

struct Bench {
  boost::asio::io_context io;
  Children children{io};
  std::vector<std::string> ends;

  pid_t start(const Program& program) {
    const auto pid = children.start(program, [this](const ChildEnd& end) { ends.push_back(end.text()); });
    REQUIRE(pid);
    return *pid;
  }
  void run_until(std::size_t count) {
    const auto limit = Clock::now() + 20s;
    while (ends.size() < count && Clock::now() < limit)
      io.run_one_for(1s);
    REQUIRE(ends.size() >= count);
  }
  using Clock = std::chrono::steady_clock;
};

}  // namespace

TEST_CASE("the end of each child is told once") {
  Bench bench;
  const auto pid = bench.start(shell("exit 3"));
  CHECK(bench.children.runs(pid));
  bench.run_until(1);
  CHECK(bench.ends == std::vector<std::string>{"ended with status 3"});
  CHECK_FALSE(bench.children.runs(pid));
  for (int i = 0; i < 20; ++i)
    bench.start(shell("exit 0"));
  bench.run_until(21);
  CHECK(bench.ends.size() == 21);
}

TEST_CASE("a child may be started when another ends") {
  Bench bench;
  pid_t second = -1;
  const auto first =
      bench.children.start(shell("exit 1"), [&](const ChildEnd&) { second = bench.start(shell("exit 2")); });
  REQUIRE(first);
  bench.run_until(1);
  CHECK(second > 0);
  CHECK(bench.ends[0] == "ended with status 2");
}

TEST_CASE("a child that is reaped can no longer be signalled") {
  Bench bench;
  const auto pid = bench.start(shell("exit 0"));
  bench.run_until(1);
  bench.children.signal(pid, SIGKILL);
  bench.children.signal_group(pid, SIGKILL);
  bench.children.signal(::getpid(), SIGKILL);  // never a child
  bench.children.signal_group(::getpgrp(), SIGKILL);
  CHECK(bench.ends.size() == 1);
}

TEST_CASE("signals reach a child, and its whole group when it runs apart") {
  Bench bench;
  const auto one = bench.start(shell("exec sleep 60"));
  bench.children.signal(one, SIGTERM);
  bench.run_until(1);
  CHECK(bench.ends[0] == "was killed by signal 15 (Terminated)");

  std::array<int, 2> pipes{};
  REQUIRE(::pipe2(pipes.data(), O_CLOEXEC) == 0);
  const FileDescriptor reader(pipes[0]);
  FileDescriptor writer(pipes[1]);
  auto program = shell("sleep 60 & echo >&3; wait");
  program.apart = true;
  program.inherited = writer.number();
  const auto group = bench.start(program);
  writer.reset();
  std::array<char, 4> text{};
  REQUIRE(::read(reader.number(), text.data(), text.size()) == 1);
  bench.children.signal_group(group, SIGKILL);
  bench.run_until(2);
  CHECK(bench.ends[1] == "was killed by signal 9 (Killed)");
  CHECK(::read(reader.number(), text.data(), text.size()) == 0);  // sleep is gone too: nobody holds the pipe
}

TEST_CASE("orphans that were never ours are reaped in silence") {
  Bench bench;
  const auto stranger = ::fork();
  if (stranger == 0) ::_exit(5);
  bench.start(shell("exit 0"));
  bench.run_until(1);
  const auto limit = Bench::Clock::now() + 10s;
  while (::kill(stranger, 0) == 0 && Bench::Clock::now() < limit)
    bench.io.run_one_for(10ms);
  CHECK(::kill(stranger, 0) != 0);
  CHECK(bench.ends.size() == 1);
}
