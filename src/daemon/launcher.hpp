// launcher.hpp - how the supervisor starts its own program again, as a role.
#pragma once

#include <string>
#include <vector>

#include "core/result.hpp"
#include "daemon/child.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/messages.hpp"
#include "daemon/privileges.hpp"

namespace baton::daemon {

/// Keeps the running program open: a role is always of the same build, also while a package is being replaced.
class Launcher {
 public:
  /// `argv` is the command line of the supervisor; its roles get the same options, and are told of `net_namespace`, in
  /// which they are started, and of the `instance` that they are of; empty: none.
  static Result<Launcher> of_this_program(int argc, char** argv, const std::string& net_namespace = {},
                                          const std::string& instance = {});

  /// The role's end of its channel is passed on as kInheritedDescriptor.
  [[nodiscard]] Program role(Role role, Capabilities capabilities, int channel) const;
  /// One shot; `configuration` is a sealed text.
  [[nodiscard]] Program resign(Capabilities capabilities, int configuration) const;
  /// One shot, as nobody; `job` is the sealed text of a MailJob.
  [[nodiscard]] Program mail(int job) const;

 private:
  FileDescriptor executable_;
  std::vector<std::string> options_;
};

}  // namespace baton::daemon
