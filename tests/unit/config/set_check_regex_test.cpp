#include <doctest/doctest.h>

#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

/// The url with these lines (from line 9), and what was said about them besides "not active yet".
HttpUrl url(std::string_view lines, std::string_view expected = "") {
  const Parsed parsed = read(check("HTTP_GET", "url {\npath /\n" + std::string(lines) + "\n}"));
  std::string remarks;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active) remarks += d.text + "\n";
  CHECK(remarks == expected);
  CHECK(parsed.diagnostics.exit_status() == 0);
  return only<HttpCheck>(parsed).urls.at(0);
}

TEST_CASE("a pattern and all that goes with it") {
  const HttpUrl all =
      url("regex \"up (and|or) running{1,2}\"\nregex_options caseless dotall\nregex_options utf\nregex_no_match\n"
          "regex_min_offset 5\nregex_max_offset 4294967295\nregex_stack 32768 524288");
  CHECK(all.regex == "up (and|or) running{1,2}");
  CHECK(all.regex_options.count() == 3);
  CHECK(all.regex_options.test(3));  // caseless
  CHECK(all.regex_no_match);
  CHECK(all.regex_min_offset == 5);
  CHECK(all.regex_max_offset == 4294967295U);
  CHECK(all.regex_stack == RegexStack{32768, 524288});
}

TEST_CASE("an option that is none is ignored, as keepalived does without a word") {
  CHECK(url("regex x\nregex_options caseles dotall foo",
            "'caseles' is no regex option: it is ignored\n'foo' is no regex option: it is ignored\n")
            .regex_options.count() == 1);
}

TEST_CASE("a pattern that is none") {
  CHECK(url("regex", "'regex' lacks its pattern: the line is ignored\n").regex.empty());
  CHECK(url("regex \"\"", "'regex' lacks its pattern: the line is ignored\n").regex.empty());
  CHECK(url("regex a b", "'b' is ignored: 'regex' takes one value\n").regex == "a");
}

TEST_CASE("options without a pattern, and offsets that exclude each other") {
  url("regex_options utf\nregex_no_match", "the url has no regex: this line has no effect\n");
  url("regex x\nregex_min_offset 6\nregex_max_offset 5",
      "regex_max_offset 5 is below regex_min_offset 6: the pattern is found nowhere\n");
  url("regex x\nregex_min_offset 5\nregex_max_offset 5");
}

TEST_CASE("numbers that are none leave the default") {
  for (const char* wrong : {"", " abc", " -1", " 4294967296", " 5x"}) {
    CHECK(url("regex x\nregex_min_offset" + std::string(wrong),
              "regex_min_offset is a number of octets: the line is ignored\n")
              .regex_min_offset == 0);
    CHECK_FALSE(url("regex x\nregex_max_offset" + std::string(wrong),
                    "regex_max_offset is a number of octets: the line is ignored\n")
                    .regex_max_offset.has_value());
  }
  for (const char* wrong : {"", " 1", " 2 1", " a 1", " 1 b", " 0 0"})
    CHECK_FALSE(url("regex x\nregex_stack" + std::string(wrong),
                    "regex_stack is two numbers of octets, the first one the lesser\n")
                    .regex_stack.has_value());
}

}  // namespace
}  // namespace baton::config
