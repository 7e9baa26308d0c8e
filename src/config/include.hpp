// include.hpp - include and its variants: which files a pattern means, and what is an error about them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/files.hpp"

namespace baton::config {

/// What of an include that does not find its files is an error, where a message is enough otherwise.
struct IncludePolicy {
  bool readable = false;  // a file that matches is a directory, executable or cannot be read
  bool match = false;     // a file that is named without wildcards is missing
  bool wildcard = false;  // nothing matches a pattern with wildcards
  bool brace = false;     // one of {a,b} is missing
  friend bool operator==(const IncludePolicy&, const IncludePolicy&) = default;
};
inline constexpr IncludePolicy kAllChecks = {true, true, true, true};

/// include, includer, includem, includew, includeb, includea: what it adds to the policy in force; absent for another
/// word.
std::optional<IncludePolicy> include_policy(std::string_view word);
IncludePolicy combined(IncludePolicy a, IncludePolicy b);
/// "include_check +match -brace_match": the words after it, applied to the policy in force.
IncludePolicy include_check(IncludePolicy policy, std::string_view words);

struct Found {
  std::vector<std::string> names;  // in the order of reading
  bool is_complete = true;         // false: say `what`
  bool is_error = false;           // under the policy
  std::string what;
};

/// The files of a pattern with *, ?, [ ] and {a,b}; a relative one is taken in `folder` ("" or with a / at its end).
Found find_files(const std::string& pattern, const std::string& folder, IncludePolicy policy, const Files& files);

/// "/etc/baton/" of "/etc/baton/a.conf", "" of "a.conf".
std::string folder_of(const std::string& path);

}  // namespace baton::config
