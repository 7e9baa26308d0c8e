#include "config/manual.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "config/keywords.hpp"

namespace baton::config {
namespace {

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

TEST_CASE("a keyword is explained in every block that has it") {
  const auto priority = explain("priority");
  REQUIRE(priority);
  CHECK(contains(*priority, "priority <int:1-255>    (vrrp_instance)"));
  CHECK(contains(*priority, "Default: 100"));
  CHECK(contains(*priority, "Range: 1 to 255"));
  CHECK(contains(*priority, "State: active"));
  const auto timeout = explain("connect_timeout");
  REQUIRE(timeout);
  CHECK(contains(*timeout, "(virtual_server / real_server / TCP_CHECK)"));
  CHECK(contains(*timeout, "(virtual_server / real_server / DNS_CHECK)"));
}

TEST_CASE("a block is explained with what stands in it and an example") {
  const auto check = explain("TCP_CHECK");
  REQUIRE(check);
  CHECK(contains(*check, "Inside: "));
  CHECK(contains(*check, "connect_port"));
  CHECK(contains(*check, "        TCP_CHECK {\n            connect_timeout 2\n"));
}

TEST_CASE("no line of an explanation is too long to read") {
  for (const Block block : manual_order())
    for (const std::string_view name : names_in(block)) {
      const auto text = explain(name);
      REQUIRE(text);
      const std::size_t indented = text->find("\n    ");
      REQUIRE_MESSAGE(indented != std::string::npos, std::string(name));
      const std::size_t end = text->find('\n', indented + 1);
      CHECK_MESSAGE(end - indented < 110, std::string(name));
    }
}

TEST_CASE("an unknown word gets the nearest keyword, or none") {
  CHECK(!explain("prioritty"));
  CHECK(nearest_keyword("prioritty") == "did you mean 'priority'?");
  CHECK(nearest_keyword("qqqqqqqqqqqq").empty());
}

TEST_CASE("the state of a keyword is that of the block around it where that is worse") {
  const Keyword* interface = find_keyword(Block::vrrp_instance, "interface");
  REQUIRE(interface != nullptr);
  CHECK(state_of(Block::vrrp_instance, *interface) == State::active);
  for (const Block block : manual_order())
    for (const Keyword* keyword : keywords_in(block)) {
      if (!keyword->is_read() && !keyword->is_placeholder() && block != Block::preprocessor)
        CHECK_MESSAGE(state_of(block, *keyword) == State::not_read, title_of(block));
      if (state_of(block, *keyword) == State::active && !keyword->is_placeholder() && block != Block::preprocessor)
        CHECK_MESSAGE(keyword->is_active(), title_of(block));
    }
}

TEST_CASE("a title says where the block is to be found") {
  CHECK(title_of(Block::root) == "The top level");
  CHECK(title_of(Block::http_url) == "virtual_server / real_server / HTTP_GET / url");
  CHECK(title_of(Block::ip_entry) == "Entries of static_ipaddress, virtual_ipaddress, virtual_ipaddress_excluded");
}

TEST_CASE("the table takes the place of its marker, and what is written by hand stays") {
  const std::string made = manual_compatibility("before\n\n<!-- keywords -->\nafter\n");
  CHECK(contains(made, "before\n\n| State | Keywords |"));
  CHECK(made.ends_with("after\n"));
  CHECK(!contains(made, "<!-- keywords -->"));
  CHECK(contains(manual_compatibility("no marker\n"), "no marker\n"));
}

TEST_CASE("what roff would take for a request or an escape is text") {
  const std::string page = manual_page("A `\\#` sign.\n.TH at the start\n\n```\n.so file\n'quoted\n```\n");
  CHECK(contains(page, "\\fB\\e#\\fR sign."));
  CHECK(contains(page, "\n\\&.TH at the start"));
  CHECK(contains(page, "\n\\&.so file\n\\&\\(aqquoted\n"));
}

TEST_CASE("vim gets every keyword once") {
  std::string file = vim_syntax();
  std::ranges::replace(file, '\n', ' ');
  CHECK(contains(file, " virtual_server "));
  CHECK(contains(file, " advert_int "));
  CHECK(contains(file, " MASTER "));
  CHECK(!contains(file, "~SEQ "));
}

}  // namespace
}  // namespace baton::config
