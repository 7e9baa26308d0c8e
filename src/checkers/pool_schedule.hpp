// pool_schedule.hpp - when the name of a pool is asked for again, and what of it is news (sans-I/O).
#pragma once

#include <chrono>
#include <string>

#include "core/time.hpp"

namespace baton::checkers {

/// An answer is held for its TTL, within bounds.  A question without a good answer is repeated after min_ttl, then
/// after twice as long each time, at most after max_ttl.  No chance in it: equal answers come at equal times.
class PoolSchedule {
 public:
  /// 0 < `min_ttl` <= `max_ttl`.
  PoolSchedule(Duration min_ttl, Duration max_ttl) : min_ttl_(min_ttl), max_ttl_(max_ttl), pause_(min_ttl) {}

  /// After a good answer: how long until the next question.
  Duration answered(std::chrono::seconds ttl);
  /// After one that was not: how long until it is repeated.
  Duration failed();

  /// Whether this trouble has not been told yet; answered() ends it.
  bool is_news(const std::string& trouble);
  /// Whether there was trouble that has been told, and which is over: asked once after answered().
  bool is_over();

 private:
  Duration min_ttl_, max_ttl_;
  Duration pause_;  // after the next failure
  std::string trouble_;
  bool is_over_ = false;
};

}  // namespace baton::checkers
