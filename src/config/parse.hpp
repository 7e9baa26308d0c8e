// parse.hpp - configuration text to Config and diagnostics; the door of this folder.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "config/diagnostics.hpp"
#include "config/model.hpp"

namespace baton::config {

struct Parsed {
  Config config;
  Diagnostics diagnostics;
};

/// Reads all of `text` in one pass; never throws, never stops at the first mistake.  `file_name` appears in
/// diagnostics. What is wrong is left out of the Config as keepalived would leave it out; what survives is fit to run.
Parsed parse(std::string_view text, std::string file_name);

/// What only the machine can tell; the daemon supplies it.
struct Environment {
  std::function<bool(std::string_view)> interface_exists;
  std::function<bool(std::string_view)> executable_exists;  // absolute path, or a bare name looked up in PATH
};

/// Adds the diagnostics that need the machine: missing interfaces, scripts, script security.
void check_environment(const Environment& environment, Parsed& parsed);

}  // namespace baton::config
