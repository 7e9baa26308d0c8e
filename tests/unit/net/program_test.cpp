#include "net/program.hpp"

#include <cerrno>
#include <chrono>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

TEST_CASE("program: its input is read, its output and status are told") {
  const auto end = run_program({"/bin/sh", "-c", "cat; echo err >&2; exit 3"}, "hello\n", 10s);
  REQUIRE(end.has_value());
  CHECK(end->exit_status == 3);
  CHECK(end->output == "hello\nerr\n");
}

TEST_CASE("program: much input and much output do not stall it") {
  const std::string input(1 << 20, 'x');
  const auto end = run_program({"/bin/cat"}, input, 10s);
  REQUIRE(end.has_value());
  CHECK(end->exit_status == 0);
  CHECK(end->output == std::string(kMaxProgramOutput, 'x'));
}

TEST_CASE("program: one that does not read its input, does not end, or is not there") {
  const auto deaf = run_program({"/bin/true"}, std::string(1 << 20, 'x'), 10s);
  REQUIRE(deaf.has_value());
  CHECK(deaf->exit_status == 0);
  const auto endless = run_program({"/bin/sleep", "100"}, {}, 100ms);
  REQUIRE_FALSE(endless.has_value());
  CHECK(endless.error().system_code == ETIMEDOUT);
  CHECK_FALSE(run_program({"/nonexistent/program"}, {}, 1s).has_value());
  CHECK(find_system_program("no-such-program-anywhere").empty());
  CHECK_FALSE(find_system_program("sh").empty());
}
