// real_server_part.hpp - what a configuration asks of the machine that has certain addresses (pure).
#pragma once

#include <set>

#include "config/model.hpp"
#include "core/ip_address.hpp"
#include "realserver/model.hpp"

namespace baton::daemon {

/// A duty for each virtual_server one of whose real servers, or whose sorry server, has an address of `own`.  The
/// addresses of a service that goes by marks are all virtual addresses of the directors.
realserver::Part real_server_part(const config::Config& config, const std::set<IpAddress>& own);

}  // namespace baton::daemon
