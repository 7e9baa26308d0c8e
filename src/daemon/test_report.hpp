// test_report.hpp - what `batond -t` says: for people, or with --json for programs.
#pragma once

#include <string>

#include "config/diagnostics.hpp"

namespace baton::daemon {

/// One JSON object: files, diagnostics, how many are left out, exit_status; the configuration as it was understood,
/// unless it is empty.
std::string json_report(const config::Diagnostics& diagnostics, const std::string& configuration);

/// Colours only where a terminal shows them and nobody objects (NO_COLOR).
config::Style style_for(int output);

}  // namespace baton::daemon
