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

struct SoupPart {
  std::string text;
  int braces = 0;  // opened less closed
};

/// Text of words, braces, quotes, comments and directives in any order, with matching braces but for what hides them.
std::string soup() {
  static const std::vector<SoupPart> kParts = {{"vrrp_instance A {\n", 1},
                                               {"virtual_ipaddress {", 1},
                                               {"virtual_server 192.0.2.1 80 {\n", 1},
                                               {"real_server 192.0.2.2 80 {", 1},
                                               {"unknown {", 1},
                                               {"global_defs\n# e\n{ # f\n", 1},
                                               {"{", 1},
                                               {"\n{\n", 1},
                                               {"}", -1},
                                               {"}\n", -1},
                                               {"\n@^a x {\n", 1},
                                               {"\n@a y {\n@^a z {\n", 1},
                                               {"\n~SEQ(i,1,3) x { # g\n", 1},
                                               {"192.0.2.1"},
                                               {"priority 9"},
                                               {"  state\tMASTER "},
                                               {"interface eth0"},
                                               {"router_id   \"a  b\""},
                                               {"\n"},
                                               {"\n"},
                                               {"\n\n\n"},
                                               {" # c\n"},
                                               {"#d\n"},
                                               {"! e {\n"},
                                               {"\"a b\""},
                                               {"\nnotify \"/x \\\" {\"\n"},
                                               {"\n$A=x { \\\n} y\n"},
                                               {"${A}"},
                                               {"${A 1  2}"},
                                               {"\n@a priority  7\n"},
                                               {"\n~LST({a,b},{1,2}) x\n"},
                                               {"\ninclude {a,b}.conf\n"},
                                               {"\\#"},
                                               {"\\"},
                                               {"\r\n"}};
  std::string text;
  int depth = 0;
  for (const std::size_t i : *rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(0, 35))) {
    const SoupPart& part = kParts.at(i);
    if (depth + part.braces < 0) continue;
    depth += part.braces;
    text += part.text + (i % 3 == 0 ? "" : " ");
  }
  for (; depth > 0; --depth)
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
  CHECK(formatted > 30);
}

}  // namespace
}  // namespace baton::config
