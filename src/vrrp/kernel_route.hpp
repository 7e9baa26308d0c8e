// kernel_route.hpp - a route and a policy rule as the kernel is to have them: every name a number, every default
// chosen.
//
// Devices are names, because interfaces come and go.  Values are rtnetlink's (linux/rtnetlink.h, linux/fib_rules.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/ip_address.hpp"

namespace baton::vrrp {

struct Prefix {
  IpAddress address;
  std::uint8_t length = 0;
  friend bool operator==(const Prefix&, const Prefix&) = default;
};

/// LWTUNNEL_ENCAP_IP, LWTUNNEL_ENCAP_IP6.
struct TunnelHeader {
  Family family = Family::ipv4;
  std::optional<std::uint64_t> id;
  std::optional<IpAddress> destination, source;
  std::optional<std::uint8_t> tos, ttl;
  std::optional<std::uint16_t> flags;
  friend bool operator==(const TunnelHeader&, const TunnelHeader&) = default;
};
struct LabelStack {
  std::vector<std::uint32_t> labels;  // 20 bits each, the outermost first
  friend bool operator==(const LabelStack&, const LabelStack&) = default;
};
struct Locator {
  std::uint64_t value = 0;
  friend bool operator==(const Locator&, const Locator&) = default;
};
using Encapsulation = std::variant<TunnelHeader, LabelStack, Locator>;

struct RouteHop {
  std::optional<IpAddress> gateway;  // may be of the other family
  std::string device;                // empty: the kernel's choice
  std::uint16_t weight = 1;          // 1..256
  bool is_on_link = false;
  std::optional<Encapsulation> encapsulation;
  std::optional<std::uint32_t> realms;  // RTA_FLOW
  friend bool operator==(const RouteHop&, const RouteHop&) = default;
};

struct KernelRoute {
  Family family = Family::ipv4;
  std::uint8_t type = 1;  // RTN_*
  std::uint8_t tos = 0;
  std::uint8_t scope = 0;       // RT_SCOPE_*
  std::uint8_t protocol = 18;   // RTPROT_*
  std::uint32_t table = 254;    // RT_TABLE_*
  std::string vrf;              // the table is that of this interface instead; empty: of none
  std::uint16_t placement = 0;  // NLM_F_EXCL, NLM_F_APPEND; 0: before equal ones
  Prefix destination;
  std::optional<Prefix> source;  // IPv6: of packets from there only
  std::optional<IpAddress> preferred_source;
  std::optional<std::uint32_t> priority, expires;                // expires: seconds, IPv6
  std::vector<std::pair<std::uint16_t, std::uint32_t>> metrics;  // RTAX_*, RTAX_LOCK among them
  std::string congestion_control;
  std::optional<std::uint8_t> preference, ttl_propagate;  // RTA_PREF, RTA_TTL_PROPAGATE
  std::vector<RouteHop> hops;                             // one: no multipath route
  bool is_tracked = true;                                 // put back when somebody removes it
  friend bool operator==(const KernelRoute&, const KernelRoute&) = default;
};

struct NumberSpan {
  std::uint32_t first = 0, last = 0;
  friend bool operator==(const NumberSpan&, const NumberSpan&) = default;
};

struct KernelRule {
  Family family = Family::ipv4;
  bool is_inverted = false;
  std::uint8_t action = 0;  // FR_ACT_*
  std::uint8_t tos = 0;
  std::uint8_t protocol = 18;
  std::uint32_t table = 0;  // of FR_ACT_TO_TBL
  std::optional<std::uint32_t> priority, go_to, mark, mask, realms, suppress_prefix_length, suppress_group;
  std::optional<Prefix> source, destination;
  std::string input_device, output_device;
  std::optional<std::uint8_t> ip_protocol;
  std::optional<std::uint64_t> tunnel_id;
  std::optional<NumberSpan> users, source_ports, destination_ports;
  bool uses_master_device = false;  // FRA_L3MDEV
  bool is_tracked = true;
  friend bool operator==(const KernelRule&, const KernelRule&) = default;
};

}  // namespace baton::vrrp
