// reload.hpp - a configuration from its file: read, parsed, held against the machine, judged.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "config/load.hpp"
#include "daemon/messages.hpp"
#include "daemon/options.hpp"

namespace baton::daemon {

using config::Loaded;

/// What is wrong with the files or in them is in the diagnostics, whose refusal() says whether a daemon may start on
/// them.  A text that `is_known` is not looked at again.  `arrive` is called between reading the files and holding them
/// against the machine.
Loaded load_configuration(const Options& options, const config::IsKnown& is_known = {},
                          const std::function<void(const config::Config&)>& arrive = {});

/// What the errors say, without their places.
std::set<std::string> error_texts(const config::Diagnostics& diagnostics);

/// All diagnostics, one line each.
void log_diagnostics(const config::Diagnostics& diagnostics);

/// The configuration as it was understood, without passwords (-d).
void log_configuration(const config::Config& config);

/// The roles that have something to do.
std::set<Role> needed_roles(const Options& options, const config::Config& config);

/// `batond -t`: the exit status; messages go to standard error or into `file`.
int test_configuration(const Options& options, const std::string& file);

}  // namespace baton::daemon
