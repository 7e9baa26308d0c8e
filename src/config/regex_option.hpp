// regex_option.hpp - the words of regex_options, and sets of them.
#pragma once

#include <array>
#include <bitset>
#include <string_view>

namespace baton::config {

/// PCRE2's options by the names that keepalived gives them; an option is its index here.
inline constexpr auto kRegexOptionNames = std::to_array<std::string_view>({"allow_empty_class", "alt_bsux",
                                                                           "auto_callout",      "caseless",
                                                                           "dollar_endonly",    "dotall",
                                                                           "dupnames",          "extended",
                                                                           "firstline",         "match_unset_backref",
                                                                           "multiline",         "never_ucp",
                                                                           "never_utf",         "no_auto_capture",
                                                                           "no_auto_possess",   "no_dotstar_anchor",
                                                                           "no_start_optimize", "ucp",
                                                                           "ungreedy",          "utf",
                                                                           "never_backslash_c", "alt_circumflex",
                                                                           "alt_verbnames",     "use_offset_limit"});

using RegexOptions = std::bitset<kRegexOptionNames.size()>;

}  // namespace baton::config
