#include "config/values.hpp"

#include <array>

#include <doctest/doctest.h>

namespace baton::config {
namespace {

TEST_CASE("integers are decimal digits with a sign, and nothing else") {
  CHECK(parse_integer("0") == 0);
  CHECK(parse_integer("255") == 255);
  CHECK(parse_integer("+3") == 3);
  CHECK(parse_integer("010") == 10);
  CHECK(parse_integer("-1") == -1);
  CHECK(parse_integer("900000000000000000") == 900000000000000000);
  for (const char* wrong : {"", "+", "-", "1x", "x", "0x10", "1.0", " 1", "1 ", "--1", "99999999999999999999"})
    CHECK_MESSAGE(!parse_integer(wrong).has_value(), wrong);
}

std::int64_t millionths(std::string_view text) {
  std::int64_t value = 0;
  CHECK(parse_decimal(text, value) == DecimalFault::none);
  return value;
}

TEST_CASE("decimals have six places at most, and are exact") {
  CHECK(millionths("1") == 1'000'000);
  CHECK(millionths("0.5") == 500'000);
  CHECK(millionths(".5") == 500'000);
  CHECK(millionths("5.") == 5'000'000);
  CHECK(millionths("+3") == 3'000'000);
  CHECK(millionths("-0.1") == -100'000);
  CHECK(millionths("0.000001") == 1);
  CHECK(millionths("4294.967295") == 4'294'967'295);
  std::int64_t value = 0;
  for (const char* wrong : {"", ".", "1x", "1.x", "1e2", "0x10", "1.2.3", "3s"})
    CHECK_MESSAGE(parse_decimal(wrong, value) == DecimalFault::not_a_number, wrong);
  CHECK(parse_decimal("1.1234567", value) == DecimalFault::too_fine);
}

TEST_CASE("a decimal beyond every range stays beyond every range") {
  CHECK(millionths("9000000000000000000") > kUnlimitedSeconds);
  std::int64_t value = 0;
  CHECK(parse_decimal("99999999999999999999999", value) == DecimalFault::not_a_number);
}

TEST_CASE("ports are 1 to 65535, with 0 where all ports are meant") {
  CHECK(parse_port("80", false) == 80);
  CHECK(parse_port("65535", false) == 65535);
  CHECK_FALSE(parse_port("0", false));
  CHECK(parse_port("0", true) == 0);
  CHECK_FALSE(parse_port("65536", true));
  CHECK_FALSE(parse_port("http", true));
  CHECK_FALSE(parse_port("-1", true));
}

TEST_CASE("edit distance counts letters put in, left out, changed and swapped") {
  CHECK(edit_distance("weight", "weight", 3) == 0);
  CHECK(edit_distance("weigth", "weight", 3) == 1);  // swapped
  CHECK(edit_distance("interfase", "interface", 3) == 1);
  CHECK(edit_distance("inteval", "interval", 3) == 1);
  CHECK(edit_distance("kitten", "sitting", 3) == 3);
  CHECK(edit_distance("Weight", "weight", 3) == 0);  // case does not count
  CHECK(edit_distance("", "abc", 3) == 3);
  CHECK(edit_distance("abc", "", 3) == 3);
  CHECK(edit_distance("ab", "ba", 1) == 1);
}

TEST_CASE("edit distance stops at its limit") {
  CHECK(edit_distance("abcdef", "uvwxyz", 2) == 3);
  CHECK(edit_distance("a", "abcdef", 2) == 3);
  CHECK(edit_distance(std::string(100, 'a'), std::string(100, 'a'), 2) == 3);  // longer than any keyword
}

/// The definition, without limit or short cuts.
std::size_t plain_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i)
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  return d[a.size()][b.size()];
}

TEST_CASE("edit distance agrees with its definition on all words of three letters") {
  std::vector<std::string> words = {""};
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i].size() < 4)
      for (const char c : {'a', 'b', 'c'})
        words.push_back(words[i] + c);
  for (const std::string& a : words)
    for (const std::string& b : words)
      for (std::size_t limit = 0; limit <= 4; ++limit)
        REQUIRE(edit_distance(a, b, limit) == std::min(plain_distance(a, b), limit + 1));
}

TEST_CASE("the nearest word, if one is near") {
  constexpr std::array<std::string_view, 4> kWords = {"weight", "interface", "rr", "wlc"};
  CHECK(nearest("weigth", kWords) == "weight");
  CHECK(nearest("interfase", kWords) == "interface");
  CHECK(nearest("wlcc", kWords) == "wlc");
  CHECK(nearest("xx", kWords).empty());
  CHECK(nearest("something", kWords).empty());
  CHECK(nearest("", kWords).empty());
}

TEST_CASE("lists read as a sentence") {
  constexpr std::array<std::string_view, 3> kWords = {"a", "b", "c"};
  CHECK(listed(kWords) == "a, b or c");
  CHECK(listed(std::span(kWords).first(2)) == "a or b");
  CHECK(listed(std::span(kWords).first(1)) == "a");
  CHECK(listed({}).empty());
}

TEST_CASE("comparison without case") {
  CHECK(equal_ignoring_case("Tcp", "TCP"));
  CHECK_FALSE(equal_ignoring_case("TCP", "TCPX"));
  CHECK_FALSE(equal_ignoring_case("[", "{"));  // one bit apart, but no letters
}

}  // namespace
}  // namespace baton::config
