// options_text.hpp - what batond says about itself on the command line.
#pragma once

#include <string>
#include <string_view>

namespace baton::daemon {

std::string_view help_text();
/// "Baton v0.1.0" and the kernel it runs on.
std::string version_text();

}  // namespace baton::daemon
