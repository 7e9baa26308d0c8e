#include "daemon/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <string_view>

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace baton::daemon {

namespace {

enum class Step : int { none, net_namespace, streams, descriptor, identity, program };

struct Trouble {
  Step step = Step::none;
  int code = 0;
};

std::string_view text(Step step) {
  switch (step) {
    case Step::net_namespace: return "enter the network namespace";
    case Step::streams: return "open /dev/null";
    case Step::descriptor: return "pass a descriptor on";
    case Step::identity: return "change the user";
    case Step::program:
    case Step::none: break;
  }
  return "run the program";
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (const auto& word : words)
    result.push_back(
        const_cast<char*>(word.c_str()));  // NOLINT(cppcoreguidelines-pro-type-const-cast): exec changes none
  result.push_back(nullptr);
  return result;
}

/// All that the child needs, made before the fork: another thread may hold any lock then, so that the child must do
/// nothing but system calls.
struct Plan {
  const Program* program = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  int trouble = -1;  // above kInheritedDescriptor, as `executable`
  int executable = -1;
  pid_t parent = -1;
};

void reset_signals() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number)
    ::sigaction(number, &action, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

bool null_streams() {
  const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null < 0) return false;
  return ::dup2(null, STDIN_FILENO) >= 0 && ::dup2(null, STDOUT_FILENO) >= 0 && ::dup2(null, STDERR_FILENO) >= 0;
}

bool pass_descriptor(int inherited) {
  if (inherited == kInheritedDescriptor) return ::fcntl(inherited, F_SETFD, 0) == 0;
  return ::dup2(inherited, kInheritedDescriptor) >= 0;
}

/// By system call: the library would first tell threads that do not exist here.
bool become(const Identity& identity) {
  return ::syscall(SYS_setgroups, identity.groups.size(), identity.groups.data()) == 0 &&
         ::syscall(SYS_setresgid, identity.gid, identity.gid, identity.gid) == 0 &&
         ::syscall(SYS_setresuid, identity.uid, identity.uid, identity.uid) == 0;
}

Step prepare(const Plan& plan) {
  const Program& program = *plan.program;
  reset_signals();
  if (program.net_namespace >= 0 && ::setns(program.net_namespace, CLONE_NEWNET) != 0) return Step::net_namespace;
  if (program.apart) {
    ::setpgid(0, 0);
    const sched_param normal{};
    ::sched_setscheduler(0, SCHED_OTHER, &normal);
    ::setpriority(PRIO_PROCESS, 0, 0);
    if (!null_streams()) return Step::streams;
  }
  unsigned first_closed = kInheritedDescriptor;
  if (program.inherited >= 0) {
    if (!pass_descriptor(program.inherited)) return Step::descriptor;
    ++first_closed;
  }
  ::close_range(first_closed, ~0U, CLOSE_RANGE_CLOEXEC);  // an old kernel: ours are close-on-exec anyway
  if (program.identity && !become(*program.identity)) return Step::identity;
  // After the change of user, which clears it.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != plan.parent) ::_exit(127);  // died before that: nobody is left to tell
  return Step::none;
}

[[noreturn]] void run_child(const Plan& plan) {
  Trouble trouble;
  trouble.step = prepare(plan);
  if (trouble.step == Step::none) {
    trouble.step = Step::program;
    if (plan.executable >= 0)
      ::syscall(SYS_execveat, plan.executable, "", plan.arguments, plan.environment, AT_EMPTY_PATH);
    else
      ::execve(plan.program->path.c_str(), plan.arguments, plan.environment);
  }
  trouble.code = errno;
  [[maybe_unused]] const auto written = ::write(plan.trouble, &trouble, sizeof trouble);
  ::_exit(127);
}

/// A copy that is out of the way of kInheritedDescriptor.
FileDescriptor moved_up(int descriptor) {
  return FileDescriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, kInheritedDescriptor + 1));
}

}  // namespace

Result<StartedChild> start_child(const Program& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return system_failure("make a pipe", errno);
  FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  const auto trouble = moved_up(writer.number());
  const auto executable = program.executable >= 0 ? moved_up(program.executable) : FileDescriptor();
  if (!trouble || (program.executable >= 0 && !executable)) return system_failure("duplicate a descriptor", errno);

  const auto arguments = pointers(program.arguments);
  const auto environment = pointers(program.environment);
  const Plan plan{&program, arguments.data(), environment.data(), trouble.number(), executable.number(), ::getpid()};

  // Blocked, so that a signal cannot run our handlers, which write into pipes that are shared, in the child.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = ::fork();
  const int code = errno;
  if (pid == 0) run_child(plan);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return system_failure("fork", code);
  return StartedChild{pid, std::move(reader)};
}

std::string trouble_of(const StartedChild& child) {
  Trouble trouble;
  if (::read(child.trouble.number(), &trouble, sizeof trouble) != sizeof trouble) return "";
  std::string result(text(trouble.step));
  if (trouble.code == ENOEXEC) return result + ": it is no program, and its first line does not begin with #!";
  return system_failure(std::move(result), trouble.code).value().message;
}

std::string ChildEnd::text() const {
  if (!trouble.empty()) return "could not be started: " + trouble;
  if (signal == 0) return "ended with status " + std::to_string(exit_status);
  const char* name = ::sigdescr_np(signal);
  return "was killed by signal " + std::to_string(signal) + " (" + (name != nullptr ? name : "unknown") + ")" +
         (core_dumped ? ", core dumped" : "");
}

ChildEnd child_end(int wait_status, const StartedChild& child) {
  ChildEnd end;
  if (WIFEXITED(wait_status)) end.exit_status = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) {
    end.signal = WTERMSIG(wait_status);
    end.core_dumped = WCOREDUMP(wait_status);
  }
  if (end.exit_status == 127) end.trouble = trouble_of(child);
  return end;
}

std::vector<std::string> environment_for_children() {
  constexpr std::array<std::string_view, 7> kHidden{
      "NOTIFY_SOCKET=", "WATCHDOG_USEC=", "WATCHDOG_PID=", "LISTEN_FDS=", "IFS=", "LD_LIBRARY_PATH=", "LD_PRELOAD="};
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (std::ranges::none_of(kHidden, [&](std::string_view name) { return text.starts_with(name); }))
      result.emplace_back(text);
  }
  return result;
}

}  // namespace baton::daemon
