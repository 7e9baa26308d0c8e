#include "vrrp/process_pattern.hpp"

#include <string>
#include <vector>

#include <doctest/doctest.h>

using namespace baton::vrrp;
using namespace std::string_literals;

namespace {

/// "sleep 1234" as /proc/PID/cmdline has it.
std::string line(std::string text) {
  for (auto& octet : text)
    if (octet == ' ') octet = '\0';
  return text + '\0';
}

struct Row {
  ParameterMatch parameters;
  std::vector<std::string> words;
  std::string command;
  bool matches;
};

}  // namespace

TEST_CASE("process pattern: by its name, which must be equal") {
  const auto pattern = ProcessPattern::of_name("sshd");
  CHECK(pattern.matches("sshd", ""));
  CHECK(pattern.matches("sshd", line("/usr/sbin/sshd -D")));
  CHECK_FALSE(pattern.matches("ssh", line("sshd")));
  CHECK_FALSE(pattern.matches("sshd2", ""));
  CHECK_FALSE(pattern.matches("", ""));
  CHECK_FALSE(pattern.looks_at_command());
  CHECK(pattern.needed_octets() == 0);
  CHECK(pattern.key() == "sshd");
}

TEST_CASE("process pattern: a name is not cut to what the kernel keeps, as in keepalived") {
  CHECK_FALSE(ProcessPattern::of_name("averyveryverylongname").matches("averyveryverylo", ""));
  CHECK(ProcessPattern::of_name("averyveryverylo").matches("averyveryverylo", ""));
}

TEST_CASE("process pattern: command lines, as keepalived 2.2.7 compares them") {
  using enum ParameterMatch;
  const Row rows[] = {
      // As measured: which of these four processes each form found.
      {any, {"sleep"}, "sleep 1234", true},
      {any, {"sleep"}, "sleep", true},
      {any, {"sleep"}, "/bin/sleep 1234", false},
      {any, {"/bin/sleep"}, "/bin/sleep 1234", true},
      {any, {"slee"}, "sleep 1234", false},
      {any, {"sleep", "ignored"}, "sleep 1234", true},
      {exact, {"sleep", "1234"}, "sleep 1234", true},
      {exact, {"sleep", "1234"}, "sleep 1234 5", false},
      {exact, {"sleep", "1234"}, "sleep 12345", false},
      {exact, {"sleep", "1234"}, "sleep", false},
      {exact, {"sleep"}, "sleep", true},
      {exact, {"sleep"}, "sleep 1234", false},
      {leading, {"sleep", "12"}, "sleep 1234", false},
      {leading, {"sleep", "1234"}, "sleep 1234 5", true},
      {leading, {"sleep", "1234"}, "sleep 1234", true},
      {leading, {"sleep", "1234"}, "sleep 12345", false},
      {leading, {"sleep"}, "sleep 1234", true},
      {beginning, {"sleep", "12"}, "sleep 1234 5", true},
      {beginning, {"sleep", "12"}, "sleep 12345", true},
      {beginning, {"sleep", "12"}, "sleep 12", true},
      {beginning, {"sleep", "12"}, "sleep 1", false},
      {beginning, {"sleep", "12"}, "sleep", false},
      {beginning, {"sleep", "12", "x"}, "sleep 12 xyz", true},
      {beginning, {"sleep", "12", "x"}, "sleep 123 x", false},
      {beginning, {"sleep"}, "sleep 1234", true},
      {beginning, {"slee"}, "sleep 77", false},
  };
  for (const auto& row : rows) {
    INFO(static_cast<int>(row.parameters), " ", row.words.front(), " against ", row.command);
    const auto pattern = ProcessPattern::of_command(row.words, row.parameters);
    CHECK(pattern.matches("whatever", line(row.command)) == row.matches);
    CHECK(pattern.looks_at_command());
    CHECK(pattern.key() == row.words.front());
  }
}

TEST_CASE("process pattern: a command line without its last NUL is the same one") {
  for (const auto parameters : {ParameterMatch::any, ParameterMatch::exact, ParameterMatch::leading}) {
    CHECK(ProcessPattern::of_command({"nginx"}, parameters).matches("", "nginx"));
    CHECK_FALSE(ProcessPattern::of_command({"nginx"}, parameters).matches("", "ngin"));
    CHECK_FALSE(ProcessPattern::of_command({"nginx"}, parameters).matches("", "nginx: master"));
  }
}

TEST_CASE("process pattern: a kernel thread has no command line, and matches none") {
  for (const auto parameters : {ParameterMatch::any, ParameterMatch::exact, ParameterMatch::leading}) {
    CHECK_FALSE(ProcessPattern::of_command({"kthreadd"}, parameters).matches("kthreadd", ""));
    CHECK_FALSE(ProcessPattern::of_command({""}, parameters).matches("kthreadd", ""));
  }
}

TEST_CASE("process pattern: as much of a command line as it needs is enough to decide") {
  const auto exact = ProcessPattern::of_command({"a", "b"}, ParameterMatch::exact);
  CHECK(exact.needed_octets() == 5);
  CHECK(exact.matches("", "a\0b\0"s));
  CHECK_FALSE(exact.matches("", "a\0b\0c\0"s.substr(0, exact.needed_octets())));
  const auto beginning = ProcessPattern::of_command({"a", "b"}, ParameterMatch::beginning);
  CHECK(beginning.matches("", "a\0bcdef\0"s.substr(0, beginning.needed_octets())));
}
