// script_programs.hpp - from a configured script to a program that may be started: where it is, as whom it runs,
// whether somebody else could have changed it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/model.hpp"
#include "core/result.hpp"
#include "daemon/child.hpp"
#include "daemon/script_queue.hpp"

namespace baton::daemon {

/// What to start for a script of the configuration, as whom; none where there is no script, or one that must not run.
std::optional<ScriptCommand> command_of(const config::Config& config, const std::optional<config::ScriptIndex>& index);

/// Looks all users up when it is made (the name service may take its time), never when a script is due.
class ScriptPrograms {
 public:
  ScriptPrograms() = default;
  explicit ScriptPrograms(const config::Config& config);

  /// What is wrong with it is said in words for the log: an unknown user, no such program, a folder that others may
  /// write.
  Result<Program> program(const ScriptCommand& command) const;

 private:
  using UserAndGroup = std::pair<std::string, std::string>;

  Result<Identity> identity(const ScriptCommand& command) const;

  bool security_ = false;
  std::map<UserAndGroup, Result<Identity>> identities_;
};

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};
Result<User> find_user(const std::string& name);
Result<gid_t> find_group(const std::string& name);

/// A path with a slash as it is, a bare word looked up in PATH.
Result<std::string> find_program(const std::string& word);

/// Nobody but root can have changed the program: it and each folder and symbolic link on the way to it belong to root,
/// and no other may write there.  The error names the first that is otherwise and the command that cures it.
Result<void> check_owner_and_mode(const std::string& path);

}  // namespace baton::daemon
