// model_pool.hpp - where the servers of a real_server_pool come from.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "core/ip_address.hpp"
#include "core/pool_server.hpp"
#include "core/time.hpp"

namespace baton::config {

enum class PoolRecord : std::uint8_t { a, aaaa, srv };

struct Nameserver {
  IpAddress address;
  std::uint16_t port = 53;
  friend auto operator<=>(const Nameserver&, const Nameserver&) = default;
};

struct PoolSource {
  std::string name;  // without a dot at its end
  PoolRecord record = PoolRecord::srv;
  Family family = Family::ipv4;  // of the addresses
  /// SRV behind DR, TUN: these keep the port of the service, whatever the record says.
  bool keeps_port = false;
  std::optional<Nameserver> nameserver;  // absent: the system's
  Duration min_ttl = std::chrono::seconds{5}, max_ttl = std::chrono::seconds{300};
  Duration resolve_timeout = std::chrono::seconds{5};
  std::uint32_t max_servers = kMaxPoolServers;  // never more than that
  friend bool operator==(const PoolSource&, const PoolSource&) = default;
};

}  // namespace baton::config
