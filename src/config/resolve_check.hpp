// resolve_check.hpp - what a real server's checks inherit, and what of them can only be judged with their servers.
#pragma once

#include "config/builder.hpp"

namespace baton::config {

/// Moves the checks of `draft` into `real`, complete: checker <- real server <- virtual server <- built-in.
void resolve_checks(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server, RealServer& real);

}  // namespace baton::config
