#include "checkers/regex_search.hpp"

#include <string_view>

#include <doctest/doctest.h>

using namespace baton::checkers;

namespace {

using State = RegexSearch::State;

RegexSpec regex(std::string pattern, std::initializer_list<std::string_view> options = {}) {
  RegexSpec spec;
  spec.pattern = std::move(pattern);
  for (const auto option : options)
    spec.options |= regex_option(option);
  return spec;
}

State search(const RegexSpec& spec, std::string_view body, std::size_t piece) {
  const Regex compiled(spec);
  REQUIRE(compiled.error().empty());
  RegexSearch searching(compiled);
  for (; !body.empty(); body.remove_prefix(std::min(piece, body.size())))
    searching.receive(std::as_bytes(std::span(body.substr(0, piece))));
  return searching.finish();
}

/// The same in whatever pieces.
State search(const RegexSpec& spec, std::string_view body) {
  const State whole = search(spec, body, body.size() + 1);
  CHECK(search(spec, body, 1) == whole);
  CHECK(search(spec, body, 1000) == whole);
  CHECK(search(spec, body, 4096) == whole);
  return whole;
}

}  // namespace

TEST_CASE("found or not, also across the pieces that are searched at once") {
  CHECK(search(regex("needle"), "a needle") == State::found);
  CHECK(search(regex("needle"), "a nee") == State::absent);
  CHECK(search(regex("needle"), "") == State::absent);
  CHECK(search(regex("needle"), std::string(4093, 'x') + "needle" + std::string(5000, 'y')) == State::found);
  CHECK(search(regex("needle"), std::string(70'000, 'x') + "needle") == State::found);
  CHECK(search(regex("x+needle$"), std::string(9000, 'x') + "needle") == State::found);
}

TEST_CASE("anchors are those of the body") {
  CHECK(search(regex("^hello"), "hello body") == State::found);
  CHECK(search(regex("^body"), "hello body") == State::absent);
  CHECK(search(regex("body$"), "hello body") == State::found);
  const std::string long_body = std::string(4096, 'x') + "body";
  CHECK(search(regex("^body"), long_body) == State::absent);
  CHECK(search(regex("\\Abody"), long_body) == State::absent);
  CHECK(search(regex("x$"), long_body) == State::absent);
  CHECK(search(regex("^body", {"multiline"}), std::string(4095, 'x') + "\nbody") == State::found);
  CHECK(search(regex("(?<=xxxyy)needle"), std::string(4094, 'x') + "yyneedle") == State::found);
  CHECK(search(regex("(?<!yy)needle"), std::string(4094, 'x') + "yyneedle") == State::absent);
}

TEST_CASE("options have keepalived's names") {
  CHECK(search(regex("NEEDLE", {"caseless"}), "a needle") == State::found);
  CHECK(search(regex("a.b", {"dotall"}), "a\nb") == State::found);
  CHECK(search(regex("a b", {"extended"}), "ab") == State::found);
  CHECK(search(regex("^.$", {"utf"}), "\u00e4") == State::found);
  CHECK(search(regex("^.$"), "\u00e4") == State::absent);
  CHECK(regex_option("no_such") == 0);
}

TEST_CASE("characters of UTF-8 may be cut, and octets that are none match nothing") {
  const std::string body = std::string(4095, 'x') + "\u00e4\u20ac";
  CHECK(search(regex("\u00e4\u20ac", {"utf"}), body) == State::found);
  CHECK(search(regex("needle", {"utf"}), "\xff\xfe needle \xc3") == State::found);
  CHECK(search(regex("needle", {"utf"}), "\xff\xfe\xc3") == State::absent);
}

TEST_CASE("the match starts neither before the least nor behind the greatest offset") {
  auto spec = regex("body");
  spec.min_offset = 6;
  spec.max_offset = 6;
  CHECK(search(spec, "hello body") == State::found);
  CHECK(search(spec, "hello, body") == State::absent);
  spec.min_offset = 7;
  spec.max_offset.reset();
  CHECK(search(spec, "hello body") == State::absent);
  CHECK(search(spec, "hello body body") == State::found);
  spec.min_offset = 5000;
  CHECK(search(spec, "body" + std::string(6000, 'x')) == State::absent);
  CHECK(search(spec, std::string(6000, 'x') + "body") == State::found);
  CHECK(search(spec, "body") == State::absent);
  spec.min_offset = 0;
  spec.max_offset = 5000;
  CHECK(search(spec, std::string(6000, 'x') + "body") == State::absent);
  CHECK(search(spec, std::string(5000, 'x') + "body") == State::found);
}

TEST_CASE("neither memory nor steps are without bounds") {
  const Regex open(regex("start.*end", {"dotall"}));
  RegexSearch searching(open);
  const std::string piece = "start" + std::string(16'000, 'x');
  for (int i = 0; i < 100 && searching.receive(std::as_bytes(std::span(piece))) == State::searching; ++i) {
  }
  CHECK(searching.finish() == State::failed);
  CHECK(std::string_view(searching.error()) == "no match ends within 64 KiB");

  const Regex explosive(regex("(a+)+$"));
  RegexSearch exploding(explosive);
  const std::string body = std::string(200, 'a') + "b";
  exploding.receive(std::as_bytes(std::span(body)));
  CHECK(exploding.finish() == State::failed);
  CHECK(std::string_view(exploding.error()) == "the search takes too many steps");
}

TEST_CASE("a pattern that is none fails with its reason") {
  const Regex broken(regex("("));
  CHECK(broken.error() == "missing closing parenthesis at 1");
  RegexSearch searching(broken);
  CHECK(searching.finish() == State::failed);
}
