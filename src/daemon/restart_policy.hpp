// restart_policy.hpp - when a role that died is started again, and when it can no longer be trusted (pure).
#pragma once

#include <algorithm>

#include "core/time.hpp"

namespace baton::daemon {

class RestartPolicy {
 public:
  struct Decision {
    Duration delay{};          // 0: at once
    bool keeps_dying = false;  // somebody must act for it: a vrrp role's instances are resigned
  };

  /// A role that lived for `lived` has died.  At once after a long life and after a first short one; then after 1, 2, 4
  /// ... 60 s, like keepalived.  With these pauses the fifth quick death comes 7 s after the first.
  Decision died(Duration lived) {
    if (lived >= kLongLife) quick_deaths_ = 0;
    ++quick_deaths_;
    Decision decision;
    if (quick_deaths_ > 1)
      decision.delay = std::min<Duration>(kLongestPause, kFirstPause * (1U << (std::min(quick_deaths_, 12U) - 2)));
    decision.keeps_dying = quick_deaths_ >= kTooMany;
    return decision;
  }

  static constexpr Duration kLongLife = std::chrono::seconds{60};
  static constexpr Duration kFirstPause = std::chrono::seconds{1};
  static constexpr Duration kLongestPause = std::chrono::seconds{60};
  static constexpr unsigned kTooMany = 5;

 private:
  unsigned quick_deaths_ = 0;
};

}  // namespace baton::daemon
