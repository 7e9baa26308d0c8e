// check_plan.hpp - the checks of a configuration, in the words of src/checkers: what the checkers role is to do (pure).
#pragma once

#include <map>
#include <vector>

#include "checkers/spec.hpp"
#include "config/model.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

/// The checks of every real server that has any; a real server without checks is always up (compat 11.1).
std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_checks(const config::Config& config);

}  // namespace baton::daemon
