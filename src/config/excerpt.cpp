#include "config/excerpt.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "config/position.hpp"

namespace baton::config {
namespace {

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

/// Whether a terminal only shows it: not a control, not a mark that reorders or hides text.
bool is_shown(std::uint32_t point) {
  if (point < 0x20 || (point >= 0x7f && point < 0xa0)) return false;
  if (point >= 0xd800 && point < 0xe000) return false;
  return point != 0x061c && (point < 0x200b || point > 0x200f) && (point < 0x2028 || point > 0x202e) &&
         (point < 0x2060 || point > 0x206f) && point != 0xfeff && point < 0xe0000;
}

/// Octets of the character at the start of `text`, or 0 when they are no valid UTF-8 or not to be shown.
std::size_t character(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  if (first < 0x80) return is_shown(first) ? 1 : 0;
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < size) return 0;
  std::uint32_t point = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if (!is_continuation(text[i])) return 0;
    point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3fU);
  }
  constexpr std::array<std::uint32_t, 5> kLeast = {0, 0, 0x80, 0x800, 0x10000};
  return point >= kLeast.at(size) && is_shown(point) ? size : 0;
}

std::string escaped(char c) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const auto octet = static_cast<unsigned char>(c);
  return {'\\', 'x', kHex[octet >> 4U], kHex[octet & 0xfU]};
}

/// Appends the character at the start of `text` to `out`; returns its octets and adds its width to `columns`.
std::size_t show(std::string_view text, std::string& out, std::size_t& columns) {
  const std::size_t size = character(text);
  if (size > 0) {
    out += text.substr(0, size);
    columns += 1;
    return size;
  }
  out += escaped(text.front());
  columns += 4;
  return 1;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::size_t columns = 0;
  while (!text.empty())
    text.remove_prefix(show(text, out, columns));
  return out;
}

Excerpt excerpt(std::string_view line, std::uint32_t column, std::uint32_t length) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
    line.remove_suffix(1);
  const std::size_t word = std::min<std::size_t>(column > 0 ? column - 1 : 0, line.size());
  const std::size_t word_end = std::min<std::size_t>(word + std::max(length, 1U), line.size());
  std::size_t from = line.size() <= kExcerptColumns || word < kExcerptColumns / 2 ? 0 : word - kExcerptColumns / 2;
  while (from > 0 && is_continuation(line[from]))
    --from;
  Excerpt out;
  std::size_t columns = 0;
  if (from > 0) {
    out.line = "...";
    columns = out.line.size();
  }
  std::size_t start = columns;
  std::size_t end = columns;
  std::size_t at = from;
  while (at < line.size() && columns < kExcerptColumns) {
    if (at <= word) start = columns;
    if (line[at] == '\t') {
      const std::size_t blanks = kTabColumns - columns % kTabColumns;
      out.line.append(blanks, ' ');
      columns += blanks;
      ++at;
    } else {
      at += show(line.substr(at), out.line, columns);
    }
    if (at <= word_end) end = columns;
  }
  if (word >= at) start = columns;
  if (at < line.size()) out.line += "...";
  out.underline = std::string(start, ' ') + "^";
  if (end > start + 1) out.underline.append(end - start - 1, '~');
  return out;
}

}  // namespace baton::config
