#include "config/values.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <limits>

namespace baton::config {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Digits only, empty counts as 0; false when they do not fit.
bool digits(std::string_view text, std::int64_t& value) {
  value = 0;
  for (const char c : text) {
    if (!is_digit(c) || value > (std::numeric_limits<std::int64_t>::max() - 9) / 10) return false;
    value = value * 10 + (c - '0');
  }
  return true;
}

void out_of_range(Builder& builder, const Line& line, std::string_view also = "") {
  const Word& word = line.first();
  builder.error(
      word.place,
      concat(line.keyword->name, " must be ", also, line.keyword->argument.range(), ", not ", quoted(word.text)),
      "the line is ignored");
}

constexpr std::array<std::string_view, 6> kBooleans = {"on", "true", "yes", "off", "false", "no"};

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t value = 0;
  if (text.empty() || !digits(text, value)) return std::nullopt;
  return is_negative ? -value : value;
}

DecimalFault parse_decimal(std::string_view text, std::int64_t& millionths) {
  constexpr std::size_t kPlaces = 6;
  const bool is_negative = text.starts_with('-');
  if (is_negative || text.starts_with('+')) text.remove_prefix(1);
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string_view whole_part = text.substr(0, point);
  const std::string_view fraction_part = text.substr(std::min(point + 1, text.size()));
  std::int64_t whole = 0;
  std::int64_t fraction = 0;
  if (whole_part.empty() && fraction_part.empty()) return DecimalFault::not_a_number;
  if (!digits(whole_part, whole) || !std::ranges::all_of(fraction_part, is_digit)) return DecimalFault::not_a_number;
  if (fraction_part.size() > kPlaces) return DecimalFault::too_fine;
  std::string padded(fraction_part);
  padded.resize(kPlaces, '0');
  digits(padded, fraction);
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1'000'000 - 1;
  millionths = std::min(whole, kMost) * 1'000'000 + fraction;  // far beyond every range: which one does not matter
  if (is_negative) millionths = -millionths;
  return DecimalFault::none;
}

std::optional<std::int64_t> read_integer(Builder& builder, const Line& line) {
  const Argument& argument = line.keyword->argument;
  const auto value = parse_integer(line.first().text);
  if (value && *value >= argument.minimum && *value <= argument.maximum) return value;
  out_of_range(builder, line, value ? "" : "a whole number, ");
  return std::nullopt;
}

std::optional<Duration> read_seconds(Builder& builder, const Line& line) {
  const Argument& argument = line.keyword->argument;
  std::int64_t microseconds = 0;
  switch (parse_decimal(line.first().text, microseconds)) {
    case DecimalFault::not_a_number: out_of_range(builder, line, "a number, "); return std::nullopt;
    case DecimalFault::too_fine:
      builder.error(line.first().place, concat(line.keyword->name, " has more than six decimal places"),
                    "the line is ignored");
      return std::nullopt;
    case DecimalFault::none: break;
  }
  if (microseconds >= argument.minimum && microseconds <= argument.maximum)
    return std::chrono::microseconds(microseconds);
  out_of_range(builder, line);
  return std::nullopt;
}

std::optional<bool> read_boolean(Builder& builder, const Line& line) {
  if (!line.has_value()) return true;
  const auto found = std::ranges::find(kBooleans, line.first().text);
  if (found != kBooleans.end()) return found - kBooleans.begin() < 3;
  builder.error(line.first().place,
                concat(line.keyword->name, " takes ", listed(kBooleans), ", not ", quoted(line.first().text)),
                "the line is ignored; these words are in small letters");
  return std::nullopt;
}

std::optional<IpAddress> read_address(Builder& builder, const Line& line) {
  const auto address = IpAddress::parse(line.first().text);
  if (!address)
    builder.error(line.first().place, concat(line.keyword->name, ": ", quoted(line.first().text), " is no IP address"),
                  "the line is ignored");
  return address;
}

std::optional<std::uint16_t> parse_port(std::string_view text, bool or_zero) {
  const auto value = parse_integer(text);
  if (!value || *value < (or_zero ? 0 : 1) || *value > std::numeric_limits<std::uint16_t>::max()) return std::nullopt;
  return static_cast<std::uint16_t>(*value);
}

std::size_t choose(std::span<const std::string_view> choices, std::string_view word) {
  const auto found =
      std::ranges::find_if(choices, [&](std::string_view choice) { return equal_ignoring_case(choice, word); });
  return static_cast<std::size_t>(found - choices.begin());
}

std::size_t slip(std::size_t length) {
  return length < 3 ? 0 : length < 5 ? 1 : length < 9 ? 2 : 3;
}

namespace {

/// Which letters occur, of either case alike.
std::uint64_t letters_of(std::string_view text) {
  std::uint64_t letters = 0;
  for (const char c : text)
    letters |= std::uint64_t{1} << (static_cast<unsigned char>(lower(c)) % 64U);
  return letters;
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit) {
  constexpr std::size_t kLongest = 64;
  const std::size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit || a.size() >= kLongest || b.size() >= kLongest) return limit + 1;
  // One edit takes at most one letter away and brings one.
  const auto letters = static_cast<std::size_t>(std::popcount(letters_of(a) ^ letters_of(b)));
  if (letters > 2 * limit) return limit + 1;
  std::array<std::array<std::size_t, kLongest>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j)
    rows[0].at(j) = j;
  std::size_t least_above = 0;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows.at(i % 3);
    const auto& above = rows.at((i - 1) % 3);
    const auto& above_that = rows.at((i + 1) % 3);
    row[0] = i;
    std::size_t least = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool is_same = lower(a[i - 1]) == lower(b[j - 1]);
      row.at(j) = std::min({above.at(j) + 1, row.at(j - 1) + 1, above.at(j - 1) + (is_same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
        row.at(j) = std::min(row.at(j), above_that.at(j - 2) + 1);
      least = std::min(least, row.at(j));
    }
    if (least > limit && least_above > limit) return limit + 1;  // a swap reaches over one row
    least_above = least;
  }
  return std::min(rows.at(a.size() % 3).at(b.size()), limit + 1);
}

std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates) {
  std::string_view best;
  std::size_t least = slip(text.size()) + 1;
  for (const std::string_view candidate : candidates) {
    const std::size_t distance = edit_distance(text, candidate, least);
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

std::string listed(std::span<const std::string_view> words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

}  // namespace baton::config
