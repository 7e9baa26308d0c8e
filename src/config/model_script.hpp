// model_script.hpp - a script line.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/position.hpp"

namespace baton::config {

/// A script line: the words after quotes are resolved, the program first.  Started by its index in Config::scripts.
struct Script {
  std::vector<std::string> arguments;  // at least the program
  std::string user, group;             // empty: the default user
  Position position;
  friend bool operator==(const Script&, const Script&) = default;
};
using ScriptIndex = std::uint32_t;

}  // namespace baton::config
