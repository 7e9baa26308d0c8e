// The small types: ids, time, Overloaded, ASSERT.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <variant>

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "core/assert.hpp"
#include "core/ids.hpp"
#include "core/overloaded.hpp"
#include "core/time.hpp"

using namespace std::chrono_literals;

TEST_CASE("identifiers are types of their own and give their number back") {
  static_assert(!std::is_convertible_v<int, baton::Vrid>);
  static_assert(!std::is_convertible_v<baton::Vrid, baton::IfIndex>);
  CHECK(number(baton::Vrid{255}) == 255);
  CHECK(number(baton::IfIndex{4'000'000'000}) == 4'000'000'000);
  CHECK(baton::Vrid{51} < baton::Vrid{52});
}

TEST_CASE("centiseconds: the wire's unit converts to a Duration and never silently from seconds") {
  static_assert(sizeof(baton::Centiseconds::rep) == 2);
  static_assert(!std::is_convertible_v<int, baton::Centiseconds>);
  CHECK(baton::Duration{baton::Centiseconds{100}} == 1s);
  CHECK(baton::Duration{baton::Centiseconds{4095}} == 40950ms);
  CHECK(baton::Centiseconds{1s} == baton::Centiseconds{100});
  CHECK(std::chrono::duration_cast<baton::Centiseconds>(1009ms) == baton::Centiseconds{100});
}

TEST_CASE("an instant is monotonic time") {
  static_assert(baton::Clock::is_steady);
  CHECK(baton::Instant{} + 1s > baton::Instant{});
}

TEST_CASE("a visitor out of lambdas takes the one that fits") {
  using Value = std::variant<int, std::string>;
  const baton::Overloaded name{[](int) { return "number"; }, [](const std::string&) { return "text"; }};
  CHECK(std::string(std::visit(name, Value{1})) == "number");
  CHECK(std::string(std::visit(name, Value{"x"})) == "text");
}

namespace {

/// What a child prints on stderr and how it ends when the condition is `holds`.
struct Ended {
  int status = 0;
  std::string text;
};

Ended assert_in_child(bool holds) {
  int ends[2];  // NOLINT(modernize-avoid-c-arrays): pipe(2) wants one
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDERR_FILENO);
    std::signal(SIGABRT, SIG_DFL);  // the test program's handler would speak in our name
    ASSERT(holds);
    _exit(0);
  }
  close(ends[1]);
  Ended ended;
  char part[256];  // NOLINT(modernize-avoid-c-arrays)
  for (ssize_t got = read(ends[0], part, sizeof part); got > 0; got = read(ends[0], part, sizeof part)) {
    ended.text.append(part, static_cast<std::size_t>(got));
  }
  close(ends[0]);
  REQUIRE(waitpid(child, &ended.status, 0) == child);
  return ended;
}

}  // namespace

TEST_CASE("ASSERT ends the process with the place and the condition, in every build") {
  const auto failed = assert_in_child(false);
  REQUIRE(WIFSIGNALED(failed.status));
  CHECK(WTERMSIG(failed.status) == SIGABRT);
  CHECK(failed.text.find("values_test.cpp:") != std::string::npos);
  CHECK(failed.text.find(": this must hold and does not: holds") != std::string::npos);
}

TEST_CASE("ASSERT says nothing when the condition holds") {
  const auto passed = assert_in_child(true);
  REQUIRE(WIFEXITED(passed.status));
  CHECK(WEXITSTATUS(passed.status) == 0);
  CHECK(passed.text.empty());
}
