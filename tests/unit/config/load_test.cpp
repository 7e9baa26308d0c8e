#include "config/load.hpp"

#include <doctest/doctest.h>

#include "unit/config/preprocessing.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

Loaded loaded(const Texts& texts, const std::string& name = "main") {
  return load(files_of(texts), node1(), name);
}

TEST_CASE("a file without directives is its own expanded text") {
  const std::string text = instance("priority 300");
  const Loaded done = loaded({{"main", text}});
  CHECK(*done.text == text);
  CHECK(places(done.parsed.diagnostics).find("main:5:10 priority must be") != std::string::npos);
  CHECK(done.parsed.diagnostics.files() == std::vector<std::string_view>{"main"});
}

TEST_CASE("whoever is handed the expanded text reads the same from it") {
  const Loaded done = loaded({{"main", "$P=7\ninclude b\n"}, {"b", instance("priority ${P}\n~SEQ(i,1,2) foo${i}")}});
  CHECK(done.parsed.config.vrrp_instances.at(0).priority == 7);
  CHECK(parse(*done.text, "x").config.vrrp_instances.at(0).priority == 7);
}

TEST_CASE("a text that is known is not parsed, with and without directives") {
  for (const auto& texts :
       {Texts{{"main", instance("priority 300")}}, Texts{{"main", "include b\n"}, {"b", "foo\n"}}}) {
    const Loaded before = loaded(texts);
    CHECK_FALSE(before.is_known);
    const auto is_same = [&](const std::string& text) { return text == *before.text; };
    const Loaded again = load(files_of(texts), node1(), "main", is_same);
    CHECK(again.is_known);
    CHECK(*again.text == *before.text);
    CHECK(again.parsed.diagnostics.all().empty());
    CHECK_FALSE(load(files_of({{"main", "other\n"}}), node1(), "main", is_same).is_known);
  }
}

TEST_CASE("a main file that cannot be read is a refusal") {
  for (const char* name : {"nosuch", "x", "d", "*.nosuch", "{a,b}"}) {
    const Loaded done = loaded({{"x", kIsExecutable}, {"d", kIsFolder}}, name);
    CHECK_MESSAGE(done.parsed.diagnostics.refusal() == 6, name);
    CHECK(done.parsed.diagnostics.exit_status() == 6);
    CHECK(done.text->empty());
  }
  CHECK(loaded({}, "nosuch").parsed.diagnostics.render_all() ==
        "nosuch: error: the configuration file cannot be opened\n");
}

TEST_CASE("several main files are read in order, which is worth a warning") {
  const Loaded done = loaded(
      {{"m/1.conf", "global_defs {\nrouter_id a\n}\n$P=7\n"}, {"m/2.conf", instance("priority ${P}")}}, "m/*.conf");
  CHECK(done.parsed.diagnostics.exit_status() == 5);
  CHECK(done.parsed.diagnostics.refusal() == 0);
  CHECK(done.parsed.diagnostics.render_all().starts_with("m/*.conf: warning: 2 files are read, one after the other"));
  CHECK(done.parsed.config.vrrp_instances.at(0).priority == 7);
  const Loaded one = loaded({{"m/1.conf", "x\n"}, {"m/2.conf", kIsExecutable}}, "m/*.conf");
  CHECK(one.parsed.diagnostics.render_all().find("'m/2.conf' is executable: it is not read") != std::string::npos);
}

TEST_CASE("a place in another file is named with its file") {
  const Loaded done = loaded({{"main", "include b\n" + instance("")}, {"b", "\n" + instance("")}});
  const std::string said = done.parsed.diagnostics.render_all();
  CHECK(said.find(" of b") != std::string::npos);
  CHECK(loaded({{"main", instance("") + instance("")}}).parsed.diagnostics.render_all().find(" of main") ==
        std::string::npos);
}

TEST_CASE("a word that is made of several parts is shown as it is written") {
  const Loaded done = loaded({{"main", "$A=999\n$B=b\n" + addresses("  10.${A}.${B}.1 dev $B  dev eth${NO}")}});
  const Diagnostics& out = done.parsed.diagnostics;
  CHECK(out.render_all().find("main:8:33: error: 'NO' is not defined: the line is ignored\n"
                              "  8 |   10.${A}.${B}.1 dev $B  dev eth${NO}\n"
                              "    |                                 ^~~~~\n"
                              "    = $NO=VALUE on a line above defines it\n") != std::string::npos);
  const Loaded word = loaded({{"main", "$A=999\n$B=b\n" + addresses("  10.${A}.${B}.1 dev eth0")}});
  const std::string shown = word.parsed.diagnostics.render_all();
  CHECK(shown.find("main:8:3: error: '10.999.b.1' is no IP address") != std::string::npos);
  CHECK(shown.find("|   10.${A}.${B}.1 dev eth0\n    |   ^~~~~~~~~~~~~~\n") != std::string::npos);
  CHECK(shown.find("    = in expansion of $A (defined in main:1)\n    = in expansion of $B (defined in main:2)\n") !=
        std::string::npos);
}

TEST_CASE("notes tell the whole way, the innermost first") {
  const Loaded done = loaded({{"main", "\ninclude a\n"}, {"a", "$M= \\\n  foo ${i} \\\n  bar\n~SEQ(i, 5, 6) $M\n"}});
  const Diagnostics& out = done.parsed.diagnostics;
  REQUIRE(out.all().size() == 2);
  CHECK(out.render_line(out.all()[0]) ==
        "a:2:3: error: unknown keyword 'foo' (in expansion of $M (used in a:4); in ~SEQ, where i is 5; included from "
        "main:2; the same in 1 more line made of this one)");
}

TEST_CASE("colours frame what is shown, and change nothing else") {
  const Loaded done = loaded({{"main", "foo\n"}});
  const Diagnostics& out = done.parsed.diagnostics;
  const std::string shown = out.render(out.all().at(0), Style::colour);
  CHECK(shown.find("\x1b[1mmain:1:1:\x1b[0m \x1b[1;31merror:\x1b[0m") == 0);
  std::string plain;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (shown[i] == '\x1b')
      i = shown.find('m', i);
    else
      plain += shown[i];
  }
  CHECK(plain == out.render(out.all()[0]));
}

}  // namespace
}  // namespace baton::config
