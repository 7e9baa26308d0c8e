// Laying a configuration out changes nothing of what it says, and laying it out again changes nothing at all.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/format.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> configurations() {
  std::vector<fs::path> paths;
  for (const char* folder : {"tests/golden/config", "etc/examples", "tests/lab/data"})
    for (const auto& entry : fs::directory_iterator(fs::path(BATON_SOURCE_DIR) / folder))
      if (entry.path().extension() == ".conf") paths.push_back(entry.path());
  return paths;
}

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST_CASE("every configuration that is laid out says what it said") {
  std::size_t formatted = 0;
  for (const fs::path& path : configurations()) {
    const std::string text = contents(path);
    const Formatted once = format(text, path.filename().string());
    if (once.diagnostics.has_errors()) continue;
    ++formatted;
    CHECK_MESSAGE(dump(parse(once.text, "f").config) == dump(parse(text, "f").config), path.filename().string());
    CHECK_MESSAGE(format(once.text, "f").text == once.text, path.filename().string());
  }
  CHECK(formatted >= 20);
}

/// Text of words, braces, quotes, comments and directives in any order, for the most part with matching braces.
std::string soup() {
  static const std::vector<std::string> kParts = {"vrrp_instance A {\n",
                                                  "virtual_ipaddress {",
                                                  "192.0.2.1",
                                                  "}",
                                                  "}\n",
                                                  "{",
                                                  "\n{\n",
                                                  "priority 9",
                                                  "  state\tMASTER ",
                                                  "\n",
                                                  "\n\n\n",
                                                  " # c",
                                                  "#d",
                                                  "! e {\n",
                                                  "\"a b\"",
                                                  "\"a\\\"b\"",
                                                  "notify \"/x \\\" {\"\n",
                                                  "$A=x { \\\n",
                                                  "${A}",
                                                  "${A 1  2}",
                                                  "\n@a ",
                                                  "\n@^a x {\n",
                                                  "\n~SEQ(i,1,3) ",
                                                  "\ninclude {a,b}.conf\n",
                                                  "\\#",
                                                  "\\",
                                                  "\r\n",
                                                  "interface eth0",
                                                  "real_server 192.0.2.2 80 {",
                                                  "virtual_server 192.0.2.1 80 {\n",
                                                  "unknown {"};
  std::string text;
  for (const std::string& part : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(kParts)))
    text += part + (*rc::gen::inRange(0, 3) == 0 ? "" : " ");
  for (int i = *rc::gen::inRange(0, 4); i > 0; --i)
    text += "\n}";
  return text;
}

TEST_CASE("whatever is laid out says what it said") {
  int formatted = 0;
  CHECK(rc::check("format keeps the meaning and is stable", [&] {
    const std::string text = soup();
    const Formatted once = format(text, "f");
    if (once.diagnostics.has_errors()) return;
    ++formatted;
    RC_ASSERT(dump(parse(once.text, "f").config) == dump(parse(text, "f").config));
    RC_ASSERT(format(once.text, "f").text == once.text);
  }));
  CHECK(formatted > 5);
}

}  // namespace
}  // namespace baton::config
