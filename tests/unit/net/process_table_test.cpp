#include "net/process_table.hpp"

#include <algorithm>
#include <csignal>
#include <set>
#include <string>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;
using namespace std::string_literals;

namespace {

vrrp::ProcessId id(int number) {
  return vrrp::ProcessId{number};
}

}  // namespace

TEST_CASE("process table: a process's line, whatever its name") {
  struct Row {
    std::string text;
    std::string name;  // "": none
  };
  const Row rows[] = {
      {"12 (nginx) S 1 12 12 0", "nginx"},
      {"12 (a b) R 1 12", "a b"},
      {"12 (a) Z 9 (b) S 1 12", "a) Z 9 (b"},
      {"12 (()) S 1 12", "()"},
      {"12 (a\nb) D 1 12", "a\nb"},
      {"12 (gone) Z 1 12", ""},
      {"12 (gone) X 1 12", ""},
      {"12 (stopped) T 1 12", "stopped"},
      {"", ""},
      {"12", ""},
      {"12 (", ""},
      {"12 (nginx", ""},
      {"12 (nginx) ", ""},
      {"12 (nginx) S", ""},
      {"12 (nginx) S x 12", ""},
      {"x (nginx) S 1 12", ""},
      {"99999999999 (nginx) S 1 12", ""},
      {") 12 (nginx S 1", ""},
  };
  for (const auto& row : rows) {
    INFO(row.text);
    const auto image = decode_process_stat(row.text);
    REQUIRE(image.has_value() == !row.name.empty());
    if (!image) continue;
    CHECK(image->id == id(12));
    CHECK(image->parent == id(1));
    CHECK(image->name == row.name);
    CHECK(image->command_line.empty());
  }
}

TEST_CASE("process table: this process, as much of its command line as is asked for") {
  const auto image = read_process(id(::getpid()), 4096);
  REQUIRE(image);
  CHECK(image->id == id(::getpid()));
  CHECK(image->parent == id(::getppid()));
  std::string name(16, '\0');
  REQUIRE(::prctl(PR_GET_NAME, name.data()) == 0);
  CHECK(image->name == name.c_str());
  REQUIRE(image->command_line.ends_with('\0'));
  const auto part = read_process(id(::getpid()), 3);
  REQUIRE(part);
  CHECK(part->command_line == image->command_line.substr(0, 3));
  CHECK(read_process(id(::getpid()), 0)->command_line.empty());
}

TEST_CASE("process table: one that has ended is none, waited for or not") {
  const auto child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT) == 0);
  CHECK_FALSE(read_process(id(child), 100));  // a zombie
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  CHECK_FALSE(read_process(id(child), 100));
}

TEST_CASE("process table: the list has us and our parent, once, whatever its portions") {
  for (const std::size_t portion : {1U, 3U, 1000000U}) {
    auto listing = ProcessListing::open();
    REQUIRE(listing);
    std::multiset<vrrp::ProcessId> all;
    for (;;) {
      const auto some = listing->next(portion);
      CHECK(some.size() <= portion);
      all.insert(some.begin(), some.end());
      if (some.size() < portion) break;
    }
    CHECK(all.count(id(::getpid())) == 1);
    CHECK(all.count(id(::getppid())) == 1);
    CHECK(listing->next(portion).empty());
  }
}
