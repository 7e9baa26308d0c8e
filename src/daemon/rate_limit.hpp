// rate_limit.hpp - one line now and then of what repeats itself, with the count of what was left out (pure).
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace baton::daemon {

class RateLimit {
 public:
  explicit RateLimit(Duration period) : period_(period) {}

  /// The number of events kept quiet since the last line when a line may be written now; none when this one is to be
  /// kept quiet too.
  std::optional<std::uint64_t> allow(Instant now) {
    if (last_ && now - *last_ < period_) {
      ++suppressed_;
      return std::nullopt;
    }
    last_ = now;
    const auto quiet = suppressed_;
    suppressed_ = 0;
    return quiet;
  }

 private:
  Duration period_;
  std::optional<Instant> last_;
  std::uint64_t suppressed_ = 0;
};

}  // namespace baton::daemon
