// pool_event.hpp - what has happened to a pool: for logs and for those who are told.
#pragma once

#include <cstdint>

#include "ipvs/model.hpp"

namespace baton::ipvs {

struct PoolEvent {
  enum class Kind : std::uint8_t {
    server_new,       // was not there before, and begins in the pool
    server_up,        // taken in
    server_down,      // taken out
    first_failure,    // of one that has not been in yet (alpha): nothing changes
    server_held,      // it has failed, and stays in because of max_removed
    server_released,  // it has recovered while it was held: nothing changes
    weight_changed,   // from `before` to `after`
    quorum_gained,    // `bar` <= `live`
    quorum_lost,      // `bar` > `live`
    quorum_missing    // at the start, and a sorry server stands in
  };
  Kind kind = Kind::server_up;
  DestKey server;                       // of the kinds about a server
  bool inhibited = false;               // server_up, server_down: its entry stays in the table all the time
  bool is_in = false;                   // weight_changed: it serves
  std::uint32_t before = 0, after = 0;  // weights
  std::uint32_t quorum = 0, hysteresis = 0;
  std::uint64_t bar = 0, live = 0;  // sums of weights
  friend bool operator==(const PoolEvent&, const PoolEvent&) = default;
};

}  // namespace baton::ipvs
