// scenario.hpp - a cluster and what befalls it, drawn from a seed or written by hand.
#pragma once

#include <cstdint>
#include <vector>

#include "vrrp/virtual_router.hpp"

namespace baton::vrrp::sim {

using DirectorId = std::size_t;

struct Fault {
  enum class Kind : std::uint8_t {
    // of the network
    loss,         // `permille` of the packets
    duplication,  // likewise
    corruption,   // likewise: one bit of the VRRP message
    delay,        // each packet up to `delay`, so that they overtake each other
    partition,    // the directors of the bit mask `side` from the others
    one_way,      // what `director` sends does not reach those of `side`
    // of `director`
    stall,   // the process does not run; its socket fills
    crash,   // the process is gone without a word; a new one at the end
    stop,    // a wanted stop; a start at the end
    link,    // the interface is down
    reload,  // `params` from the beginning; the end has no meaning
  };
  Kind kind = Kind::loss;
  Instant begin, end;
  DirectorId director = 0;
  unsigned permille = 0;
  Duration delay{};
  std::uint32_t side = 0;
  Params params;
};

struct Scenario {
  std::uint64_t seed = 1;  // of delays, losses and lateness
  Family family = Family::ipv4;
  bool is_unicast = false;        // else by multicast
  std::vector<Params> directors;  // up to 32, all of one version
  std::vector<Instant> starts;    // when each process starts
  std::vector<Fault> faults;
  Instant end;

  [[nodiscard]] bool has_network_faults() const;
};

/// Two to five directors, thirty to forty intervals of trouble, then quiet until all must be settled.
Scenario random_scenario(std::uint64_t seed);

}  // namespace baton::vrrp::sim
