// child.hpp - starts a program as a child that inherits nothing but what is said here.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/result.hpp"
#include "daemon/file_descriptor.hpp"

namespace baton::daemon {

/// As whom a program runs.
struct Identity {
  uid_t uid = 0;
  gid_t gid = 0;
  std::vector<gid_t> groups;  // supplementary
  friend bool operator==(const Identity&, const Identity&) = default;
};

struct Program {
  std::string path;                      // absolute; unused when `executable` is set
  int executable = -1;                   // an open program
  std::vector<std::string> arguments;    // argv, the program's own name first
  std::vector<std::string> environment;  // NAME=value
  std::optional<Identity> identity;      // none: ours
  int net_namespace = -1;                // an open network namespace, to be entered; -1: ours
  int inherited = -1;                    // this descriptor becomes kInheritedDescriptor; -1: none
  bool apart = false;  // a script: its own process group, standard streams on /dev/null, plain scheduling
};

inline constexpr int kInheritedDescriptor = 3;

struct StartedChild {
  pid_t pid = -1;
  FileDescriptor trouble;  // for trouble_of()
};

/// Signals have their default action again, all other descriptors are closed, and the child gets TERM when we die. Does
/// not wait until the program runs: what goes wrong then is told by trouble_of(), and the status is 127.
Result<StartedChild> start_child(const Program& program);

/// For a child that has ended: why its program could not be started; empty when it was.
std::string trouble_of(const StartedChild& child);

/// How a child ended.
struct ChildEnd {
  int exit_status = 0;
  int signal = 0;  // not 0: it was killed by it
  bool core_dumped = false;
  std::string trouble;  // why its program did not start

  /// "ended with status 1", "was killed by signal 9 (Killed)", "could not be started: ...".
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool clean() const { return signal == 0 && exit_status == 0; }
};

ChildEnd child_end(int wait_status, const StartedChild& child);

/// Our environment without what is not for others: the service manager's socket, and what would change which code runs.
std::vector<std::string> environment_for_children();

}  // namespace baton::daemon
