#include "daemon/launcher.hpp"

#include <array>

#include <sys/stat.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

Launcher launcher(std::vector<std::string> words, const std::string& net_namespace = {},
                  const std::string& instance = {}) {
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  auto made = Launcher::of_this_program(static_cast<int>(argv.size()), argv.data(), net_namespace, instance);
  REQUIRE(made);
  return std::move(*made);
}

}  // namespace

TEST_CASE("a role is this very program with the supervisor's options after its own") {
  const auto made = launcher({"batond", "-n", "-f", "/a b", "--"});
  const auto program = made.role(Role::checkers, 0x2000, 42);
  CHECK(program.arguments == std::vector<std::string>{"batond: checkers", "--role=checkers", "--channel=3",
                                                      "--capabilities=2000", "-n", "-f", "/a b", "--"});
  CHECK(program.inherited == 42);
  CHECK_FALSE(program.apart);
  CHECK_FALSE(program.identity);
  CHECK_FALSE(program.environment.empty());
  struct stat opened {};
  struct stat running {};
  REQUIRE(::fstat(program.executable, &opened) == 0);
  REQUIRE(::stat("/proc/self/exe", &running) == 0);
  CHECK(opened.st_ino == running.st_ino);
}

TEST_CASE("a role knows the network namespace in which it is started, before what the user says") {
  const auto program = launcher({"batond", "-s", "blue"}, "blue").role(Role::ipvs, 0, 42);
  CHECK(program.arguments == std::vector<std::string>{"batond: ipvs", "--role=ipvs", "--channel=3", "--capabilities=0",
                                                      "--namespace=blue", "-s", "blue"});
}

TEST_CASE("a role knows of which instance it is") {
  const auto program = launcher({"batond"}, "blue", "east").role(Role::ipvs, 0, 42);
  CHECK(program.arguments == std::vector<std::string>{"batond: ipvs", "--role=ipvs", "--channel=3", "--capabilities=0",
                                                      "--namespace=blue", "--instance=east"});
}

TEST_CASE("to resign is one shot of the vrrp role") {
  const auto program = launcher({"batond"}).resign(0x3000, 7);
  CHECK(program.arguments ==
        std::vector<std::string>{"batond: vrrp", "--resign", "--role=vrrp", "--channel=3", "--capabilities=3000"});
  CHECK(program.inherited == 7);
}

TEST_CASE("a mail is one shot of nobody, apart, without the supervisor's options") {
  const auto program = launcher({"batond", "-n"}).mail(9);
  CHECK(program.arguments == std::vector<std::string>{"batond: mail", "--mail", "--channel=3"});
  REQUIRE(program.identity);
  CHECK(*program.identity == Identity{65534, 65534, {}});
  CHECK(program.apart);
  CHECK(program.inherited == 9);
}
