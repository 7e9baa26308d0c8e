// sequence.hpp - ~SEQ(...) and ~LST(...): the variables and the values that they take in turn.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace baton::config {

class Sequence {
 public:
  /// `word` is SEQ, SEQx or LST, `arguments` what stands between the parentheses, its references replaced.  The error
  /// says what is wrong with them.
  static Result<Sequence> parse(std::string_view word, std::string_view arguments);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  /// Of names()[variable] in repetition `index`, both from 0.
  [[nodiscard]] std::string value(std::uint64_t index, std::size_t variable) const;
  /// "~SEQ, where i is 3".
  [[nodiscard]] std::string description(std::uint64_t index) const;

 private:
  Result<void> parse_numbers(const std::vector<std::string_view>& parts);
  Result<void> parse_list(const std::vector<std::string_view>& parts);

  std::string word_;
  std::vector<std::string> names_;
  std::uint64_t count_ = 0;
  std::int64_t first_ = 0;  // ~SEQ
  std::int64_t step_ = 1;
  bool is_hexadecimal_ = false;
  std::vector<std::vector<std::string>> values_;  // ~LST: of each repetition
};

/// The octets of "~SEQ (...)" at the start of `text`, up to its ')'; absent when there is none.
struct SequenceHeader {
  std::string_view word;
  std::size_t arguments = 0;  // where they begin
  std::size_t end = 0;        // after the ')'
};
std::optional<SequenceHeader> sequence_header(std::string_view text);

}  // namespace baton::config
