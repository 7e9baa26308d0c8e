// What would fill the memory or never end: a clear error within bounds.
#include <doctest/doctest.h>

#include "unit/config/preprocessing.hpp"

namespace baton::config {
namespace {

Preprocessed with_limits(const Texts& texts, const Limits& limits) {
  LoadSettings settings = node1();
  settings.limits = limits;
  return preprocessed(texts, settings);
}

TEST_CASE("definitions that stand for themselves") {
  const Preprocessed done = preprocessed({{"main", "$A=$B\n$B=$A\n$A\nx ${A}\n$S=${S}\n${S}\ny\n"}});
  CHECK(done.text == "y\n");
  CHECK(places(done.diagnostics) ==
        "main:3:1 'A' stands for itself: the line is ignored\n"
        "main:4:3 'A' stands for itself: the line is ignored\n"
        "main:6:1 'S' stands for itself: the line is ignored\n");
  CHECK(done.diagnostics.refusal() == 0);
}

TEST_CASE("a value of several lines that holds itself") {
  const Preprocessed done = preprocessed({{"main", "$L= \\\na \\\n$M\n$M= \\\nb \\\n$L \\\nc\n$L\nend\n"}});
  CHECK(done.text == "a\nb\nc\nend\n");
  CHECK(places(done.diagnostics) == "main:6:1 'L' stands for itself: the line is ignored\n");
}

TEST_CASE("definitions that double") {
  std::string text = "$A0=x\n$E0=\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = std::to_string(i - 1);
    const std::string now = std::to_string(i);
    text += "$A" + now + "=${A" + before + "}${A" + before + "}\n$E" + now + "=${E" + before + "}${E" + before + "}\n";
  }
  const Preprocessed done = preprocessed({{"main", text + "a ${A40}\nb ${E40}\nc\n"}});
  CHECK(done.text == "c\n");
  REQUIRE(done.diagnostics.all().size() == 2);
  CHECK(done.diagnostics.all()[1].text == "more than 1000 references in one line: it is ignored");
}

TEST_CASE("values of several lines that double") {
  std::string text = "$A0= \\\nx \\\ny\n";
  for (int i = 1; i <= 40; ++i) {
    const std::string before = "$A" + std::to_string(i - 1);
    text += "$A" + std::to_string(i) + "= \\\n" + before + " \\\n" + before + "\n";
  }
  Limits limits;
  limits.made_lines = 1000;
  const Preprocessed done = with_limits({{"main", text + "$A40\nafter\n"}}, limits);
  CHECK(done.text.size() < 4000);
  CHECK(done.text.find("after") == std::string::npos);
  REQUIRE(done.diagnostics.all().size() == 1);
  CHECK(done.diagnostics.all()[0].text == "definitions and repetitions make more than 1000 lines");
  CHECK(done.diagnostics.refusal() == 6);
}

TEST_CASE("repetitions without end") {
  const Preprocessed done = preprocessed({{"main", "~SEQ(i, 1, 1000000000) x${i}\n~SEQ(i,-1,-4000000000) x\ny\n"}});
  CHECK(done.text == "y\n");
  CHECK(places(done.diagnostics) ==
        "main:1:1 this repetition makes 1000000000 lines; the limit is 2000000\n"
        "main:2:1 this repetition makes 4000000000 lines; the limit is 2000000\n");
  CHECK(done.diagnostics.refusal() == 6);
  Limits limits;
  limits.made_lines = 500;
  const Preprocessed nested = with_limits({{"main", "~SEQ(i,1,400) ~SEQ(j,1,400) x\n"}}, limits);
  CHECK(nested.text.size() <= 1000);
  CHECK(nested.diagnostics.refusal() == 6);
}

TEST_CASE("files that include themselves or one another") {
  const Preprocessed self = preprocessed({{"main", "a\ninclude main\nb\n"}});
  CHECK(self.text == "a\nb\n");
  CHECK(places(self.diagnostics) == "main:2:9 'main' is being read already: it includes itself\n");
  CHECK(self.diagnostics.refusal() == 6);
  const Preprocessed two = preprocessed({{"main", "include b\n"}, {"b", "x\ninclude main\ny\n"}});
  CHECK(two.text == "x\ny\n");
  CHECK(places(two.diagnostics) == "b:2:9 'main' is being read already: it includes itself\n");
}

TEST_CASE("too many files, too deep, too much") {
  Texts texts{{"main", "include 0\nend\n"}};
  for (int i = 0; i < 60; ++i)
    texts[std::to_string(i)] = "include " + std::to_string(i + 1) + "\n";
  CHECK(preprocessed(texts).diagnostics.render_all().find("more than 50 files include one another") !=
        std::string::npos);
  Texts doubling{{"main", "include 0\nend\n"}, {"19", "$A=1\n"}};
  for (int i = 0; i < 19; ++i)
    doubling[std::to_string(i)] = "include " + std::to_string(i + 1) + "\ninclude " + std::to_string(i + 1) + "\n";
  Limits limits;
  limits.files = 100;
  const Preprocessed bomb = with_limits(doubling, limits);
  CHECK(bomb.diagnostics.render_all().find("more than 100 files are included") != std::string::npos);
  CHECK(bomb.diagnostics.refusal() == 6);
  limits.text = 5000;
  const Preprocessed large = with_limits({{"main", "~SEQ(i,1,3) include b\n"}, {"b", std::string(2000, '#')}}, limits);
  CHECK(large.diagnostics.all().size() == 1);
  CHECK(large.diagnostics.refusal() == 6);
}

TEST_CASE("too many names, directives in a line, and things inside one another") {
  Limits limits;
  limits.definitions = 3;
  CHECK(with_limits({{"main", "~SEQ(i,1,9) $V${i}=1\n"}}, limits).diagnostics.refusal() == 6);
  std::string line;
  for (int i = 0; i < 100; ++i)
    line += "{ @^x ";
  CHECK(preprocessed({{"main", line + "\nend\n"}}).diagnostics.render_all().find("more than 16 directives") !=
        std::string::npos);
  std::string chain;
  for (int i = 0; i < 300; ++i)
    chain += "$D" + std::to_string(i) + "= \\\n$D" + std::to_string(i + 1) + " \\\nx\n";
  CHECK(preprocessed({{"main", chain + "$D0\n"}}).diagnostics.refusal() == 6);
}

TEST_CASE("an enormous line, comment, value") {
  const std::string megabyte(1U << 20U, 'x');
  CHECK(preprocessed({{"main", "$A=1\na ${A} # " + megabyte + "\n#" + megabyte + "\nb\n"}}).text.ends_with("b\n"));
  CHECK(expansion("$A=1\na ${A} # " + megabyte + "\n").starts_with("a 1 \n"));
  const Preprocessed value = preprocessed({{"main", "$A=" + megabyte + "\nx ${A}\n@node1 " + megabyte + "\n"}});
  CHECK(value.diagnostics.all().at(0).text.find("gets longer than 4096 octets") != std::string::npos);
  const Loaded loaded = load(files_of({{"main", "$A=1\n" + megabyte + " ${A}\n"}}), node1(), "main");
  CHECK(loaded.parsed.diagnostics.render_all().find("longer than 1023 octets") != std::string::npos);
}

TEST_CASE("ten megabytes of unknown words, a hundred thousand blocks in one another") {
  std::string words;
  while (words.size() < 10U << 20U)
    words += "frobnicate the gadget\n";
  const Loaded loaded = load(files_of({{"main", words + "$A=1\n"}}), node1(), "main");
  CHECK(loaded.parsed.diagnostics.all().size() == Diagnostics::kMaxShown);
  CHECK(loaded.parsed.diagnostics.exit_status() == 5);
  std::string blocks;
  for (int i = 0; i < 100'000; ++i)
    blocks += "a {\n";
  CHECK(load(files_of({{"main", blocks}}), node1(), "main").parsed.diagnostics.exit_status() == 5);
}

TEST_CASE("the same mistake in a hundred thousand generated lines is told once") {
  const Loaded loaded = load(files_of({{"main", "~SEQ(i,1,100000) frobnicate ${i}\n"}}), node1(), "main");
  REQUIRE(loaded.parsed.diagnostics.all().size() == 1);
  CHECK(loaded.parsed.diagnostics.all()[0].repeats == 99'999);
  CHECK(loaded.parsed.diagnostics.render_all().find("the same in 99999 more lines made of this one") !=
        std::string::npos);
}

}  // namespace
}  // namespace baton::config
