#include "daemon/role_scheduling.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <linux/capability.h>
#include <sys/mman.h>
#include <sys/resource.h>

namespace baton::daemon {

namespace {

/// keepalived's is 10 ms, which a takeover of thousands of addresses needs, too; this one only keeps a role that runs
/// wild from taking the machine with it.
constexpr std::chrono::microseconds kUsualLimit = std::chrono::seconds{1};

template <class Defs>
RoleScheduling to_scheduling(const Defs& from) {
  RoleScheduling to;
  if (from.priority) to.nice = *from.priority;
  if (from.rt_priority) to.realtime = *from.rt_priority;
  to.limit = from.rlimit_rttime ? std::chrono::microseconds(*from.rlimit_rttime) : kUsualLimit;
  to.processors = from.cpu_affinity;
  to.in_memory = from.no_swap;
  return to;
}

/// The hard limit stays, for only who has CAP_SYS_RESOURCE could raise it again.
bool set_limit(pid_t pid, __rlimit_resource resource, rlim_t limit) {
  rlimit present{};
  if (::prlimit(pid, resource, nullptr, &present) != 0) return false;
  const rlimit wanted{std::min(limit, present.rlim_max), present.rlim_max};
  return wanted.rlim_cur == present.rlim_cur || ::prlimit(pid, resource, &wanted, nullptr) == 0;
}

void lift_limit(pid_t pid, __rlimit_resource resource) {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  ::prlimit(pid, resource, &unlimited, nullptr);
}

}  // namespace

RoleScheduling scheduling_of(Role role, const config::GlobalDefs& defs) {
  switch (role) {
    case Role::vrrp: return to_scheduling(defs.vrrp_process);
    case Role::checkers:
    case Role::ipvs: return to_scheduling(defs.checker_process);
    case Role::supervisor:
    case Role::control: break;
  }
  return {};
}

RoleScheduler::RoleScheduler(Complain complain) : complain_(std::move(complain)) {
  sched_param own{};
  nice_ = ::getpriority(PRIO_PROCESS, 0);
  policy_ = std::max(::sched_getscheduler(0), 0);
  if (::sched_getparam(0, &own) == 0) priority_ = own.sched_priority;
  ::sched_getaffinity(0, sizeof processors_, &processors_);
}

void RoleScheduler::prepare(Role role, pid_t pid, const RoleScheduling& wanted) const {
  const auto whose = static_cast<id_t>(pid);
  const int nice = wanted.nice.value_or(nice_);
  if (::getpriority(PRIO_PROCESS, whose) != nice && ::setpriority(PRIO_PROCESS, whose, nice) != 0)
    complain(role, "the nice value", errno);
  const auto processors = processors_of(wanted);
  cpu_set_t present{};
  if (::sched_getaffinity(pid, sizeof present, &present) == 0 && !CPU_EQUAL(&present, &processors) &&
      ::sched_setaffinity(pid, sizeof processors, &processors) != 0)
    complain(role, "the processors", errno);
  if (wanted.in_memory) lift_limit(pid, RLIMIT_MEMLOCK);  // whether that is enough, it will say itself
  if (!set_limit(pid, RLIMIT_RTTIME, RLIM_INFINITY)) complain(role, "the limit of real-time", errno);
}

void RoleScheduler::finish(Role role, pid_t pid, const RoleScheduling& wanted) const {
  const int policy = wanted.realtime ? SCHED_RR : policy_;
  const sched_param priority{wanted.realtime.value_or(priority_)};
  sched_param present{};
  const int flags = wanted.realtime ? SCHED_RESET_ON_FORK : 0;
  const bool is_so = ::sched_getscheduler(pid) == (policy | flags) && ::sched_getparam(pid, &present) == 0 &&
                     present.sched_priority == priority.sched_priority;
  if (!is_so && ::sched_setscheduler(pid, policy | flags, &priority) != 0)
    return complain(role, "the real-time priority", errno);
  if (!wanted.realtime) return;
  if (!set_limit(pid, RLIMIT_RTTIME, static_cast<rlim_t>(wanted.limit.count())))
    complain(role, "the limit of real-time", errno);
}

cpu_set_t RoleScheduler::processors_of(const RoleScheduling& wanted) const {
  if (wanted.processors.empty()) return processors_;
  cpu_set_t set{};
  for (const auto processor : wanted.processors)
    if (processor < CPU_SETSIZE) CPU_SET(processor, &set);
  return set;
}

void RoleScheduler::complain(Role role, const char* what, int code) const {
  complain_(system_failure("role " + std::string(name(role)) + ": cannot set " + what, code).value().message);
}

Capabilities wished_capabilities(const RoleScheduling& wanted) {
  return wanted.in_memory ? Capabilities{1} << CAP_IPC_LOCK : 0;
}

Result<void> keep_in_memory(bool wanted) {
  if (!wanted) {
    ::munlockall();
    return {};
  }
  rlimit limit{};
  const bool has_limit = ::getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  if (has_limit && (permitted_capabilities().value_or(0) >> CAP_IPC_LOCK & 1U) == 0)
    return failure("the memory is not locked: the limit of locked memory is " + std::to_string(limit.rlim_cur) +
                   " octets");
  // What is there now is fetched, the program above all; what comes later stays from when it is used first.
  if (::mlockall(MCL_CURRENT) != 0 || ::mlockall(MCL_FUTURE | MCL_ONFAULT) != 0)
    return system_failure("lock the memory", errno);
  return {};
}

}  // namespace baton::daemon
