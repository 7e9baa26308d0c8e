// check_plan.hpp - the checks of a configuration, in the words of src/checkers: what the checkers role is to do (pure).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "checkers/spec.hpp"
#include "config/model.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

/// The checks of every real server that has any; a real server without checks is always up (compat 11.1).
std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_checks(const config::Config& config);

/// What a check probes; none where it probes nothing, or is not carried out (and the server is served without it, as
/// was told when it was read).
std::optional<checkers::CheckSpec> probe_of(const config::Check& check, const config::RealServer& server);

/// Whether there is ever a result of it.
bool is_carried_out(const config::Check& check);
/// It is carried out, and has failed until its first success (alpha).
bool begins_failed(const config::Check& check);

}  // namespace baton::daemon
