#include "checkers/pool_schedule.hpp"

#include <algorithm>
#include <utility>

namespace baton::checkers {

Duration PoolSchedule::answered(std::chrono::seconds ttl) {
  pause_ = min_ttl_;
  is_over_ = !trouble_.empty();
  trouble_.clear();
  return std::clamp<Duration>(ttl, min_ttl_, max_ttl_);
}

Duration PoolSchedule::failed() {
  const auto pause = pause_;
  pause_ = std::min(2 * pause_, max_ttl_);
  return pause;
}

bool PoolSchedule::is_news(const std::string& trouble) {
  if (trouble == trouble_) return false;
  trouble_ = trouble;
  return true;
}

bool PoolSchedule::is_over() {
  return std::exchange(is_over_, false);
}

}  // namespace baton::checkers
