#include "checkers/latency.hpp"

#include <utility>

namespace baton::checkers {

namespace {

std::string milliseconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

}  // namespace

Done judge_latency(const Schedule& schedule, Done done, Duration latency) {
  if (done.outcome != Outcome::passed || schedule.latency_limit.count() == 0 || latency <= schedule.latency_limit)
    return done;
  return Done{Outcome::failed, std::move(done.reason) + ", but only after " + milliseconds(latency) +
                                   ", where latency_limit is " + milliseconds(schedule.latency_limit)};
}

}  // namespace baton::checkers
