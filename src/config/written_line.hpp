// written_line.hpp - one line on its way through the preprocessor, with the places that its octets come from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/source_map.hpp"

namespace baton::config {

struct WrittenLine {
  std::string text;
  WrittenAt from;
  std::uint32_t context = 0;
  std::vector<Segment> segments;  // none: column for column
  std::uint32_t expanded = 0;     // the line of the expanded text that stands for it; 0: none yet
};

/// What follows the first `begin` octets.
WrittenLine tail_of(const WrittenLine& line, std::size_t begin);

/// The column of the file in which an octet of the line is written.
std::uint32_t written_column(const WrittenLine& line, std::size_t octet);

/// Some octets of a line that something else stands for.
struct Replaced {
  std::size_t begin = 0, end = 0;          // in the line as it was
  std::size_t new_begin = 0, new_end = 0;  // in the line as it is
  std::uint32_t definition = 0;
};

/// The segments of a line that had `before`, when `replaced` (in order) was done to it.
std::vector<Segment> compose(const std::vector<Segment>& before, const std::vector<Replaced>& replaced);

// What keepalived takes for a name, and for blanks.
constexpr bool starts_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
constexpr bool is_in_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9');
}
constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}
constexpr bool is_comment(char c) {
  return c == '#' || c == '!';
}
std::size_t skip_blanks(std::string_view text, std::size_t at = 0);
std::string_view trimmed(std::string_view text);
/// Whether the value of a definition goes on in the next line: a backslash ends this one, in a comment or not.
bool is_continued(std::string_view line);

/// The longest line while it is expanded: what is longer than 1023 octets in the end is the lexer's to report.
inline constexpr std::size_t kMaxExpandedLine = 4096;

/// The octets of `${...}` at `at`, where a `$` is; 0 when it is none.
std::size_t braced_reference(std::string_view text, std::size_t at);

/// Where the comment of a line begins, or its size.  `has_escapes`: \" does not end a quoted word.
std::size_t code_end(std::string_view line, bool has_escapes);

}  // namespace baton::config
