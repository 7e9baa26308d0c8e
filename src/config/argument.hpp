// argument.hpp - what may follow a keyword: kind, range, unit; as data, so that the parser and the manual read the
// same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace baton::config {

struct Argument {
  enum class Kind : std::uint8_t { none, boolean, integer, decimal, address, word, text, script, block, list };

  Kind kind = Kind::none;
  std::string_view words = {};  // word, text: the grammar; block: what stands before the brace; list: one entry
  std::int64_t minimum = 0;     // integer: itself; decimal: millionths
  std::int64_t maximum = 0;
  std::string_view unit = {};  // "s"
  bool is_optional = false;    // the bare keyword is enough
  bool is_lenient = false;     // keepalived reports a missing word where it otherwise ends at once with status 2
  bool may_repeat = false;     // several lines add up; of others the last one counts

  /// Words that must follow the keyword, and that may.
  [[nodiscard]] constexpr std::size_t fewest() const {
    if (is_optional || kind == Kind::none || kind == Kind::boolean || kind == Kind::list) return 0;
    return kind == Kind::block && words.empty() ? 0 : 1;
  }
  [[nodiscard]] constexpr std::size_t most() const {
    switch (kind) {
      case Kind::none:
      case Kind::list: return 0;
      case Kind::text:
      case Kind::script: return std::numeric_limits<std::size_t>::max();
      case Kind::block: return words.empty() ? 0 : std::numeric_limits<std::size_t>::max();
      default: return 1;
    }
  }
  /// Whether a `{` follows.
  [[nodiscard]] constexpr bool has_block() const { return kind == Kind::block || kind == Kind::list; }

  /// "<int:1-255>", "[on|off|true|false|yes|no]", "{ <ip> }": as the manual prints it.
  [[nodiscard]] std::string grammar() const;
  /// "1 to 255 s": for diagnostics.
  [[nodiscard]] std::string range() const;
  /// "MASTER", "BACKUP": the words of a grammar that is a choice.
  [[nodiscard]] std::vector<std::string_view> choices() const;
  /// The place of exactly this word among them.
  [[nodiscard]] std::optional<std::size_t> choice(std::string_view word) const;
};

/// Upper ends that stand for "no limit": what 32 bits hold, as a number and as seconds (136 years).
inline constexpr std::int64_t kUnlimited = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::int64_t kUnlimitedSeconds = kUnlimited * 1'000'000;

constexpr Argument none() {
  return {};
}
constexpr Argument boolean() {
  return {.kind = Argument::Kind::boolean};
}
constexpr Argument integer(std::int64_t minimum, std::int64_t maximum, std::string_view unit = "") {
  return {.kind = Argument::Kind::integer, .minimum = minimum, .maximum = maximum, .unit = unit};
}
/// Seconds with up to six fraction digits; the range in microseconds.
constexpr Argument seconds(std::int64_t minimum, std::int64_t maximum) {
  return {.kind = Argument::Kind::decimal, .minimum = minimum, .maximum = maximum, .unit = "s"};
}
constexpr Argument address() {
  return {.kind = Argument::Kind::address};
}
/// One word: `<if>`, `MASTER|BACKUP`.
constexpr Argument word(std::string_view grammar) {
  return {.kind = Argument::Kind::word, .words = grammar};
}
/// Several words with a grammar of their own.
constexpr Argument text(std::string_view grammar) {
  return {.kind = Argument::Kind::text, .words = grammar};
}
constexpr Argument script() {
  return {.kind = Argument::Kind::script};
}
constexpr Argument block(std::string_view header = "") {
  return {.kind = Argument::Kind::block, .words = header};
}
constexpr Argument list(std::string_view entry) {
  return {.kind = Argument::Kind::list, .words = entry};
}
constexpr Argument optional(Argument argument) {
  argument.is_optional = true;
  return argument;
}
constexpr Argument lenient(Argument argument) {
  argument.is_lenient = true;
  return argument;
}
constexpr Argument repeated(Argument argument) {
  argument.may_repeat = true;
  return argument;
}

/// "0.01", "255": millionths as a decimal number without needless zeros.
std::string decimal(std::int64_t millionths);

}  // namespace baton::config
