#include "daemon/launcher.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>

#include <fmt/format.h>

namespace baton::daemon {

Result<Launcher> Launcher::of_this_program(int argc, char** argv, const std::string& net_namespace,
                                           const std::string& instance) {
  Launcher launcher;
  launcher.executable_ = FileDescriptor(::open("/proc/self/exe", O_PATH | O_CLOEXEC));
  if (!launcher.executable_) return system_failure("open /proc/self/exe", errno);
  if (!net_namespace.empty()) launcher.options_.push_back("--namespace=" + net_namespace);
  if (!instance.empty()) launcher.options_.push_back("--instance=" + instance);
  launcher.options_.insert(launcher.options_.end(), argv + 1, argv + argc);
  return launcher;
}

Program Launcher::role(Role role, Capabilities capabilities, int channel) const {
  Program program;
  program.executable = executable_.number();
  // What is ours goes first: the user's options may end with "--".
  program.arguments = {fmt::format("batond: {}", name(role)), fmt::format("--role={}", name(role)),
                       fmt::format("--channel={}", kInheritedDescriptor),
                       fmt::format("--capabilities={:x}", capabilities)};
  program.arguments.insert(program.arguments.end(), options_.begin(), options_.end());
  program.environment = environment_for_children();
  program.inherited = channel;
  return program;
}

Program Launcher::resign(Capabilities capabilities, int configuration) const {
  auto program = role(Role::vrrp, capabilities, configuration);
  program.arguments.insert(program.arguments.begin() + 1, "--resign");
  return program;
}

Program Launcher::mail(int job) const {
  constexpr uid_t kNobody = 65534;  // on every Linux
  Program program;
  program.executable = executable_.number();
  program.arguments = {"batond: mail", "--mail", fmt::format("--channel={}", kInheritedDescriptor)};
  program.environment = environment_for_children();
  program.identity = Identity{kNobody, kNobody, {}};
  program.inherited = job;
  program.apart = true;
  return program;
}

}  // namespace baton::daemon
