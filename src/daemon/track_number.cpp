#include "daemon/track_number.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

namespace baton::daemon {

std::optional<std::int32_t> track_number(std::string_view text) {
  using Limits = std::numeric_limits<std::int32_t>;
  constexpr std::string_view kBlanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return 0;
  text.remove_prefix(first);
  text.remove_suffix(text.size() - 1 - text.find_last_not_of(kBlanks));
  const bool is_negative = text.front() == '-';
  if (text.front() == '+' || is_negative) text.remove_prefix(1);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty() || error == std::errc::invalid_argument) return std::nullopt;
  if (error == std::errc::result_out_of_range || value > std::uint64_t{1} << 31U) value = std::uint64_t{1} << 31U;
  const auto number = is_negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(number, Limits::min(), Limits::max()));
}

}  // namespace baton::daemon
