// excerpt.hpp - a line of a strange file made fit to show, and the caret under a word of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace baton::config {

/// Octets that a terminal would act on (controls, invalid UTF-8, marks that reorder text) become \xNN.
std::string printable(std::string_view text);

struct Excerpt {
  std::string line;       // about kExcerptColumns of it, tabs as blanks; "..." where it is cut
  std::string underline;  // ^~~~ below the word
};
inline constexpr std::size_t kExcerptColumns = 110;

/// `column` counts octets from 1, `length` in octets; both may point outside the line.
Excerpt excerpt(std::string_view line, std::uint32_t column, std::uint32_t length);

}  // namespace baton::config
