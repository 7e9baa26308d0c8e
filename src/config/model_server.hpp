// model_server.hpp - virtual_server, virtual_server_group, real_server and what belongs to them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/model_check.hpp"
#include "config/model_pool.hpp"
#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/ip_address.hpp"

namespace baton::config {

enum class LbKind : std::uint8_t { nat, dr, tun, fullnat };
enum class Protocol : std::uint8_t { tcp, udp, sctp };

/// How TUN wraps packets.
struct Tunnel {
  enum class Type : std::uint8_t { ipip, gre, gue };
  enum class Checksum : std::uint8_t { none, plain, remote };  // nocsum, csum, remcsum
  Type type = Type::ipip;
  Checksum checksum = Checksum::none;
  std::uint16_t port = 0;  // of gue
  friend bool operator==(const Tunnel&, const Tunnel&) = default;
};

struct RealServer {
  IpAddress address;
  std::uint16_t port = 0;        // 0: the one that the packet was sent to
  int weight = 1;                // 0..65535
  LbKind lb_kind = LbKind::nat;  // the virtual server's unless said here
  Tunnel tunnel;                 // of TUN
  bool inhibit_on_failure = false;
  bool alpha = false;                              // the virtual server's unless said here
  std::uint32_t u_threshold = 0, l_threshold = 0;  // uthreshold, lthreshold; 0: none
  std::optional<bool> smtp_alert;                  // absent: global_defs decides
  std::optional<ScriptIndex> notify_up, notify_down;
  std::string virtualhost;  // the default of its checks, which have taken it over
  std::string snmp_name;
  std::chrono::seconds slow_start{0};  // the virtual server's unless said here; 0: none
  std::vector<Check> checks;
  Position position;
  friend bool operator==(const RealServer&, const RealServer&) = default;
};

/// real_server_pool: what each of its servers is, but for the address and, of SRV records, port and weight.
struct RealServerPool {
  PoolSource source;
  RealServer server;
  friend bool operator==(const RealServerPool&, const RealServerPool&) = default;
};

struct SorryServer {
  IpAddress address;
  std::uint16_t port = 0;
  LbKind lb_kind = LbKind::nat;
  Tunnel tunnel;
  bool inhibit = false;
  Position position;
  friend bool operator==(const SorryServer&, const SorryServer&) = default;
};

// What tells the packets of a service: where they are sent, the mark that the firewall has given them, or a group of
// such.
struct ServiceAddress {
  IpAddress address;
  std::uint16_t port = 0;  // 0: all
  friend bool operator==(const ServiceAddress&, const ServiceAddress&) = default;
};
struct ServiceMark {
  std::uint32_t fwmark = 1;  // never 0
  Family family = Family::ipv4;
  friend bool operator==(const ServiceMark&, const ServiceMark&) = default;
};
struct ServiceGroup {
  std::string name;
  std::optional<Family> family;  // ip_family
  friend bool operator==(const ServiceGroup&, const ServiceGroup&) = default;
};
using ServiceIdentity = std::variant<ServiceAddress, ServiceMark, ServiceGroup>;

/// Which clients persistence takes for one: an IPv4 netmask, or an IPv6 prefix length.
using Granularity = std::variant<IpAddress, std::uint8_t>;

struct VirtualServer {
  ServiceIdentity identity;
  std::optional<Protocol> protocol;     // absent: by marks, which have none
  std::string scheduler = "wlc";        // lb_algo
  bool flag_1 = false, flag_2 = false;  // of sh and mh: fallback, port
  bool flag_3 = false, hashed = false;  // hashed has no effect
  bool ops = false;                     // UDP
  LbKind lb_kind = LbKind::nat;
  Tunnel tunnel;
  std::string persistence_engine;                    // empty: none
  std::optional<std::uint32_t> persistence_timeout;  // seconds; absent: not persistent
  std::optional<Granularity> persistence_granularity;
  bool ha_suspend = false;
  std::optional<bool> smtp_alert;  // absent: global_defs decides
  std::uint32_t quorum = 1, hysteresis = 0;
  std::optional<ScriptIndex> quorum_up, quorum_down;
  bool alpha = false, omega = false;
  std::chrono::seconds slow_start{0};
  std::uint8_t max_removed = 100;  // percent
  std::string virtualhost;
  std::string snmp_name;
  std::optional<SorryServer> sorry_server;
  std::vector<RealServer> real_servers;
  std::vector<RealServerPool> real_server_pools;
  Position position;
  friend bool operator==(const VirtualServer&, const VirtualServer&) = default;
};

/// One line of a virtual_server_group: the addresses first to last, both included, with one port.
struct GroupAddresses {
  IpAddress first, last;
  std::uint16_t port = 0;
  Position position;
  friend bool operator==(const GroupAddresses&, const GroupAddresses&) = default;
};
struct GroupMark {
  std::uint32_t fwmark = 0;
  std::optional<Family> family;  // absent: that of the real servers
  Position position;
  friend bool operator==(const GroupMark&, const GroupMark&) = default;
};

/// virtual_server_group: addresses, ranges and marks that share one virtual_server.
struct VirtualServerGroup {
  std::string name;
  std::vector<GroupAddresses> addresses;
  std::vector<GroupMark> marks;
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
