#include "daemon/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

ChildEnd run(const Program& program) {
  const auto child = start_child(program);
  REQUIRE(child);
  int status = 0;
  REQUIRE(::waitpid(child->pid, &status, 0) == child->pid);
  return child_end(status, *child);
}

Program shell(const std::string& script) {
  Program program;
  program.path = "/bin/sh";
  program.arguments = {"sh", "-c", script};
  program.environment = {"PATH=/usr/bin:/bin", "WORD=value"};
  return program;
}

}  // namespace

TEST_CASE("arguments, environment and exit status arrive") {
  const TemporaryFolder folder;
  auto program = shell("echo \"$0|$1|$2|$WORD|$HOME\" > " + folder.file("out") + "; exit 7");
  program.arguments.insert(program.arguments.end(), {"zero", "a b", ""});
  ::setenv("HOME", "/ours", 1);
  const auto end = run(program);
  CHECK(end.exit_status == 7);
  CHECK_FALSE(end.clean());
  CHECK(end.text() == "ended with status 7");
  CHECK(folder.read("out") == "zero|a b||value|\n");
  CHECK(run(shell("true")).clean());
}

TEST_CASE("how a child ended, in words") {
  CHECK(run(shell("kill -9 $$")).text() == "was killed by signal 9 (Killed)");
  CHECK(run(shell("exit 127")).text() == "ended with status 127");
  ChildEnd dumped;
  dumped.signal = SIGSEGV;
  dumped.core_dumped = true;
  CHECK(dumped.text() == "was killed by signal 11 (Segmentation fault), core dumped");
}

TEST_CASE("a program that cannot be started is told with the reason") {
  const TemporaryFolder folder;
  Program program;
  program.arguments = {"x"};
  program.path = folder.file("missing");
  CHECK(run(program).text() == "could not be started: run the program: No such file or directory");
  program.path = folder.write("plain", "echo\n", 0644);
  CHECK(run(program).text() == "could not be started: run the program: Permission denied");
  program.path = folder.write("nohead", "echo\n", 0755);
  CHECK(run(program).text() ==
        "could not be started: run the program: it is no program, and its first line does not begin with #!");
}

TEST_CASE("nothing is inherited but the one descriptor") {
  const TemporaryFolder folder;
  std::array<int, 2> pipes{};
  REQUIRE(::pipe(pipes.data()) == 0);  // without close-on-exec
  const FileDescriptor reader(pipes[0]);
  const FileDescriptor writer(pipes[1]);
  const auto list = "ls /proc/self/fd > " + folder.file("out");

  auto program = shell("exec " + list);
  CHECK(run(program).clean());
  CHECK(folder.read("out") == "0\n1\n2\n3\n");  // 3 is ls's own folder

  program.inherited = writer.number();
  CHECK(run(program).clean());
  CHECK(folder.read("out") == "0\n1\n2\n3\n4\n");

  program = shell("echo through >&3");
  program.inherited = writer.number();
  CHECK(run(program).clean());
  std::array<char, 16> text{};
  CHECK(::read(reader.number(), text.data(), text.size()) == 8);
  CHECK(std::string(text.data()) == "through\n");
}

TEST_CASE("the inherited descriptor may already have its number, and an open program may too") {
  std::array<int, 2> pipes{};
  REQUIRE(::pipe2(pipes.data(), O_CLOEXEC) == 0);
  for (auto& end : pipes) {
    const FileDescriptor low(end);
    end = ::fcntl(end, F_DUPFD_CLOEXEC, 10);
  }
  const FileDescriptor reader(pipes[0]);
  const FileDescriptor saved(::fcntl(kInheritedDescriptor, F_DUPFD_CLOEXEC, 10));
  SUBCASE("the descriptor") {
    auto program = shell("echo through >&3");
    REQUIRE(::dup3(pipes[1], kInheritedDescriptor, O_CLOEXEC) == kInheritedDescriptor);
    program.inherited = kInheritedDescriptor;
    CHECK(run(program).clean());
  }
  SUBCASE("the program") {
    auto program = shell("echo through >&3");
    const FileDescriptor low(::open("/bin/sh", O_PATH | O_CLOEXEC));
    const FileDescriptor open_program(::fcntl(low.number(), F_DUPFD_CLOEXEC, 10));
    REQUIRE(::dup3(open_program.number(), kInheritedDescriptor, O_CLOEXEC) == kInheritedDescriptor);
    program.executable = kInheritedDescriptor;
    program.path.clear();
    program.inherited = pipes[1];
    CHECK(run(program).clean());
  }
  std::array<char, 16> text{};
  CHECK(::read(reader.number(), text.data(), text.size()) == 8);
  ::close(pipes[1]);
  if (saved)
    ::dup3(saved.number(), kInheritedDescriptor, O_CLOEXEC);
  else
    ::close(kInheritedDescriptor);
}

TEST_CASE("signals are as at the beginning") {
  const TemporaryFolder folder;
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGINT, SIG_IGN);
  sigset_t term;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &term, nullptr);
  CHECK(run(shell("grep -E '^Sig(Blk|Ign)' /proc/self/status > " + folder.file("out"))).clean());
  ::sigprocmask(SIG_UNBLOCK, &term, nullptr);
  ::signal(SIGPIPE, SIG_DFL);
  ::signal(SIGINT, SIG_DFL);
  CHECK(folder.read("out") == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("a program that runs apart has its own group and no streams") {
  const TemporaryFolder folder;
  auto program =
      shell("streams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); echo \"$streams\" > " + folder.file("out") +
            "; ps -o pgid= $$ >> " + folder.file("out") + "; echo $$ >> " + folder.file("out"));
  program.apart = true;
  CHECK(run(program).clean());
  auto text = folder.read("out");
  CHECK(text.starts_with("/dev/null\n/dev/null\n/dev/null\n"));
  text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
  const auto numbers = text.substr(std::string("/dev/null\n").size() * 3);
  const auto half = numbers.find('\n');
  CHECK(numbers.substr(0, half + 1) == numbers.substr(half + 1));
}

TEST_CASE("a program runs as whom it should" * doctest::skip(::geteuid() != 0)) {
  const TemporaryFolder folder;
  ::chmod(folder.file("").c_str(), 0777);
  auto program = shell("id -u > " + folder.file("out") + "; id -G >> " + folder.file("out"));
  program.identity = Identity{65534, 65533, {65533, 12345}};
  CHECK(run(program).clean());
  CHECK(folder.read("out") == "65534\n65533 12345\n");
}

TEST_CASE("changing the user without the right to is told" * doctest::skip(::geteuid() != 0)) {
  const auto pid = ::fork();
  if (pid == 0) {
    if (::setresuid(65534, 65534, 65534) != 0) ::_exit(99);
    auto program = shell("true");
    program.identity = Identity{0, 0, {}};
    const auto child = start_child(program);
    int status = 0;
    if (!child || ::waitpid(child->pid, &status, 0) != child->pid) ::_exit(98);
    const auto text = child_end(status, *child).text();
    ::_exit(text == "could not be started: change the user: Operation not permitted" ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  CHECK(status == 0);
}

TEST_CASE("a child gets TERM when its parent is killed") {
  std::array<int, 2> pipes{};
  REQUIRE(::pipe2(pipes.data(), O_CLOEXEC) == 0);
  const FileDescriptor reader(pipes[0]);
  FileDescriptor writer(pipes[1]);
  const auto pid = ::fork();
  if (pid == 0) {
    auto program = shell("trap 'echo term >&3; exit' TERM; echo ready >&3; while :; do sleep 0.05; done");
    program.inherited = writer.number();
    const auto child = start_child(program);
    if (!child) ::_exit(1);
    ::pause();
  }
  writer.reset();
  std::array<char, 16> text{};
  REQUIRE(::read(reader.number(), text.data(), text.size()) == 6);
  REQUIRE(::kill(pid, SIGKILL) == 0);
  REQUIRE(::waitpid(pid, nullptr, 0) == pid);
  text = {};
  CHECK(::read(reader.number(), text.data(), text.size()) == 5);
  CHECK(std::string(text.data()) == "term\n");
  CHECK(::read(reader.number(), text.data(), text.size()) == 0);
}

TEST_CASE("the environment for children") {
  ::setenv("NOTIFY_SOCKET", "/run/x", 1);
  ::setenv("LD_PRELOAD_NOT", "kept", 1);
  ::setenv("BATON_TEST", "kept too", 1);
  const auto environment = environment_for_children();
  const auto has = [&](const std::string& start) {
    return std::any_of(environment.begin(), environment.end(),
                       [&](const auto& entry) { return entry.starts_with(start); });
  };
  CHECK_FALSE(has("NOTIFY_SOCKET="));
  CHECK(has("BATON_TEST=kept too"));
  CHECK(has("LD_PRELOAD_NOT="));
  CHECK(has("PATH="));
  ::unsetenv("NOTIFY_SOCKET");
}
