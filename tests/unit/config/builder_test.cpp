#include "config/builder.hpp"

#include <doctest/doctest.h>

#include "config/keywords.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

TEST_CASE("texts are put together of words and numbers") {
  CHECK(concat("a", 1, std::string("b"), std::string_view("c"), 255U).compare("a1bc255") == 0);
  CHECK(concat().empty());
}

TEST_CASE("a long word is cut in a message") {
  CHECK(quoted("x") == "'x'");
  CHECK(quoted("") == "''");
  CHECK(quoted(std::string(60, 'x')).size() == 62);
  CHECK(quoted(std::string(1000, 'x')).size() == 65);
}

TEST_CASE("the timing of a line is that of the block it stands in") {
  Diagnostics out;
  Builder builder(out);
  builder.timing(Block::virtual_server).retry = 1;
  builder.timing(Block::real_server).retry = 2;
  builder.timing(Block::ssl_get).retry = 3;
  CHECK(builder.server.timing.retry == 1);
  CHECK(builder.real_server.timing.retry == 2);
  CHECK(builder.probe.timing.retry == 3);
}

TEST_CASE("reports carry their severity, status, place and refusal") {
  Diagnostics out;
  Builder builder(out);
  const Place place = {{0, 3, 5}, 7};
  builder.error(place, "e");
  builder.warn(place, "w", "h");
  builder.advise(place, "a");
  builder.refuse(2, Status::bad, place, "r");
  CHECK(said(out) == "3:5 error 5: e\n3:5 warning 5: w (h)\n3:5 warning 0: a\n3:5 error 5: r\n");
  CHECK(out.all()[0].length == 7);
  CHECK(out.refusal() == 2);
}

TEST_CASE("keywords that are not supported are told once, at their first place") {
  Diagnostics out;
  Builder builder(out);
  const Keyword* keyword = find_keyword(Block::global_defs, "reload_repeat");
  REQUIRE(keyword != nullptr);
  builder.not_active(*keyword, {{0, 4, 1}, 9});
  builder.not_active(*keyword, {{0, 9, 1}, 9});
  CHECK(out.all().empty());
  builder.report_not_active();
  CHECK(said(out) ==
        "4:1 warning 1: 'reload_repeat' is accepted, not active yet (a reload is asked for by SIGHUP only; written 2 "
        "times, here first)\n");
  builder.report_not_active();
  CHECK(out.all().size() == 1);
}

}  // namespace
}  // namespace baton::config
