// octets.hpp - packets as text in tests.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace baton::vrrp::test {

/// "45c0 0028" -> its octets; blanks are ignored.
inline std::vector<std::uint8_t> octets(std::string_view text) {
  const auto value = [](char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; };
  std::vector<std::uint8_t> result;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    result.push_back(static_cast<std::uint8_t>(value(digits[i]) * 16 + value(digits[i + 1])));
  return result;
}

inline std::string hex(std::span<const std::uint8_t> octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result;
  for (const auto octet : octets) {
    result += digits[octet >> 4U];
    result += digits[octet & 15U];
  }
  return result;
}

/// Without the blanks, to compare with hex().
inline std::string joined(std::string_view text) {
  return hex(octets(text));
}

}  // namespace baton::vrrp::test
