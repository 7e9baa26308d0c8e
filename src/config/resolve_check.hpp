// resolve_check.hpp - what a real server's checks inherit, and what of them can only be judged with their servers.
#pragma once

#include "config/builder.hpp"

namespace baton::config {

/// Moves the checks of `draft` into `real`, complete: checker <- real server <- virtual server <- built-in.
void resolve_checks(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server, RealServer& real);

/// Leaves out the checks that follow a track_file or bfd_instance that is not there; after the last line.
void resolve_followed(Builder& builder);

}  // namespace baton::config
