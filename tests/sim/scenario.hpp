// scenario.hpp - a cluster and what befalls it, drawn from a seed or written by hand.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "vrrp/tracking.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::vrrp::sim {

using DirectorId = std::size_t;
using InstanceId = std::size_t;  // director * wires + wire

inline constexpr unsigned kMostWires = 3;
inline constexpr std::uint32_t kAll = 0xffffffff;

struct Fault {
  enum class Kind : std::uint8_t {
    // of the network
    loss,         // `permille` of the packets
    duplication,  // likewise
    corruption,   // likewise: one bit of the VRRP message
    delay,        // each packet up to `delay`, so that they overtake each other
    partition,    // the directors of the bit mask `side` from the others, on the wires of the mask `wires`
    one_way,      // what `director` sends does not reach those of `side`, on the wires of the mask `wires`
    // of `director`
    stall,   // the process does not run; its sockets fill
    crash,   // the process is gone without a word; a new one at the end
    stop,    // a wanted stop; a start at the end
    link,    // its interfaces on the wires of the mask `wires` are down
    reload,  // `params` from the beginning, with the present addresses; the end has no meaning
    track    // its tracker number `tracked` has the value `value`; at the end it is up again, a file's number 0
  };
  Kind kind = Kind::loss;
  Instant begin, end;
  DirectorId director = 0;
  unsigned permille = 0;
  Duration delay{};
  std::uint32_t side = 0;
  std::uint32_t wires = kAll;
  Params params;
  std::size_t tracked = 0;
  TrackValue value = kTrackedDown;
};

/// What a director tracks.
struct Tracked {
  Tracker tracker;
  std::uint32_t wires = kAll;  // by the instances on these
};

struct Scenario {
  std::uint64_t seed = 1;  // of delays, losses and lateness
  Family family = Family::ipv4;
  bool is_unicast = false;                             // else by multicast
  unsigned wires = 1;                                  // each director has an instance on each of them
  bool is_grouped = false;                             // the instances of a director are a sync group
  std::array<unsigned, kMostWires> slowness{1, 1, 1};  // by which the interval is longer on each wire
  std::vector<Params> directors;                       // up to 32, all of one version; the address is that on wire 0
  std::vector<Instant> starts;                         // when each process starts
  std::vector<std::vector<Tracked>> trackers;          // of each director; may end early
  std::vector<Fault> faults;
  Instant end;

  [[nodiscard]] bool has_network_faults() const;
  /// What `director` is given by `params` on a wire.
  [[nodiscard]] Params on_wire(Params params, unsigned wire) const;
  [[nodiscard]] const std::vector<Tracked>& trackers_of(DirectorId director) const;
};

/// Two to five directors on one to three wires, thirty to forty intervals of trouble, then quiet until all must be
/// settled.
Scenario random_scenario(std::uint64_t seed);

/// "stall of d2, 12.345 s to 14.001 s"
std::string words(const Scenario& scenario, const Fault& fault);
/// A line for each director, and for the cluster.
std::string words(const Scenario& scenario);

}  // namespace baton::vrrp::sim
