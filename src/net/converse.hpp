// converse.hpp - the one coroutine that carries out every check.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "net/exchange.hpp"

namespace baton::net {

/// Carries `exchange` out, which outlives the coroutine; never throws for network trouble.  Ends early by
/// Exchange::stop() or by a terminal cancellation; the result is then local trouble.
boost::asio::awaitable<ProbeResult> converse(Exchange* exchange);

}  // namespace baton::net
