// files.hpp - what reading a configuration asks of the machine, and the limits of what is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::config {

/// keepalived skips all that is not a readable, regular file without an execute bit.
enum class FileFault : std::uint8_t { none, missing, directory, not_regular, executable, unreadable, too_long };

struct FileText {
  std::string text;
  FileFault fault = FileFault::none;
  std::string reason;  // "cannot be opened: No such file or directory"
};

/// The daemon supplies them; what is left empty finds nothing.
struct Files {
  std::function<FileText(const std::string& path)> read;
  /// The files that match a pattern of *, ? and [ ], sorted.
  std::function<std::vector<std::string>(const std::string& pattern)> match;
  /// Without links, "." and ".."; absent when there is no such file or folder.
  std::function<std::optional<std::string>(const std::string& path)> canonical;
  std::function<std::optional<std::string>(const std::string& name)> environment;
  std::function<std::uint64_t()> random;
};

/// What bounds time and memory, whatever the files hold.
struct Limits {
  /// Of all files together, each as often as it is read, and of the text they make.  300,000 virtual servers of four
  /// real servers need 100 MB.
  std::size_t text = std::size_t{256} << 20U;
  /// Lines that definitions, ~SEQ and ~LST make.  The largest example of keepalived's manual makes one million.
  std::size_t made_lines = 2'000'000;
  /// Of ${NAME} by its value: several in each of these lines.
  std::size_t replacements = 16'000'000;
  /// In one line: it may have 1023 octets in the end, so that it has no more references than that.
  std::size_t replacements_in_line = 1'000;
  /// A folder with a file for each service.
  std::size_t files = 20'000;
  /// One inside the other: a tree of folders is never that deep.
  std::size_t depth = 50;
  std::size_t definitions = 200'000;
  /// Files, definitions of several lines and repetitions, one inside the other.
  std::size_t nesting = 200;
};

struct LoadSettings {
  std::string config_id;      // -i; the lines after @id are for it
  bool all_includes = false;  // -e: every include must find its file
  Limits limits;
};

}  // namespace baton::config
