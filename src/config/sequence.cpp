#include "config/sequence.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "config/written_line.hpp"

namespace baton::config {
namespace {

/// Parts between commas that are not in braces, without the blanks around them.
std::vector<std::string_view> split_parts(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  bool is_braced = false;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '{') is_braced = true;
    if (i < text.size() && text[i] == '}') is_braced = false;
    if (i < text.size() && (text[i] != ',' || is_braced)) continue;
    parts.push_back(trimmed(text.substr(start, i - start)));
    start = i + 1;
  }
  return parts;
}

/// The parts of {a,b}, or the one that is not in braces.
std::vector<std::string_view> unbraced(std::string_view part) {
  if (part.size() < 2 || part.front() != '{' || part.back() != '}') return {part};
  return split_parts(part.substr(1, part.size() - 2));
}

/// As C reads it: 0x begins hexadecimal, 0 octal.
bool parse_number(std::string_view text, std::int64_t& value) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    base = 16;
    text.remove_prefix(2);
  } else if (text.size() > 1 && text.starts_with('0')) {
    base = 8;
  }
  std::uint32_t magnitude = 0;  // 32 bits are more than an address has octets for
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  value = is_negative ? -std::int64_t{magnitude} : std::int64_t{magnitude};
  return true;
}

bool is_name(std::string_view text) {
  return !text.empty() && starts_name(text.front()) && std::ranges::all_of(text, is_in_name);
}

}  // namespace

std::optional<SequenceHeader> sequence_header(std::string_view text) {
  if (!text.starts_with("~SEQ") && !text.starts_with("~LST")) return std::nullopt;
  SequenceHeader header;
  const std::size_t word = text.starts_with("~SEQx") ? 5 : 4;
  header.word = text.substr(1, word - 1);
  const std::size_t open = skip_blanks(text, word);
  if (open >= text.size() || text[open] != '(') return std::nullopt;
  const std::size_t close = text.find(')', open);
  if (close == std::string_view::npos) return std::nullopt;
  header.arguments = open + 1;
  header.end = close + 1;
  return header;
}

Result<Sequence> Sequence::parse(std::string_view word, std::string_view arguments) {
  Sequence sequence;
  sequence.word_ = "~" + std::string(word);
  sequence.is_hexadecimal_ = word == "SEQx";
  const std::vector<std::string_view> parts = split_parts(arguments);
  for (const std::string_view name : word == "LST" ? unbraced(parts.front()) : std::vector{parts.front()}) {
    if (!is_name(name)) return failure("the first argument must be the name of a variable");
    sequence.names_.emplace_back(name);
  }
  const auto done = word == "LST" ? sequence.parse_list(parts) : sequence.parse_numbers(parts);
  if (!done) return failure(done.error().message);
  return sequence;
}

Result<void> Sequence::parse_numbers(const std::vector<std::string_view>& parts) {
  if (parts.size() < 2 || parts.size() > 4) return failure("it takes a variable and one to three numbers");
  std::array<std::int64_t, 3> numbers{};
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (!parse_number(parts[i], numbers.at(i - 1)))
      return failure("'" + std::string(parts[i].substr(0, 60)) + "' is no number that 32 bits hold");
  const std::int64_t last = numbers.at(parts.size() - 2);
  first_ = parts.size() == 2 ? (last < 0 ? -1 : 1) : numbers[0];
  step_ = parts.size() == 4 ? numbers[1] : last < first_ ? -1 : 1;
  if (step_ == 0 || (last != first_ && (last > first_) != (step_ > 0)))
    return failure("steps of " + std::to_string(step_) + " never lead from " + std::to_string(first_) + " to " +
                   std::to_string(last));
  if (is_hexadecimal_ && (first_ < 0 || last < 0)) return failure("hexadecimal numbers have no sign");
  count_ = static_cast<std::uint64_t>((last - first_) / step_) + 1;
  return {};
}

Result<void> Sequence::parse_list(const std::vector<std::string_view>& parts) {
  if (parts.size() < 2) return failure("it takes a variable and at least one value");
  for (std::size_t i = 1; i < parts.size(); ++i) {
    std::vector<std::string> row;
    for (const std::string_view value : unbraced(parts[i])) {
      if (std::ranges::any_of(value, is_blank)) return failure("a value cannot hold a blank");
      row.emplace_back(value);
    }
    row.resize(names_.size());
    values_.push_back(std::move(row));
  }
  count_ = values_.size();
  return {};
}

std::string Sequence::value(std::uint64_t index, std::size_t variable) const {
  if (!values_.empty()) return values_[index][variable];
  const std::int64_t number = first_ + static_cast<std::int64_t>(index) * step_;
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, is_hexadecimal_ ? 16 : 10).ptr;
  return {digits.data(), end};
}

std::string Sequence::description(std::uint64_t index) const {
  std::string text = word_ + ", where ";
  for (std::size_t i = 0; i < names_.size(); ++i)
    text += (i > 0 ? " and " : "") + names_[i] + " is " + value(index, i);
  return text;
}

}  // namespace baton::config
