// backoff.hpp - pauses that grow while something fails again and again (pure).
#pragma once

#include <algorithm>

#include "core/time.hpp"

namespace baton::daemon {

class Backoff {
 public:
  /// `first`, then twice as long each time, at most `longest`.
  Backoff(Duration first, Duration longest) : first_(first), longest_(longest), next_(first) {}

  Duration next() {
    const auto pause = next_;
    next_ = std::min(2 * next_, longest_);
    return pause;
  }
  /// It has succeeded.
  void reset() { next_ = first_; }

 private:
  Duration first_, longest_, next_;
};

}  // namespace baton::daemon
