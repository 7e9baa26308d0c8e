// check_plan.hpp - the checks of a configuration, in the words of src/checkers: what the checkers role is to do (pure).
#pragma once

#include <vector>

#include "checkers/spec.hpp"
#include "config/model.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

struct PlannedProbe {
  checkers::CheckSpec spec;
  bool alpha = false;
};
/// What a check probes: nothing, one thing, or each host of an SMTP_CHECK.
std::vector<PlannedProbe> probes_of(const config::Check& check, const config::RealServer& server,
                                    const config::Config& config);

/// It is carried out, and has failed until its first success (alpha).
bool begins_failed(const config::Check& check);

}  // namespace baton::daemon
