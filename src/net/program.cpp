#include "net/program.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <optional>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace baton::net {
namespace {

constexpr std::array kDirectories = {"/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/"};
constexpr int kPollMilliseconds = 20;  // between two looks at whether it has ended

/// Both ends of a pipe; ours does not block.
struct Pipe {
  std::array<int, 2> ends{-1, -1};
  int error = 0;  // errno: there is no pipe
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) error = errno;
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void close(std::size_t end) {
    if (ends.at(end) >= 0) ::close(ends.at(end));
    ends.at(end) = -1;
  }
};

int start(const std::vector<std::string>& argv, const Pipe& input, const Pipe& output, pid_t& pid) {
  if (input.error != 0 || output.error != 0) return std::max(input.error, output.error);
  std::vector<char*> arguments;
  for (const auto& argument : argv)
    arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::array<char*, 3> environment{const_cast<char*>("PATH=/usr/sbin:/usr/bin:/sbin:/bin"),
                                   const_cast<char*>("LC_ALL=C"), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, input.ends[0], 0);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], 1);
  posix_spawn_file_actions_adddup2(&actions, output.ends[1], 2);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  const int code = ::posix_spawn(&pid, arguments[0], &actions, &attributes, arguments.data(), environment.data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

/// Feeds and hears a child until it has ended or the time is up.
class Conversation {
 public:
  Conversation(pid_t pid, Pipe& input, Pipe& output, std::string_view text)
      : pid_(pid), input_(input), output_(output), rest_(text) {
    input.close(0);
    output.close(1);
    ::fcntl(input.ends[1], F_SETFL, O_NONBLOCK);
    ::fcntl(output.ends[0], F_SETFL, O_NONBLOCK);
  }
  ~Conversation() { ::signal(SIGPIPE, former_); }
  Conversation(const Conversation&) = delete;
  Conversation& operator=(const Conversation&) = delete;

  std::optional<ProgramEnd> until(Instant deadline) {
    while (Clock::now() < deadline) {
      write();
      read();
      int status = 0;
      if (::waitpid(pid_, &status, WNOHANG) == pid_) {
        read();
        end_.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return std::move(end_);
      }
      // Its output closes as it ends, which wakes the poll; else the time does.
      std::array<pollfd, 2> ends{{{output_.ends[0], POLLIN, 0}, {input_.ends[1], POLLOUT, 0}}};
      ::poll(ends.data(), input_.ends[1] < 0 ? 1 : 2, kPollMilliseconds);
    }
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    return std::nullopt;
  }

 private:
  void write() {
    if (input_.ends[1] < 0) return;
    const auto count = rest_.empty() ? 0 : ::write(input_.ends[1], rest_.data(), rest_.size());
    if (count > 0) rest_.remove_prefix(static_cast<std::size_t>(count));
    if (rest_.empty() || (count < 0 && errno != EAGAIN && errno != EINTR)) input_.close(1);
  }
  void read() {
    std::array<char, 1024> chunk{};
    for (;;) {
      const auto count = ::read(output_.ends[0], chunk.data(), chunk.size());
      if (count <= 0) return;
      const auto room = kMaxProgramOutput - end_.output.size();
      end_.output.append(chunk.data(), std::min(room, static_cast<std::size_t>(count)));
    }
  }

  pid_t pid_;
  Pipe& input_;
  Pipe& output_;
  std::string_view rest_;
  void (*former_)(int) = ::signal(SIGPIPE, SIG_IGN);  // of a program that ends without reading
  ProgramEnd end_;
};

}  // namespace

std::string find_system_program(std::string_view name) {
  for (const char* directory : kDirectories) {
    auto path = directory + std::string(name);
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

Result<ProgramEnd> run_program(const std::vector<std::string>& argv, std::string_view input, Duration limit) {
  const Instant deadline = Clock::now() + limit;
  Pipe in;
  Pipe out;
  if (in.ends[0] < 0 || out.ends[0] < 0) return system_failure("start " + argv[0], EMFILE);
  pid_t pid = -1;
  if (const int code = start(argv, in, out, pid); code != 0) return system_failure("start " + argv[0], code);
  auto end = Conversation(pid, in, out, input).until(deadline);
  if (!end) return system_failure("wait for " + argv[0], ETIMEDOUT);
  return std::move(*end);
}

Result<void> run_system_program(std::vector<std::string> argv, std::string_view input, Duration limit) {
  const std::string name = argv[0];
  argv[0] = find_system_program(name);
  if (argv[0].empty()) return failure(name + " is not installed", ENOENT);
  const auto end = run_program(argv, input, limit);
  if (!end) return tl::unexpected(end.error());
  if (end->exit_status == 0) return {};
  return failure(name + ": " + end->output.substr(0, end->output.find('\n')), EPROTO);
}

}  // namespace baton::net
