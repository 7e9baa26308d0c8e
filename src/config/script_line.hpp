// script_line.hpp - the command, user and group of a notify script, with the quotes and escapes that only such lines
// have.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace baton::config {

struct ScriptLine {
  std::vector<std::string> arguments;  // the program first; empty when there is a fault
  std::string user, group;
  std::string_view surplus;  // what follows the group
  std::string_view fault;    // why there is no script; empty: none
};

/// `text` is the line after its keyword.  `"command arguments"` or one bare word, then user and group.  Inside the
/// quotes escapes are resolved first, then ' and " group words and escapes are resolved once more, as keepalived does.
ScriptLine parse_script_line(std::string_view text);

}  // namespace baton::config
