// format_command.hpp - `batonctl format`: files in, laid out files or a verdict out.
#pragma once

#include <string>
#include <vector>

namespace baton::ctl {

inline constexpr int kWouldChange = 1;  // --check found a file that is not laid out
inline constexpr int kTrouble = 2;      // a file that cannot be read, written or laid out; a bad command line

struct FormatRequest {
  std::vector<std::string> files;  // none: standard input
  bool is_check = false;
  bool is_in_place = false;
};

/// Open files; the caller's.
struct Streams {
  int input;
  int output;
  int errors;
};

/// Goes through all files, also after one that fails, and returns the worst exit status.  A file is replaced only if
/// what it says stays the same to the letter of the dump.
int run_format(const FormatRequest& request, Streams streams);

}  // namespace baton::ctl
