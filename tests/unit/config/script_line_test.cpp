#include "config/script_line.hpp"

#include <doctest/doctest.h>

namespace baton::config {
namespace {

using Words = std::vector<std::string>;

Words words(std::string_view text) {
  const ScriptLine line = parse_script_line(text);
  CHECK(line.fault.empty());
  return line.arguments;
}

TEST_CASE("a bare word is a command without arguments, the next two are user and group") {
  const ScriptLine line = parse_script_line(" /bin/echo root wheel");
  CHECK(line.arguments == Words{"/bin/echo"});
  CHECK(line.user == "root");
  CHECK(line.group == "wheel");
  CHECK(line.surplus.empty());
  CHECK(parse_script_line("/bin/echo a b c d").surplus == "c");
}

TEST_CASE("a quoted command has arguments, in either kind of quotes") {
  CHECK(words("\"/bin/echo a  b\"") == Words{"/bin/echo", "a", "b"});
  CHECK(words("'/bin/echo a'") == Words{"/bin/echo", "a"});
  CHECK(words("\"  /bin/echo  \"") == Words{"/bin/echo"});
  const ScriptLine line = parse_script_line("\"/bin/echo a\" nobody nogroup");
  CHECK(line.user == "nobody");
  CHECK(line.group == "nogroup");
}

TEST_CASE("quotes inside group words; as keepalived 2.2.7 splits them") {
  CHECK(words("\"/bin/echo 'a b' c\"") == Words{"/bin/echo", "a b", "c"});
  CHECK(words("\"/bin/echo \\\"a b\\\" c\"") == Words{"/bin/echo", "a b", "c"});
  CHECK(words("\"/bin/echo '' x'y'z\"") == Words{"/bin/echo", "", "xyz"});
  CHECK(words("\"/bin/echo \\'a\\'\"") == Words{"/bin/echo", "a"});
}

TEST_CASE("escapes; as keepalived 2.2.7 resolves them, before and after splitting") {
  CHECK(words("\"/bin/echo a\\tb \\x41 \\101 \\q\"") == Words{"/bin/echo", "a", "b", "A", "A", "q"});
  CHECK(words("\"/bin/echo a\\\\tb\"") == Words{"/bin/echo", "a\tb"});
  CHECK(words("\"x \\\\n\\\\r\\\\a\\\\b\\\\f\\\\v\\\\E\\\\cA\"") == Words{"x", "\n\r\a\b\f\v\x1b\x01"});
  CHECK(words("\"x \\\\xzz \\\\c\"") == Words{"x", "xzz", "c"});
  CHECK(words("/bin/a\\#b") == Words{"/bin/a#b"});
}

TEST_CASE("what stands beside the closing quote belongs to the last word; as keepalived 2.2.7 has it") {
  CHECK(words("\"/bin/echo a\"b") == Words{"/bin/echo", "ab"});
  CHECK(parse_script_line("\"/bin/echo a\"'b root").fault == "the quote is not closed");
}

TEST_CASE("quotes inside quotes end them, and go on beside them; as keepalived 2.2.7 has it") {
  CHECK(words(R"("/bin/ps aux | grep -v "grep" | grep haproxy")") ==
        Words{"/bin/ps", "aux", "|", "grep", "-v", "grep", "|", "grep", "haproxy"});
  CHECK(words(R"("/bin/ps x"y"z w")") == Words{"/bin/ps", "xyz", "w"});
  CHECK(words(R"("/bin/ps x"'y z' root)") == Words{"/bin/ps", "xy", "z"});
  CHECK(parse_script_line(R"("/bin/ps x"y" z" root)").user == "root");
  CHECK(parse_script_line(R"("/bin/ps x"y"z w)").fault == "the quote is not closed");
}

TEST_CASE("users and groups are names, in quotes if one likes") {
  CHECK(parse_script_line("/x \"root\" \"wheel\"").user == "root");
  CHECK(parse_script_line("/x \"root\" \"wheel\"").group == "wheel");
  CHECK(parse_script_line("/x :wheel").user == ":wheel");
  for (const char* wrong : {"/x ro\"ot", "/x \"root", "/x 'root'", "/x root wh\\eel", "/x $user", "/x a\x01"})
    CHECK_MESSAGE(parse_script_line(wrong).fault == "the user or group is no name", wrong);
}

TEST_CASE("what is no command is a fault") {
  CHECK(parse_script_line("").fault == "there is no command");
  CHECK(parse_script_line("  \t").fault == "there is no command");
  CHECK(parse_script_line("\"\"").fault == "the command is empty");
  CHECK(parse_script_line("\"   \"").fault == "the command is empty");
  CHECK(parse_script_line("\"'' a\"").fault == "the command is empty");
  CHECK(parse_script_line("\"/bin/echo a").fault == "the quote is not closed");
  CHECK(parse_script_line("\"/bin/echo a\\\"").fault == "the quote is not closed");
  CHECK(parse_script_line("\"/bin/echo 'a\"").fault == "a quote inside the command is not closed");
  CHECK(parse_script_line("\"/bin/echo \\\\0\"").fault == "a command cannot hold a NUL octet");
  CHECK(parse_script_line("'x").arguments.empty());
}

}  // namespace
}  // namespace baton::config
