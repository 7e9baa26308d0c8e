#include "daemon/role_scheduling.hpp"

#include <csignal>
#include <fstream>
#include <string>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

/// A process that does nothing, and ends with its object.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0) {
      for (;;)
        ::pause();
    }
    REQUIRE(pid_ > 0);
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] int nice() const { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(pid_)); }
  [[nodiscard]] int policy() const { return ::sched_getscheduler(pid_); }
  [[nodiscard]] int priority() const {
    sched_param param{};
    ::sched_getparam(pid_, &param);
    return param.sched_priority;
  }
  [[nodiscard]] rlimit limit(__rlimit_resource resource) const {
    rlimit found{};
    ::prlimit(pid_, resource, nullptr, &found);
    return found;
  }
  [[nodiscard]] int processors() const {
    cpu_set_t set{};
    ::sched_getaffinity(pid_, sizeof set, &set);
    return CPU_COUNT(&set);
  }

 private:
  pid_t pid_;
};

struct Fixture {
  std::vector<std::string> complaints;
  RoleScheduler scheduler{[this](const std::string& trouble) { complaints.push_back(trouble); }};
  Sleeper role;
  void apply(const RoleScheduling& wanted) {
    scheduler.prepare(Role::vrrp, role.pid(), wanted);
    scheduler.finish(Role::vrrp, role.pid(), wanted);
  }
};

bool is_root() {
  return ::geteuid() == 0;
}

}  // namespace

TEST_CASE("the vrrp role has its own settings, checkers and ipvs have keepalived's of the checker process") {
  config::GlobalDefs defs;
  defs.vrrp_process.priority = -5;
  defs.vrrp_process.rt_priority = 10;
  defs.vrrp_process.rlimit_rttime = 20'000;
  defs.vrrp_process.no_swap = true;
  defs.checker_process.priority = 7;
  defs.checker_process.cpu_affinity = {0, 3};
  defs.bfd_process.priority = 19;
  const auto vrrp = scheduling_of(Role::vrrp, defs);
  CHECK(vrrp.nice == -5);
  CHECK(vrrp.realtime == 10);
  CHECK(vrrp.limit == 20ms);
  CHECK(vrrp.in_memory);
  CHECK(vrrp.processors.empty());
  for (const auto role : {Role::checkers, Role::ipvs}) {
    const auto checker = scheduling_of(role, defs);
    CHECK(checker.nice == 7);
    CHECK(checker.realtime == std::nullopt);
    CHECK(checker.limit == 1s);
    CHECK_FALSE(checker.in_memory);
    CHECK(checker.processors == std::vector<std::uint16_t>{0, 3});
  }
  CHECK(scheduling_of(Role::supervisor, defs) == RoleScheduling{});
}

TEST_CASE_FIXTURE(Fixture, "who asks for nothing runs as the supervisor does") {
  const auto nice = role.nice();
  const auto policy = role.policy();
  const auto processors = role.processors();
  apply({});
  CHECK(complaints.empty());
  CHECK(role.nice() == nice);
  CHECK(role.policy() == policy);
  CHECK(role.processors() == processors);
}

TEST_CASE_FIXTURE(Fixture, "a nicer role needs no right, and what is asked for no more is as before") {
  const auto before = role.nice();
  RoleScheduling wanted;
  wanted.nice = 19;
  apply(wanted);
  CHECK(role.nice() == 19);
  if (!is_root()) return;  // only root takes it back
  apply({});
  CHECK(role.nice() == before);
  CHECK(complaints.empty());
}

TEST_CASE_FIXTURE(Fixture,
                  "real time is not handed on to children, has a limit, and ends when it is asked for no more") {
  if (!is_root()) return;
  RoleScheduling wanted;
  wanted.realtime = 10;
  wanted.limit = 20ms;
  apply(wanted);
  REQUIRE(complaints.empty());
  CHECK(role.policy() == (SCHED_RR | SCHED_RESET_ON_FORK));
  CHECK(role.priority() == 10);
  CHECK(role.limit(RLIMIT_RTTIME).rlim_cur == 20'000);
  CHECK(role.limit(RLIMIT_RTTIME).rlim_max == RLIM_INFINITY);
  wanted.realtime = 20;
  scheduler.prepare(Role::vrrp, role.pid(), wanted);
  CHECK(role.limit(RLIMIT_RTTIME).rlim_cur == RLIM_INFINITY);  // a reload takes its time
  scheduler.finish(Role::vrrp, role.pid(), wanted);
  CHECK(role.priority() == 20);
  apply({});
  CHECK(role.policy() == SCHED_OTHER);
  CHECK(role.limit(RLIMIT_RTTIME).rlim_cur == RLIM_INFINITY);
  CHECK(complaints.empty());
}

TEST_CASE_FIXTURE(Fixture, "processors: those that are named, and all of the supervisor's again") {
  const auto before = role.processors();
  RoleScheduling wanted;
  wanted.processors = {0};
  apply(wanted);
  CHECK(role.processors() == 1);
  apply({});
  CHECK(role.processors() == before);
  CHECK(complaints.empty());
}

TEST_CASE_FIXTURE(Fixture, "a processor that is not there is said, and the rest is set all the same") {
  RoleScheduling wanted;
  wanted.processors = {1000};
  wanted.nice = 19;
  apply(wanted);
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0] == "role vrrp: cannot set the processors: Invalid argument");
  CHECK(role.nice() == 19);
}

TEST_CASE("whoever is to stay in memory is given the capability for it, nobody else") {
  RoleScheduling wanted;
  CHECK(wished_capabilities(wanted) == 0);
  wanted.in_memory = true;
  CHECK(wished_capabilities(wanted) == Capabilities{1} << 14);  // CAP_IPC_LOCK
}

TEST_CASE("memory is locked where it has no limit, and let go of again") {
  const auto locked = [] {
    std::ifstream status("/proc/self/status");
    std::string word;
    long kilobytes = -1;
    while (status >> word)
      if (word == "VmLck:") status >> kilobytes;
    return kilobytes;
  };
  CHECK(locked() == 0);
  if (const auto kept = keep_in_memory(true); kept) {
#ifndef __SANITIZE_ADDRESS__  // which makes mlockall(2) do nothing
    CHECK(locked() > 1000);
#endif
    CHECK(keep_in_memory(false));
  } else {
    CHECK(kept.error().message.starts_with("the memory is not locked: the limit of locked memory is "));
    CHECK_FALSE(is_root());
  }
  CHECK(locked() == 0);
}
