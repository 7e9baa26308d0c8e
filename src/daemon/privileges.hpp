// privileges.hpp - the capabilities a role needs, and giving up all others for ever.
#pragma once

#include <cstdint>

#include "config/model.hpp"
#include "core/result.hpp"
#include "daemon/messages.hpp"

namespace baton::daemon {

/// A set of capabilities: bit n is capability n of linux/capability.h.
using Capabilities = std::uint64_t;

/// vrrp: NET_ADMIN and NET_RAW; ipvs: NET_ADMIN; checkers: none, unless a check binds to an interface or sets a mark.
Capabilities needed_capabilities(Role role, const config::Config& config);

/// What this process may do.
Result<Capabilities> permitted_capabilities();

/// "CAP_NET_ADMIN, CAP_NET_RAW": those that Baton knows, others by number.
std::string to_string(Capabilities capabilities);

/// Keeps no more than these, also for every program that is started later, and gains nothing from set-id programs.
Result<void> keep_only(Capabilities capabilities);

}  // namespace baton::daemon
