#include "config/format.hpp"

#include <string>

#include <doctest/doctest.h>

namespace baton::config {
namespace {

std::string formatted(std::string_view text) {
  const Formatted result = format(text, "f");
  return result.diagnostics.has_errors() ? result.diagnostics.render_all() : result.text;
}

std::string refused(std::string_view text) {
  const Formatted result = format(text, "f");
  CHECK(result.text.empty());
  REQUIRE(!result.diagnostics.all().empty());
  return result.diagnostics.render_line(result.diagnostics.all().front());
}

TEST_CASE("four blanks for each block, one statement on a line") {
  CHECK(formatted("a {\nb   1\n\tc{d}\n }") == "a {\n    b 1\n    c {\n        d\n    }\n}\n");
  CHECK(formatted("track_script { x }\n") == "track_script {\n    x\n}\n");
  CHECK(formatted("") == "");
  CHECK(formatted("\n\n\n") == "");
}

TEST_CASE("a brace comes onto its keyword's line, whatever stands between") {
  CHECK(formatted("a\n{\n}\n") == "a {\n}\n");
  CHECK(formatted("a # one\n\n# two\n{ # three\nb\n}\n") == "a { # one\n    # two\n    # three\n    b\n}\n");
  CHECK(formatted("}\n").find("a '}' too many") != std::string::npos);
  CHECK(formatted("a#b\n{\n}\n") == "a#b\n{\n}\n");
  CHECK(formatted("a\n@x b\n{\n}\n") == "a\n@x b\n{\n}\n");
}

TEST_CASE("comments stay where they were") {
  CHECK(formatted("  # first\na   1   # same column\n! last") == "# first\na 1     # same column\n! last\n");
  CHECK(formatted("a {\n    b   # x\n    cc  # y\n}") == "a {\n    b   # x\n    cc  # y\n}\n");
  CHECK(formatted("a { b # x\n} # y") == "a {\n    b # x\n} # y\n");
  CHECK(formatted("pass Ab1!cd#e\n") == "pass Ab1!cd#e\n");
  CHECK(formatted("pass \"Ab1!cd\"   \\#  x\n") == "pass \"Ab1!cd\" \\# x\n");
  CHECK(formatted("# a comment {\n\nb\n") == "# a comment {\n\nb\n");
}

TEST_CASE("of several blank lines one stays, none at the ends of a block") {
  CHECK(formatted("\n\na\n\n\n\nb {\n\nc\n\n}\n\n\nd\n\n") == "a\n\nb {\n    c\n}\n\nd\n");
}

TEST_CASE("what stands in quotes and in references is not touched") {
  CHECK(formatted("script  \"/x   {  # \"   root\n") == "script \"/x   {  # \" root\n");
  CHECK(formatted("vrrp_script a {\nscript \"/x \\\"  }\\\" \"\n}\n") ==
        "vrrp_script a {\n    script \"/x \\\"  }\\\" \"\n}\n");
  CHECK(formatted("a  ${_RANDOM 1  2}   b\n") == "a ${_RANDOM 1  2} b\n");
}

TEST_CASE("lines of the preprocessor stay as they are, at the depth of their block") {
  CHECK(formatted("$A=b   {  # c\nd") == "$A=b   {  # c\nd\n");
  CHECK(formatted("a {\n  $A=x { \\\n  y \\\n  }\nb\n}\n") == "a {\n    $A=x { \\\n  y \\\n  }\n    b\n}\n");
  CHECK(formatted("$A=x # c \\ \n  y  {\nb  1\n") == "$A=x # c \\ \n  y  {\nb 1\n");
  // A last line that would go on is followed by nothing.
  CHECK(formatted("$A=x \\") == "$A=x \\\n");
  CHECK(formatted("$A=x \\\n") == "$A=x \\\n");
  CHECK(formatted("a {\ninclude  {x,y}*.conf\n}\n") == "a {\n    include  {x,y}*.conf\n}\n");
  CHECK(formatted("a {\n@id   b  1\n~SEQ(n,  1, 3)  c ${n}\n}\n") ==
        "a {\n    @id   b  1\n    ~SEQ(n,  1, 3)  c ${n}\n}\n");
  CHECK(formatted("~LST({a,b},{1,2}) x {\ny\n}\n") == "~LST({a,b},{1,2}) x {\n    y\n}\n");
}

TEST_CASE("a block that begins differently on each director") {
  CHECK(formatted("@a x 1 {\n@^a x 2 {\ny\n}\n") == "@a x 1 {\n@^a x 2 {\n    y\n}\n");
  CHECK(refused("@a x {\n@^b x {\n}\n").find("not closed") != std::string::npos);
}

TEST_CASE("what does not match is refused at its place") {
  CHECK(refused("a {\n  b {\n}\n") ==
        "f:1:3: error: this block is not closed: a '}' is missing (braces inside "
        "definitions are not counted)");
  CHECK(refused("a\n}\n").starts_with("f:2:1: error: a '}' too many"));
  CHECK(refused("a \"b\n").starts_with("f:1:3: error: this double quote is not closed"));
  CHECK(refused("a { @x b\n}\n").starts_with("f:1:5: error: on a line of its own"));
  CHECK(refused(std::string("a\0b\n", 4)).starts_with("f:1:2: error: a NUL octet"));
  CHECK(refused("a " + std::string(1100, 'x') + " { b }\n").starts_with("f:1:1: error: the line is longer"));
}

TEST_CASE("line ends of other systems become ours") {
  CHECK(formatted("a {\r\n\tb\r\n}\r\n# c\r\n") == "a {\n    b\n}\n# c\n");
}

TEST_CASE("indentation never makes a line too long to be read") {
  std::string text;
  for (int i = 0; i < 300; ++i)
    text += "a {\n";
  text += std::string(1000, 'b') + "\n";
  for (int i = 0; i < 300; ++i)
    text += "}\n";
  const std::string once = formatted(text);
  CHECK(once.find("\n" + std::string(23, ' ') + std::string(1000, 'b') + "\n") != std::string::npos);
  CHECK(formatted(once) == once);
}

}  // namespace
}  // namespace baton::config
