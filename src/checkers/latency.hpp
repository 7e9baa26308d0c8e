// latency.hpp - a server that answers too late has not answered: latency_limit (pure).
#pragma once

#include "checkers/conversation.hpp"
#include "checkers/health.hpp"

namespace baton::checkers {

/// What a probe that took `latency` comes to.
Done judge_latency(const Schedule& schedule, Done done, Duration latency);

}  // namespace baton::checkers
