// story.hpp - a run that broke a promise, told so that it can be understood and repeated.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/world.hpp"

namespace baton::vrrp::sim {

/// The same with as few faults as break the same promise; without end it is not tried.
Scenario shrunk(Scenario scenario, World::Options options, Promise broken);

/// The cluster, its faults, at most so many of the last lines of its run, and the promise broken.
std::string story(const Scenario& scenario, World::Options options, std::size_t lines);

struct Change {
  DirectorId director;
  unsigned wire;
  State to;
  Duration when;
};

/// The states entered and when, from the trace.
std::vector<Change> changes(const World& world);

/// When the director entered the state for the last time.
std::optional<Duration> entered(const World& world, DirectorId director, State state, unsigned wire = 0);

/// A director on 10.0.0.`number`.
Params director(unsigned number, Priority priority, Version version = Version::v2);

/// The lab's pair: 10.0.0.1 with priority 100, 10.0.0.2 with priority 50, started together, 60 s.
Scenario pair(Version version = Version::v2);

Fault fault(Fault::Kind kind, DirectorId director, Duration begin, Duration end);

inline bool within(std::optional<Duration> when, Duration least, Duration most) {
  return when && *when >= least && *when <= most;
}

}  // namespace baton::vrrp::sim
