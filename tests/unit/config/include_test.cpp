#include "config/include.hpp"

#include <doctest/doctest.h>

#include "unit/config/preprocessing.hpp"

namespace baton::config {
namespace {

const Texts kFolder = {{"ok.conf", "ok\n"},
                       {"b.conf", "b\n"},
                       {"x.conf", kIsExecutable},
                       {"d.conf", kIsFolder},
                       {"sub/s.conf", "s ${_PWD}\ninclude rel.inc\nt ${_PWD}\n"},
                       {"sub/rel.inc", "rel\n"}};

struct Outcome {
  std::string text;
  int status = 0;
  int refusal = 0;
};

Outcome of(const std::string& main, bool all_includes = false) {
  Texts texts = kFolder;
  texts["main"] = main;
  LoadSettings settings = node1();
  settings.all_includes = all_includes;
  const Preprocessed done = preprocessed(texts, settings);
  return {done.text, done.diagnostics.exit_status(), done.diagnostics.refusal()};
}

/// The exit status of each variant, as keepalived 2.2.7 gives it.
std::string statuses(const std::string& pattern) {
  std::string text;
  for (const char* variant : {"", "r", "m", "w", "b", "a"})
    text += std::to_string(of(std::string("include") + variant + " " + pattern + "\n").status);
  return text;
}

TEST_CASE("files are read where they are included") {
  CHECK(of("a\ninclude ok.conf\nz\n").text == "a\nok\nz\n");
  CHECK(of("include ok.conf # comment\n  include   b.conf  \n").text == "ok\nb\n");
  CHECK(of("include {b,ok}.conf\n").text == "b\nok\n");
  CHECK(of("include sub/*.conf\n").text == "s /etc/sub\nrel\nt /etc/sub\n");
  CHECK(of("x ${_PWD}\ninclude sub/s.conf\ny ${_PWD}\n").text == "x /etc\ns /etc/sub\nrel\nt /etc/sub\ny /etc\n");
  CHECK(of("$D=sub\ninclude ${D}/rel.inc\n@node1 include ok.conf\n@node2 include b.conf\n").text == "rel\nok\n");
  CHECK(of("~SEQ(i,1,2) include ok.conf\n").text == "ok\nok\n");
  CHECK(of("$I=include ok.conf\n$I\n").text == "ok\n");
  CHECK(of("a { include ok.conf\n}\n").text == "a { \nok\n}\n");
}

TEST_CASE("a definition of an included file holds after it") {
  CHECK(preprocessed({{"main", "include a\nx${A}\n"}, {"a", "$A=1\n"}}).text == "x1\n");
}

TEST_CASE("each variant has its own idea of an error") {
  CHECK(statuses("ok.conf") == "000000");
  CHECK(statuses("nosuch.conf") == "006606");
  CHECK(statuses("*.nosuch") == "000606");
  CHECK(statuses("{ok,nosuch}.conf") == "000066");
  CHECK(statuses("{nosuch1,nosuch2}.conf") == "000066");
  CHECK(statuses("{ok,nosuch*}.conf") == "000000");
  CHECK(statuses("{nosuch1*,nosuch2*}.conf") == "000606");
  CHECK(statuses("{nosuch1*,nosuch2}.conf") == "000066");
  CHECK(statuses("x.conf") == "066666");
  CHECK(statuses("d.conf") == "066666");
  CHECK(statuses("nosuchd/*.conf") == "006606");
  CHECK(statuses("{}ok.conf") == "000066");
}

TEST_CASE("an error of an include keeps a daemon from starting") {
  CHECK(of("includea nosuch\n").refusal == 6);
  CHECK(of("include nosuch\n").refusal == 0);
  CHECK(of("include nosuch\n", true).refusal == 6);
  CHECK(of("include *.nosuch\n", true).status == 6);
  CHECK(of("include\n").status == 5);
}

TEST_CASE("include_check in global_defs holds for what follows, to the end of its file") {
  CHECK(of("include nosuch\nglobal_defs {\n include_check match\n}\n").status == 0);
  CHECK(of("global_defs {\n include_check match\n}\ninclude nosuch\n").status == 6);
  CHECK(of("global_defs\n{\n include_check match\n}\ninclude nosuch\n").status == 6);
  CHECK(of("global_defs {\n a { }\n include_check\n}\ninclude *.nosuch\n").status == 6);
  CHECK(of("global_defs {\n}\nx {\n include_check match\n}\ninclude nosuch\n").status == 0);
  CHECK(of("global_defs {\n include_check match\n include_check -match\n}\ninclude nosuch\n").status == 0);
  Texts texts = {{"main", "include a\ninclude nosuch\n"}, {"a", "global_defs {\ninclude_check\n}\n$A=\n"}};
  CHECK(preprocessed(texts).diagnostics.exit_status() == 0);
  texts = {{"main", "global_defs {\ninclude_check\n}\ninclude a\n"}, {"a", "include nosuch\n"}};
  CHECK(preprocessed(texts).diagnostics.exit_status() == 6);
}

TEST_CASE("the words of include_check") {
  const IncludePolicy none;
  CHECK(include_check(none, "") == kAllChecks);
  CHECK(include_check(kAllChecks, "read") == IncludePolicy{true, false, false, false});
  CHECK(include_check(kAllChecks, "match brace_match") == IncludePolicy{true, true, false, true});
  CHECK(include_check({true, true, false, false}, "+wildcard_match") == IncludePolicy{true, true, true, false});
  CHECK(include_check(kAllChecks, "-match  -brace_match") == IncludePolicy{true, false, true, false});
  CHECK(include_check(none, "nonsense") == none);
}

TEST_CASE("braces stand for each of their parts") {
  const auto names = [](const std::string& pattern) {
    Files files;
    std::string text;
    for (const std::string& name : find_files(pattern, "f/", {}, files).names)
      text += name + " ";
    return text;
  };
  CHECK(names("{a,b}c{1,2}") == "f/ac1 f/ac2 f/bc1 f/bc2 ");
  CHECK(names("{foo/{,cat,dog},bar}") == "f/foo/ f/foo/cat f/foo/dog f/bar ");
  CHECK(names("a{b") == "f/a{b ");
  CHECK(names("a{}b") == "f/a{}b ");
  CHECK(names("/x/{a}") == "/x/a ");
  std::string bomb;
  for (int i = 0; i < 40; ++i)
    bomb += "{a,b}";
  CHECK(find_files(bomb, "", {}, {}).is_error);
}

TEST_CASE("quotes around the name are told, as keepalived takes them for a part of it") {
  const Preprocessed done = preprocessed({{"main", "include \"a\"\n"}, {"a", "x\n"}});
  CHECK(done.text == "");
  CHECK(done.diagnostics.all().at(0).hint == "the quotes are taken for a part of the name: leave them out");
}

}  // namespace
}  // namespace baton::config
