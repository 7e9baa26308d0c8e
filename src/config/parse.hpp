// parse.hpp - configuration text to Config and diagnostics; the door of this folder.
#pragma once

#include <cstddef>
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

/// More is no configuration; positions count lines in 32 bits.
inline constexpr std::size_t kMaxTextSize = std::size_t{256} << 20U;

/// Reads all of `text` in one pass; never throws, never stops at the first mistake.  `file_name` appears in
/// diagnostics. What is wrong is left out of the Config as keepalived would leave it out; what survives is fit to run.
/// diagnostics.refusal() says whether a daemon may start on it.
Parsed parse(std::string_view text, std::string file_name);

/// The same for a text that has been expanded: `diagnostics` knows where its lines come from.
Parsed parse(std::string_view text, Diagnostics diagnostics);

/// The outcome for a file that cannot be read: an error of status 6 on which no daemon starts.
Parsed unreadable(std::string file_name, std::string reason);

/// What only the machine can tell; the daemon supplies it.  What is left empty is not asked.
struct Environment {
  std::function<bool(std::string_view)> interface_exists;
  std::function<bool(std::string_view)> executable_exists;  // absolute path, or a bare name looked up in PATH
  std::function<bool(std::string_view)> user_exists;
  std::function<bool(std::string_view)> group_exists;
  /// Why somebody who is not root could have changed the program; empty: nobody could.
  std::function<std::string(std::string_view)> insecurity;
};

/// Adds the diagnostics that need the machine: missing interfaces, scripts, script security.  Disables every script
/// that must not be run, whatever it is for.
void check_environment(const Environment& environment, Parsed& parsed);

}  // namespace baton::config
