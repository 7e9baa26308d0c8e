// model_server.hpp - virtual_server, real_server and what belongs to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_check.hpp"
#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/ip_address.hpp"

namespace baton::config {

enum class LbKind : std::uint8_t { nat, dr, tun };
enum class Protocol : std::uint8_t { tcp, udp, sctp };

struct RealServer {
  IpAddress address;
  std::uint16_t port = 0;
  int weight = 1;                // 0..65535
  LbKind lb_kind = LbKind::nat;  // the virtual server's unless said here
  bool inhibit_on_failure = false;
  std::uint32_t u_threshold = 0, l_threshold = 0;  // uthreshold, lthreshold; 0: none
  std::vector<Check> checks;
  Position position;
  friend bool operator==(const RealServer&, const RealServer&) = default;
};

struct SorryServer {
  IpAddress address;
  std::uint16_t port = 0;
  LbKind lb_kind = LbKind::nat;
  bool inhibit = false;
  Position position;
  friend bool operator==(const SorryServer&, const SorryServer&) = default;
};

struct VirtualServer {
  IpAddress address;
  std::uint16_t port = 0;
  Protocol protocol = Protocol::udp;
  std::string scheduler = "wlc";  // lb_algo
  LbKind lb_kind = LbKind::nat;
  std::optional<std::uint32_t> persistence_timeout;  // seconds; absent: not persistent
  std::uint32_t quorum = 1, hysteresis = 0;
  bool alpha = false, omega = false;
  std::string virtualhost;
  std::optional<SorryServer> sorry_server;
  std::vector<RealServer> real_servers;
  Position position;
  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

/// virtual_server_group: addresses, ranges and marks that share one virtual_server.
struct VirtualServerGroup {
  std::string name;
  Position position;
  friend bool operator==(const VirtualServerGroup&, const VirtualServerGroup&) = default;
};

/// SSL: the client certificate of SSL_GET checks.
struct SslMaterial {
  std::string password, ca, certificate, key;
  Position position;
  friend bool operator==(const SslMaterial&, const SslMaterial&) = default;
};

}  // namespace baton::config
