#include "daemon/process.hpp"

#include <array>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <climits>

#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

/// Runs `body` in a child; its result is the exit status.
template <class Body>
int in_child(Body body) {
  const auto pid = ::fork();
  if (pid == 0) ::_exit(body());
  int status = 0;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

bool is_open(int descriptor) {
  return ::fcntl(descriptor, F_GETFD) >= 0;
}

}  // namespace

TEST_CASE("standard streams that were closed lead nowhere, the others stay") {
  CHECK(in_child([] {
          ::close(STDIN_FILENO);
          ::close(STDERR_FILENO);
          open_standard_streams();
          std::array<char, 32> target{};
          if (::readlink("/proc/self/fd/2", target.data(), target.size()) <= 0) return 1;
          if (std::string(target.data()) != "/dev/null") return 2;
          if (!is_open(STDIN_FILENO) || !is_open(STDOUT_FILENO)) return 3;
          const int next = ::open("/dev/null", O_RDONLY);
          open_standard_streams();  // nothing to do, nothing left open
          return is_open(next + 1) ? 4 : 0;
        }) == 0);
}

TEST_CASE("descriptors that came from elsewhere are closed") {
  CHECK(in_child([] {
          const int far = ::fcntl(STDIN_FILENO, F_DUPFD, 100);
          close_inherited_descriptors();
          return is_open(far) || is_open(3) || !is_open(2) ? 1 : 0;
        }) == 0);
}

TEST_CASE("what ps and top show") {
  std::array<char, 8> program{"batond"};
  std::array<char, 16> secret{"--secret=7"};
  std::array<char*, 3> argv{program.data(), secret.data(), nullptr};
  hide_arguments(2, argv.data());
  CHECK(std::string(program.data()) == "batond");
  CHECK(secret == std::array<char, 16>{});
  CHECK(in_child([] {
          set_process_name("batond: vrrp");
          std::array<char, 17> name{};
          ::prctl(PR_GET_NAME, name.data());
          return std::string(name.data()) == "batond: vrrp" ? 0 : 1;
        }) == 0);
}

TEST_CASE("in the background: the first process ends with what the second one tells") {
  const TemporaryFolder folder;
  const auto run = [&](auto tell) {
    return in_child([&] {
      auto background = Background::enter(false);
      if (!background) return 99;
      std::array<char, PATH_MAX> where{};
      const bool in_root = ::getcwd(where.data(), where.size()) != nullptr && std::string(where.data()) == "/";
      if (in_root && ::getsid(0) == ::getpid()) folder.write("apart", "yes");
      tell(*background);
      return 0;  // nobody sees this one
    });
  };
  CHECK(run([](Background& background) { background.tell(0); }) == 0);
  CHECK(run([](Background& background) { background.tell(6); }) == 6);
  CHECK(run([](Background& background) {
          background.tell(0);
          background.tell(6);  // only the first counts
        }) == 0);
  CHECK(run([](Background&) {}) == 1);  // it ended without a word
  CHECK(folder.has("apart"));
}
