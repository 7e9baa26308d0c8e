// time.hpp - the only time vocabulary of the project.  Nothing below src/net reads a clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

namespace baton {

using Clock = std::chrono::steady_clock;
using Instant = Clock::time_point;
using Duration = Clock::duration;

/// The unit VRRPv3 carries on the wire (12 bits, 1..4095); a distinct type, so that seconds cannot be passed for it.
using Centiseconds = std::chrono::duration<std::uint16_t, std::centi>;

}  // namespace baton
