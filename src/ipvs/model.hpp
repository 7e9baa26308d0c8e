// model.hpp - the IPVS table as values, in the words of linux/ip_vs.h.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <boost/container/flat_map.hpp>

#include "core/ip_address.hpp"

namespace baton::ipvs {

/// IPPROTO_*.
enum class Protocol : std::uint8_t { none = 0, tcp = 6, udp = 17, sctp = 132 };

/// IP_VS_CONN_F_*.  The last two are never wanted, but another program may have put them there.
enum class FwdMethod : std::uint8_t { masq = 0, tunnel = 2, direct_route = 3, local_node = 1, bypass = 4 };

/// What the kernel identifies a service by: protocol, address and port, or a firewall mark.
struct ServiceKey {
  Family family = Family::ipv4;
  Protocol protocol = Protocol::none;
  IpAddress address;
  std::uint16_t port = 0;
  std::uint32_t fwmark = 0;  // not 0: protocol, address and port are empty
  friend auto operator<=>(const ServiceKey&, const ServiceKey&) = default;
};

/// What the kernel identifies a destination of a service by.
struct DestKey {
  IpAddress address;
  std::uint16_t port = 0;
  friend auto operator<=>(const DestKey&, const DestKey&) = default;
};

/// How a tunnel wraps packets.
struct Tunnel {
  /// IP_VS_CONN_F_TUNNEL_TYPE_*.
  enum class Type : std::uint8_t { ipip = 0, gue = 1, gre = 2 };
  Type type = Type::ipip;
  std::uint16_t port = 0;   // UDP, of gue
  std::uint16_t flags = 0;  // IP_VS_TUNNEL_ENCAP_FLAG_*: checksums of gue and gre
  friend bool operator==(const Tunnel&, const Tunnel&) = default;
};

/// Which tunnels a kernel has: gue since 5.2, gre and the checksums since 5.3.
enum class TunnelSupport : std::uint8_t { unknown, ipip, gue, all };
/// Whether such a kernel wraps packets so; one of which nothing is known counts as able.
bool supports(TunnelSupport kernel, const Tunnel& tunnel);

struct Dest {
  FwdMethod fwd_method = FwdMethod::masq;
  std::uint32_t weight = 1;                        // 0..65535; 0: no new connections
  std::uint32_t u_threshold = 0, l_threshold = 0;  // connections; 0: none
  Tunnel tunnel{};                                 // plain ipip unless fwd_method is tunnel
  friend bool operator==(const Dest&, const Dest&) = default;
};

/// In one piece: a pool has few, and there may be thousands of pools.
using Dests = boost::container::flat_map<DestKey, Dest>;

struct Service {
  std::string sched_name = "wlc";
  std::uint32_t flags = 0;  // IP_VS_SVC_F_PERSISTENT, ..._ONEPACKET, ..._SCHED1..3; IP_VS_SVC_F_HASHED is the kernel's
  std::uint32_t timeout = 0;  // persistence, seconds; 0 when not persistent
  std::uint32_t netmask =
      0xffffffffU;  // persistence granularity: IPv4 mask (network byte order as the kernel has it), IPv6 prefix length
  std::string pe_name;
  Dests dests;
  friend bool operator==(const Service&, const Service&) = default;
};

using Table = std::map<ServiceKey, Service>;

/// The netmask that keeps each client apart.
std::uint32_t host_netmask(Family family);

/// The service without its dests, as the kernel would report it: the kernel's own flag gone, and without persistence
/// the timeout and netmask that mean nothing then.
Service settings(const ServiceKey& key, const Service& service);

/// "type gue port 6080 remcsum", as it is configured.
std::string to_string(const Tunnel& tunnel);

/// "TCP 192.0.2.1:80", "UDP [2001:db8::1]:53", "FWM 7", "FWM 7 IPv6": for logs and errors.
std::string to_string(const ServiceKey& key);
std::string to_string(const DestKey& key);

}  // namespace baton::ipvs
