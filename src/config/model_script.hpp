// model_script.hpp - a script line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/position.hpp"

namespace baton::config {

/// What a script is for.
enum class ScriptUse : std::uint8_t {
  notify,   // told of a change: notify_*, quorum_*, notify_up and notify_down
  track,    // vrrp_script
  check,    // MISC_CHECK
  process,  // startup_script and shutdown_script
  pipe      // reads a notification pipe
};

/// A script line: the words after quotes are resolved, the program first.  Started by its index in Config::scripts.
struct Script {
  std::vector<std::string> arguments;  // at least the program
  std::string user, group;  // empty: the default user; of a group that begins with ':' all groups of the user
  Position position;
  ScriptUse use = ScriptUse::notify;
  bool is_disabled = false;  // must not be started on this machine: check_environment() has told why
  friend bool operator==(const Script&, const Script&) = default;
};
using ScriptIndex = std::uint32_t;

}  // namespace baton::config
