#include "config/excerpt.hpp"

#include <doctest/doctest.h>

namespace baton::config {
namespace {

std::string both(std::string_view line, std::uint32_t column, std::uint32_t length) {
  const Excerpt shown = excerpt(line, column, length);
  return shown.line + "\n" + shown.underline;
}

TEST_CASE("the caret stands below the word") {
  CHECK(both("  interfase eth0", 3, 9) ==
        "  interfase eth0\n"
        "  ^~~~~~~~~");
  CHECK(both("a", 1, 1) == "a\n^");
  CHECK(both("a b", 3, 1) == "a b\n  ^");
}

TEST_CASE("a place outside the line is shown at its end or beginning") {
  CHECK(both("abc", 99, 5) == "abc\n   ^");
  CHECK(both("abc", 0, 5) == "abc\n^~~");
  CHECK(both("", 1, 1) == "\n^");
  CHECK(both("abc", 2, 100) == "abc\n ^~");
  CHECK(both("abc", 2, 0) == "abc\n ^");
}

TEST_CASE("tabs become blanks, and the caret stays below the word") {
  CHECK(both("\tx y", 2, 1) == "        x y\n        ^");
  CHECK(both("ab\tx", 4, 1) == "ab      x\n        ^");
  CHECK(both("\t\tinterface\t", 3, 9) == "                interface\n                ^~~~~~~~~");
}

TEST_CASE("what a terminal would act on is shown as its octets") {
  CHECK(printable("a\x1b[31mb\x07") == "a\\x1b[31mb\\x07");
  CHECK(printable("a\tb\rc\x7f") == "a\\x09b\\x0dc\\x7f");
  CHECK(printable("\xc2\x9b"
                  "31m") == "\\xc2\\x9b31m");  // CSI in one character
  CHECK(printable("\xe2\x80\xae"
                  "x") == "\\xe2\\x80\\xaex");            // turns the reading direction
  CHECK(printable("\xef\xbb\xbf") == "\\xef\\xbb\\xbf");  // invisible
  CHECK(both("a \x1b"
             "b",
             4, 1) == "a \\x1bb\n      ^");
}

TEST_CASE("valid UTF-8 stays as it is and counts one column for each character") {
  CHECK(printable("\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xbc") ==
        "\xc3\xa9t\xc3\xa9 \xe2\x82\xac \xf0\x9f\x8e\xbc");
  CHECK(both("\xc3\xa9\xc3\xa9 x", 6, 1) == "\xc3\xa9\xc3\xa9 x\n   ^");
}

TEST_CASE("invalid UTF-8 is shown as its octets") {
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("\xc3") == "\\xc3");
  CHECK(printable("\xc3x") == "\\xc3x");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");                    // overlong
  CHECK(printable("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");           // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");           // half of a surrogate pair
  CHECK(printable("\xf5\x80\x80\x80") == "\\xf5\\x80\\x80\\x80");  // beyond Unicode
}

TEST_CASE("a long line is cut around the word") {
  const std::string line = std::string(500, 'a') + " word " + std::string(500, 'b');
  const Excerpt shown = excerpt(line, 502, 4);
  CHECK(shown.line.size() < kExcerptColumns + 10);
  CHECK(shown.line.starts_with("..."));
  CHECK(shown.line.ends_with("..."));
  const std::size_t caret = shown.underline.find('^');
  CHECK(shown.line.substr(caret, 4) == "word");
  CHECK(shown.underline.substr(caret) == "^~~~");
}

TEST_CASE("a cut never parts a character") {
  std::string line;
  for (int i = 0; i < 300; ++i)
    line += "\xe2\x82\xac";
  for (std::uint32_t column = 1; column < 900; column += 7)
    CHECK(excerpt(line, column, 3).line.find('\\') == std::string::npos);
}

TEST_CASE("however long the line and the word, what is shown is short") {
  const std::string line(100'000, '\x01');
  for (const std::uint32_t column : {1U, 50'000U, 100'000U, 4'000'000'000U}) {
    const Excerpt shown = excerpt(line, column, 4'000'000'000U);
    CHECK(shown.line.size() < 3 * kExcerptColumns);
    CHECK(shown.underline.size() < 3 * kExcerptColumns);
  }
}

}  // namespace
}  // namespace baton::config
