// role_scheduling.hpp - how the kernel is to run a role: nice value, real-time priority, processors, memory.
//
// The supervisor sets it from outside, so that no role needs a right for it, and nothing that the supervisor starts,
// scripts above all, inherits any of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <sched.h>
#include <sys/types.h>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "daemon/privileges.hpp"

namespace baton::daemon {

struct RoleScheduling {
  std::optional<int> nice;                // -20 to 19; none: the supervisor's
  std::optional<int> realtime;            // SCHED_RR, 1 to 99; none: the supervisor's policy
  std::chrono::microseconds limit{};      // RLIMIT_RTTIME: of processor time without a wait, under a real-time priority
  std::vector<std::uint16_t> processors;  // none: the supervisor's
  bool in_memory = false;                 // never swapped out
  friend bool operator==(const RoleScheduling&, const RoleScheduling&) = default;
};

/// vrrp_*, and checker_* for the roles checkers and ipvs, which are one process of keepalived.
RoleScheduling scheduling_of(Role role, const config::GlobalDefs& defs);

/// Trouble (a missing right, a processor that is not there) goes to `complain`, and costs nothing but itself.
class RoleScheduler {
 public:
  using Complain = std::function<void(const std::string&)>;

  /// Remembers how this process runs: what is not asked for is as here.
  explicit RoleScheduler(Complain complain);

  /// Of a role that has just been started, or is about to get another configuration: nice value and processors, and
  /// room to lock its memory, where that can be given.  It is free of the limit as long as it reads and puts into
  /// force.
  void prepare(Role role, pid_t pid, const RoleScheduling& wanted) const;
  /// It has done so.  What it starts, its threads above all, does not inherit the real-time priority.
  void finish(Role role, pid_t pid, const RoleScheduling& wanted) const;

 private:
  void complain(Role role, const char* what, int code) const;
  [[nodiscard]] cpu_set_t processors_of(const RoleScheduling& wanted) const;

  Complain complain_;
  int nice_ = 0;
  int policy_ = SCHED_OTHER;
  int priority_ = 0;
  cpu_set_t processors_{};
};

/// The capability to lock memory, for a role that is to do so: good to have, for its limit can be raised only with
/// CAP_SYS_RESOURCE.
Capabilities wished_capabilities(const RoleScheduling& wanted);

/// Of this process: locks all of its memory, or lets go of it.  Does nothing, and says why, where there is a limit:
/// later requests for memory would fail.
Result<void> keep_in_memory(bool wanted);

}  // namespace baton::daemon
