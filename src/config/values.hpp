// values.hpp - words to numbers, times, addresses, words of a list; wrong ones are reported at their place.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "config/builder.hpp"
#include "core/ip_address.hpp"

namespace baton::config {

/// Decimal digits, with a sign; absent when anything else is there or 64 bits do not hold it.
std::optional<std::int64_t> parse_integer(std::string_view text);

enum class DecimalFault : std::uint8_t { none, not_a_number, too_fine };
/// "1", "0.5", ".5", "5." to millionths; more than six decimal places are a fault, not rounded.
DecimalFault parse_decimal(std::string_view text, std::int64_t& millionths);

// The value of a line, by the grammar of its keyword.  Absent: reported, and the line has no effect.
std::optional<std::int64_t> read_integer(Builder& builder, const Line& line);
std::optional<Duration> read_seconds(Builder& builder, const Line& line);
/// The bare keyword means true.
std::optional<bool> read_boolean(Builder& builder, const Line& line);
std::optional<IpAddress> read_address(Builder& builder, const Line& line);

/// 1 to 65535, with 0 when `or_zero`.
std::optional<std::uint16_t> parse_port(std::string_view text, bool or_zero);

/// The index of the word among the choices, letters of either case alike; their number when it is none.
std::size_t choose(std::span<const std::string_view> choices, std::string_view word);

/// The candidate nearest to `text` by edit distance, letters of either case alike; empty when none is near.
std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);

/// Optimal string alignment distance (a swap of neighbours counts one), or `limit` + 1 when it is more.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// As many letters as may differ for a word of this length to count as a slip of the pen.
std::size_t slip(std::size_t length);

bool equal_ignoring_case(std::string_view a, std::string_view b);

/// "a, b or c".
std::string listed(std::span<const std::string_view> words);

}  // namespace baton::config
