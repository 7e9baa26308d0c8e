// model_route.hpp - routes and policy rules: virtual_routes, virtual_rules, static_routes, static_rules.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/position.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

namespace baton::config {

struct Network {
  IpAddress address;
  std::uint8_t prefix_length = 0;
  friend bool operator==(const Network&, const Network&) = default;
};

/// A routing table, protocol, scope and the like: its number, or the name that /etc/iproute2 of the machine gives it.
using Identifier = std::variant<std::uint32_t, std::string>;

struct Realms {
  std::optional<Identifier> from;
  Identifier to;
  friend bool operator==(const Realms&, const Realms&) = default;
};

/// A metric of a route; a locked one is not changed by what the network tells.
template <class T>
struct Lockable {
  T value{};
  bool is_locked = false;
  friend bool operator==(const Lockable&, const Lockable&) = default;
};
/// rtt, rttvar, rto_min: a number without a unit is in the kernel's own one.
using Latency = std::variant<std::uint32_t, Duration>;

/// encap ip, encap ip6.
struct EncapIp {
  Family family = Family::ipv4;
  std::optional<std::uint64_t> id;
  std::optional<IpAddress> dst, src;
  std::optional<std::uint8_t> tos, ttl;  // of ip6: tc, hoplimit
  std::optional<std::uint16_t> flags;
  friend bool operator==(const EncapIp&, const EncapIp&) = default;
};
struct EncapMpls {
  std::vector<std::uint32_t> labels;  // 20 bits each, the outermost first
  friend bool operator==(const EncapMpls&, const EncapMpls&) = default;
};
struct EncapIla {
  std::uint64_t locator = 0;
  friend bool operator==(const EncapIla&, const EncapIla&) = default;
};
using Encapsulation = std::variant<EncapIp, EncapMpls, EncapIla>;

/// One way of a multipath route.
struct Nexthop {
  std::optional<IpAddress> via;
  std::string device;
  std::uint16_t weight = 1;  // 1..256
  bool onlink = false;
  std::optional<Encapsulation> encap;
  std::optional<Realms> realms;
  friend bool operator==(const Nexthop&, const Nexthop&) = default;
};

enum class RouteType : std::uint8_t {
  unicast,
  local,
  broadcast,
  anycast,
  multicast,
  throwing,  // `throw`
  unreachable,
  prohibit,
  blackhole,
  nat
};

/// As they are written, in the order of RouteType.
inline constexpr std::array<std::string_view, 10> kRouteTypes = {
    "unicast", "local", "broadcast", "anycast", "multicast", "throw", "unreachable", "prohibit", "blackhole", "nat"};

/// How the kernel places a route among equal ones.
enum class RouteInsertion : std::uint8_t { prepend, add, append };

/// One line of virtual_routes or static_routes (ip-route(8)).  What is absent is left to the kernel.
struct Route {
  RouteType type = RouteType::unicast;
  Network destination;
  std::optional<IpAddress> src, via;
  std::optional<IpAddress> second_via;  // `or`
  std::optional<Network> from;
  std::optional<Identifier> tos, table, protocol, scope;
  std::optional<std::uint32_t> metric;
  std::string device;
  bool onlink = false;
  std::optional<std::chrono::seconds> expires;
  std::optional<Lockable<std::uint32_t>> mtu, advmss, reordering, cwnd, ssthresh;
  std::optional<Lockable<Latency>> rtt, rttvar, rto_min;
  std::optional<Lockable<std::string>> congctl;
  std::optional<std::uint8_t> hoplimit;
  std::optional<std::uint32_t> window, initcwnd, initrwnd;
  bool ecn = false;  // features
  std::optional<bool> quickack, fastopen_no_cookie, ttl_propagate;
  std::optional<std::uint8_t> pref;  // 0 medium, 1 high, 3 low (RFC 4191 2.1)
  std::optional<Realms> realms;
  RouteInsertion insertion = RouteInsertion::prepend;
  bool no_track = false;
  std::string track_group, vrf;
  std::optional<Encapsulation> encap;
  std::vector<Nexthop> nexthops;
  Position position;
  friend bool operator==(const Route&, const Route&) = default;
};

/// What a rule does with the packets that it fits.
struct LookUp {
  Identifier table;
  friend bool operator==(const LookUp&, const LookUp&) = default;
};
struct GoTo {
  std::uint32_t preference = 0;
  friend bool operator==(const GoTo&, const GoTo&) = default;
};
enum class RuleVerdict : std::uint8_t { nop, blackhole, prohibit, unreachable, l3mdev };
using RuleAction = std::variant<LookUp, GoTo, RuleVerdict>;

/// From the first to the last, both of them included.
struct NumberRange {
  std::uint32_t first = 0, last = 0;
  friend bool operator==(const NumberRange&, const NumberRange&) = default;
};

struct Mark {
  std::uint32_t value = 0;
  std::optional<std::uint32_t> mask;
  friend bool operator==(const Mark&, const Mark&) = default;
};

/// One line of virtual_rules or static_rules (ip-rule(8)).  What is absent fits every packet.
struct Rule {
  Family family = Family::ipv4;
  bool is_inverted = false;  // `not`
  std::optional<Network> from, to;
  std::optional<Identifier> tos, ipproto, suppress_ifgroup;
  std::optional<std::uint8_t> protocol;
  std::optional<Mark> fwmark;
  std::string iif, oif;
  std::optional<std::uint64_t> tunnel_id;
  std::optional<NumberRange> uidrange, sport, dport;
  RuleAction action = RuleVerdict::nop;
  std::optional<std::uint32_t> preference;  // once read, always there
  std::optional<Realms> realms;
  std::optional<std::uint8_t> suppress_prefixlength;
  bool no_track = false;
  std::string track_group;
  Position position;
  friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace baton::config
