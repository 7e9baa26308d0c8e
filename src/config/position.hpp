// position.hpp - where in the configuration a word stands.
#pragma once

#include <compare>
#include <cstdint>

namespace baton::config {

/// Line and column count from 1, in octets; 0 means unknown.  `file` is what Diagnostics::add_file gave.
struct Position {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// How far apart the stops of a tabulator are where text is shown.
inline constexpr std::uint32_t kTabColumns = 8;

}  // namespace baton::config
