// regex_search.hpp - looks for a pattern in a body that comes in pieces, in bounded memory and steps (sans-I/O).
//
// PCRE2 without its compiler to machine code: that needs memory that is writable and executable, which a hardened unit
// forbids, and whose limits on steps are loose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "checkers/spec.hpp"

struct pcre2_real_code_8;

namespace baton::checkers {

/// A compiled pattern; built once, used by every probe of a check.
class Regex {
 public:
  /// A pattern that cannot be compiled has an error().
  explicit Regex(const RegexSpec& spec);
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  /// "missing closing parenthesis at 1"; empty: none.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  friend class RegexSearch;
  pcre2_real_code_8* code_ = nullptr;
  std::string error_;
  RegexSpec spec_;
  std::size_t lookbehind_ = 1;  // octets before a place that decide whether it matches; at least one
};

/// The compile option that regex_options calls by this name; 0: unknown.
std::uint32_t regex_option(std::string_view name);

/// Octets that a match may span: what a search keeps of the body, beside one piece.
inline constexpr std::size_t kMaxMatch = std::size_t{64} << 10U;

class RegexSearch {
 public:
  enum class State : std::uint8_t { searching, found, absent, failed };

  /// `regex` outlives the search.
  explicit RegexSearch(const Regex& regex);
  ~RegexSearch();
  RegexSearch(const RegexSearch&) = delete;
  RegexSearch& operator=(const RegexSearch&) = delete;

  /// The next octets; anything but `searching` is final.
  State receive(std::span<const std::byte> bytes);
  /// There are no more.
  State finish();
  /// Why the search failed: a match that is too long, or too many steps.
  [[nodiscard]] const char* error() const { return error_; }

 private:
  struct Block;  // keeps PCRE2 out of this header

  State search(bool last);
  State keep_from(std::size_t place);

  const Regex& regex_;
  std::unique_ptr<Block> block_;
  std::string window_;        // of the body; at most kMaxMatch, the lookbehind and a piece
  std::uint64_t before_ = 0;  // octets of the body before the window
  std::size_t start_ = 0;     // where in the window the search goes on
  std::size_t fresh_ = 0;     // octets that have not been searched
  State state_ = State::searching;
  const char* error_ = "";
};

}  // namespace baton::checkers
