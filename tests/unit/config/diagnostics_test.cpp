#include "config/diagnostics.hpp"

#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

Diagnostic at(std::uint32_t line, std::uint32_t column, std::string text, Severity severity = Severity::error,
              Status status = Status::bad) {
  return {{0, line, column}, severity, status, std::move(text), {}, 1};
}

TEST_CASE("a diagnostic shows its place, its line, a caret and the cure") {
  Diagnostics out;
  out.add_file("baton.conf", "global_defs {\n\tinterfase eth0\n}\n");
  Diagnostic diagnostic = at(2, 2, "unknown keyword 'interfase'");
  diagnostic.length = 9;
  diagnostic.hint = "did you mean 'interface'?";
  out.add(diagnostic);
  CHECK(out.render(out.all()[0]) ==
        "baton.conf:2:2: error: unknown keyword 'interfase'\n"
        "  2 |         interfase eth0\n"
        "    |         ^~~~~~~~~\n"
        "    = did you mean 'interface'?\n");
  CHECK(out.render_line(out.all()[0]) ==
        "baton.conf:2:2: error: unknown keyword 'interfase' (did you mean 'interface'?)");
}

TEST_CASE("without a line the file alone is named") {
  Diagnostics out;
  out.add_file("nosuch.conf", "");
  out.add(at(0, 0, "No such file"));
  CHECK(out.render_all() == "nosuch.conf: error: No such file\n");
  Diagnostics nameless;
  nameless.add(at(0, 0, "x", Severity::note));
  CHECK(nameless.render_all() == "configuration: note: x\n");
}

TEST_CASE("a place beyond the file shows no line") {
  Diagnostics out;
  out.add_file("f", "a\nb");
  out.add(at(3, 1, "x", Severity::warning));
  CHECK(out.render_all() == "f:3:1: warning: x\n");
}

TEST_CASE("names and texts from outside cannot act on the terminal") {
  Diagnostics out;
  out.add_file("a\x1b[2J", "\x1b]0;title\x07 x\n");
  out.add(at(1, 11, "unknown keyword '\x1b[31m'"));
  const std::string shown = out.render_all() + out.render_line(out.all()[0]);
  CHECK(shown.find('\x1b') == std::string::npos);
  CHECK(shown.find('\x07') == std::string::npos);
}

TEST_CASE("they stand in order of place, each once") {
  Diagnostics out;
  out.add(at(5, 1, "c"));
  out.add(at(2, 9, "b"));
  out.add(at(2, 3, "a"));
  out.add(at(2, 9, "b"));
  out.add(at(2, 9, "b too"));
  CHECK(said(out) == "2:3 error 5: a\n2:9 error 5: b\n2:9 error 5: b too\n5:1 error 5: c\n");
  CHECK(out.suppressed() == 0);
}

TEST_CASE("a hundred are kept, the first ones; the rest is counted") {
  Diagnostics out;
  for (std::uint32_t line = 1000; line > 0; --line)
    out.add(at(line, 1, "x"));
  REQUIRE(out.all().size() == Diagnostics::kMaxShown);
  CHECK(out.all().front().position.line == 1);
  CHECK(out.all().back().position.line == 100);
  CHECK(out.suppressed() == 900);
  CHECK(out.render_all().ends_with("and 900 more that are not shown\n"));
  CHECK_FALSE(out.would_keep(Severity::error, {0, 101, 1}));
  CHECK(out.would_keep(Severity::error, {0, 99, 2}));
}

TEST_CASE("an error is not lost behind any number of warnings") {
  Diagnostics out;
  for (std::uint32_t line = 1; line <= 500; ++line)
    out.add(at(line, 1, "w", Severity::warning, Status::not_active));
  out.add(at(900, 1, "e"));
  REQUIRE(out.all().size() == Diagnostics::kMaxShown);
  CHECK(out.all().back().text == "e");
  CHECK(out.all()[98].position.line == 99);
  CHECK(out.suppressed() == 401);
  CHECK(out.would_keep(Severity::error, {0, 9999, 1}));
  CHECK_FALSE(out.would_keep(Severity::warning, {0, 9999, 1}));
  CHECK(out.exit_status() == 5);
}

TEST_CASE("those that are not shown count for the exit status all the same") {
  Diagnostics out;
  for (std::uint32_t line = 1; line <= 200; ++line)
    out.add(at(line, 1, "e"));
  out.add(at(300, 1, "w", Severity::warning, Status::insecure));
  CHECK(out.all().back().position.line == 100);
  CHECK(out.exit_status() == 6);
}

TEST_CASE("the exit status is keepalived's: the highest class, but a missing argument beats all") {
  const auto exit_status = [](std::initializer_list<Status> all) {
    Diagnostics out;
    for (const Status status : all)
      out.add(at(1, 1, std::to_string(static_cast<int>(status)), Severity::warning, status));
    return out.exit_status();
  };
  CHECK(exit_status({}) == 0);
  CHECK(exit_status({Status::ok}) == 0);
  CHECK(exit_status({Status::ok, Status::not_active}) == 0);
  CHECK(exit_status({Status::fatal}) == 4);
  CHECK(exit_status({Status::fatal, Status::bad, Status::not_active}) == 5);
  CHECK(exit_status({Status::insecure, Status::bad}) == 6);
  CHECK(exit_status({Status::bad, Status::missing_argument, Status::insecure}) == 2);
}

TEST_CASE("errors and refusals are remembered") {
  Diagnostics out;
  out.add(at(1, 1, "w", Severity::warning));
  CHECK_FALSE(out.has_errors());
  CHECK(out.refusal() == 0);
  Diagnostic refusing = at(2, 1, "e");
  refusing.refusal = 2;
  out.add(refusing);
  CHECK(out.has_errors());
  CHECK(out.refusal() == 2);
  refusing.refusal = 6;
  out.add(refusing);
  CHECK(out.refusal() == 6);
}

}  // namespace
}  // namespace baton::config
