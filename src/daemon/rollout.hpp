// rollout.hpp - who has put a new configuration into force and who has not yet (pure).
#pragma once

#include <cstdint>
#include <set>

#include "daemon/messages.hpp"

namespace baton::daemon {

/// One at a time; a reload that is asked for meanwhile is remembered once.
class Rollout {
 public:
  void begin(std::uint64_t generation, std::set<Role> roles) {
    generation_ = generation;
    waiting_ = std::move(roles);
    active_ = true;
  }

  /// True when that was the last one.  Answers to former generations do not count.
  bool answered(Role role, std::uint64_t generation) { return generation == generation_ && left_out(role); }

  /// A role that is no longer needed; true when only that was waited for.
  bool left_out(Role role) {
    waiting_.erase(role);
    return active_ && waiting_.empty();
  }

  /// It is over, or given up.  True: another reload was asked for meanwhile.
  bool finish() {
    active_ = false;
    waiting_.clear();
    return std::exchange(again_, false);
  }

  /// A reload is asked for: true when it may begin now.
  bool request() {
    again_ = active_;
    return !active_;
  }

  [[nodiscard]] bool active() const { return active_; }
  [[nodiscard]] const std::set<Role>& waiting() const { return waiting_; }

 private:
  std::uint64_t generation_ = 0;
  std::set<Role> waiting_;
  bool active_ = false, again_ = false;
};

}  // namespace baton::daemon
