// file.hpp - whole files: read them, and put new text into the place of the old in one step.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace baton::ctl {

/// Everything up to the end, at most config::kMaxTextSize octets.
Result<std::string> read_all(int file);
/// A regular file.
Result<std::string> read_file(const std::string& path);
bool write_all(int file, std::string_view text);

/// Puts a new file into the place of `path`, with its owner, group and mode, so that at no time there is half a file.
/// Refuses symbolic links, files with other names, and a file that no longer holds `before`.
Result<void> replace_file(const std::string& path, std::string_view before, std::string_view after);

}  // namespace baton::ctl
