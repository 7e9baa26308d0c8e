// pool_server.hpp - a server that an answer of DNS names.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

#include "core/ip_address.hpp"

namespace baton {

struct PoolServer {
  IpAddress address;
  std::uint16_t port = 0;    // of an SRV record; otherwise 0
  std::uint16_t weight = 0;  // of an SRV record, never 0 there; otherwise 0
  friend auto operator<=>(const PoolServer&, const PoolServer&) = default;
};

/// The most of one answer: what is behind them is left out, in the order of their addresses.
inline constexpr std::size_t kMaxPoolServers = 256;

}  // namespace baton
