// slow_start.hpp - the weight of a server that has just come back (slow_start): a function of time alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace baton::ipvs {

/// From 1 at the recovery up to `full` after `length`, in steps of whole seconds; 0 stays 0.
std::uint32_t ramped_weight(std::uint32_t full, Duration since_recovery, Duration length);

/// How long after the recovery the weight next changes, if it still does: a whole number of seconds, at least 1.
std::optional<Duration> next_ramp_step(std::uint32_t full, Duration since_recovery, Duration length);

}  // namespace baton::ipvs
