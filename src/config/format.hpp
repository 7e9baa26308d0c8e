// format.hpp - configuration text laid out anew: four blanks for each block, one statement on a line.
#pragma once

#include <string>
#include <string_view>

#include "config/diagnostics.hpp"

namespace baton::config {

struct Formatted {
  std::string text;         // empty when there are errors
  Diagnostics diagnostics;  // errors only: why the text cannot be laid out
};

/// Comments stay, and of several blank lines one.  Lines of the preprocessor (include, definitions, @id, ~SEQ, ~LST)
/// stay as they are but for their indentation.  The meaning does not change, and what is laid out is not changed by a
/// second time.  Refused: braces or quotes that do not match, and what would mean something else on a line of its own.
Formatted format(std::string_view text, std::string file_name);

}  // namespace baton::config
