#include "daemon/route_plan.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include <linux/fib_rules.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "core/overloaded.hpp"

namespace baton::daemon {

namespace {

constexpr std::uint32_t kRttUnit = 8;     // of RTAX_RTT in a millisecond
constexpr std::uint32_t kRttVarUnit = 4;  // of RTAX_RTTVAR
constexpr unsigned kRealmShift = 16;

/// The numbers of one line; remembers the first name that nobody knows.
class Numbers {
 public:
  explicit Numbers(IdentifierNames* names) : names_(names) {}

  std::uint32_t of(IdentifierKind kind, const char* what, const config::Identifier& identifier) {
    if (const auto value = names_->number(kind, identifier)) return *value;
    if (unknown_.empty()) unknown_ = std::string("no ") + what + " '" + std::get<std::string>(identifier) + "'";
    return 0;
  }
  std::uint8_t octet(IdentifierKind kind, const char* what, const config::Identifier& identifier) {
    return static_cast<std::uint8_t>(of(kind, what, identifier));
  }
  std::uint32_t of(const config::Realms& realms) {
    const auto from = realms.from ? of(IdentifierKind::realm, "realm", *realms.from) : 0;
    return (from << kRealmShift) | of(IdentifierKind::realm, "realm", realms.to);
  }
  [[nodiscard]] const std::string& unknown() const { return unknown_; }

 private:
  IdentifierNames* names_;
  std::string unknown_;
};

vrrp::Prefix to_prefix(const config::Network& from) {
  return {from.address, from.prefix_length};
}

std::uint8_t type_of(config::RouteType type) {
  constexpr std::array<std::uint8_t, 10> kTypes = {RTN_UNICAST,   RTN_LOCAL, RTN_BROADCAST,   RTN_ANYCAST,
                                                   RTN_MULTICAST, RTN_THROW, RTN_UNREACHABLE, RTN_PROHIBIT,
                                                   RTN_BLACKHOLE, RTN_NAT};
  return kTypes.at(static_cast<std::size_t>(type));
}

std::uint8_t scope_of(config::RouteType type) {
  switch (type) {
    case config::RouteType::local:
    case config::RouteType::nat: return RT_SCOPE_HOST;
    case config::RouteType::broadcast:
    case config::RouteType::multicast:
    case config::RouteType::anycast: return RT_SCOPE_LINK;
    default: return RT_SCOPE_UNIVERSE;
  }
}

std::uint16_t placement_of(config::RouteInsertion insertion) {
  switch (insertion) {
    case config::RouteInsertion::add: return NLM_F_EXCL;
    case config::RouteInsertion::append: return NLM_F_APPEND;
    case config::RouteInsertion::prepend: break;
  }
  return 0;
}

vrrp::Encapsulation to_encapsulation(const config::Encapsulation& from) {
  return std::visit(
      Overloaded{[](const config::EncapIp& tunnel) -> vrrp::Encapsulation {
                   return vrrp::TunnelHeader{tunnel.family, tunnel.id,  tunnel.dst,  tunnel.src,
                                             tunnel.tos,    tunnel.ttl, tunnel.flags};
                 },
                 [](const config::EncapMpls& mpls) -> vrrp::Encapsulation { return vrrp::LabelStack{mpls.labels}; },
                 [](const config::EncapIla& ila) -> vrrp::Encapsulation { return vrrp::Locator{ila.locator}; }},
      from);
}

/// The metrics of a route, and the bits of those that are locked.
class Metrics {
 public:
  explicit Metrics(vrrp::KernelRoute* route) : route_(route) {}
  void put(std::uint16_t which, std::uint32_t value) { route_->metrics.emplace_back(which, value); }
  void put(std::uint16_t which, const std::optional<std::uint32_t>& value) {
    if (value) put(which, *value);
  }
  void put(std::uint16_t which, const std::optional<config::Lockable<std::uint32_t>>& metric) {
    if (!metric) return;
    put(which, metric->value);
    lock(which, metric->is_locked);
  }
  /// `unit`: how many of the kernel's are a millisecond.
  void put(std::uint16_t which, const std::optional<config::Lockable<config::Latency>>& metric, std::uint32_t unit) {
    if (!metric) return;
    const auto in_units = [unit](Duration time) {
      const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
      return static_cast<std::uint32_t>(std::min<std::int64_t>(milliseconds * unit, UINT32_MAX));
    };
    put(which, std::visit(Overloaded{[](std::uint32_t value) { return value; }, in_units}, metric->value));
    lock(which, metric->is_locked);
  }
  void lock(std::uint16_t which, bool is_locked) {
    if (is_locked) locked_ |= 1U << which;
  }
  void finish() {
    if (locked_ != 0) put(RTAX_LOCK, locked_);
  }

 private:
  vrrp::KernelRoute* route_;
  std::uint32_t locked_ = 0;
};

void put_metrics(const config::Route& from, vrrp::KernelRoute* to) {
  Metrics metrics(to);
  metrics.put(RTAX_MTU, from.mtu);
  metrics.put(RTAX_ADVMSS, from.advmss);
  metrics.put(RTAX_REORDERING, from.reordering);
  metrics.put(RTAX_CWND, from.cwnd);
  metrics.put(RTAX_SSTHRESH, from.ssthresh);
  metrics.put(RTAX_RTT, from.rtt, kRttUnit);
  metrics.put(RTAX_RTTVAR, from.rttvar, kRttVarUnit);
  metrics.put(RTAX_RTO_MIN, from.rto_min, 1);
  if (from.hoplimit) metrics.put(RTAX_HOPLIMIT, std::uint32_t{*from.hoplimit});
  metrics.put(RTAX_WINDOW, from.window);
  metrics.put(RTAX_INITCWND, from.initcwnd);
  metrics.put(RTAX_INITRWND, from.initrwnd);
  if (from.ecn) metrics.put(RTAX_FEATURES, std::uint32_t{RTAX_FEATURE_ECN});
  if (from.quickack) metrics.put(RTAX_QUICKACK, std::uint32_t{*from.quickack});
  if (from.fastopen_no_cookie) metrics.put(RTAX_FASTOPEN_NO_COOKIE, std::uint32_t{*from.fastopen_no_cookie});
  if (from.congctl) {
    to->congestion_control = from.congctl->value;
    metrics.lock(RTAX_CC_ALGO, from.congctl->is_locked);
  }
  metrics.finish();
}

std::vector<vrrp::RouteHop> to_hops(const config::Route& from, Numbers* numbers) {
  std::vector<vrrp::RouteHop> hops;
  for (const auto& nexthop : from.nexthops) {
    vrrp::RouteHop hop{nexthop.via, nexthop.device, nexthop.weight, nexthop.onlink, {}, {}};
    if (nexthop.encap) hop.encapsulation = to_encapsulation(*nexthop.encap);
    if (nexthop.realms) hop.realms = numbers->of(*nexthop.realms);
    hops.push_back(std::move(hop));
  }
  if (!hops.empty()) return hops;
  vrrp::RouteHop hop{from.via, from.device, 1, from.onlink, {}, {}};
  if (from.encap) hop.encapsulation = to_encapsulation(*from.encap);
  if (from.realms) hop.realms = numbers->of(*from.realms);
  hops.push_back(hop);
  if (from.second_via) {
    hop.gateway = from.second_via;
    hops.push_back(hop);
  }
  return hops;
}

vrrp::KernelRoute to_route(const config::Route& from, Numbers* numbers) {
  vrrp::KernelRoute to;
  to.family = from.destination.address.family();
  to.type = type_of(from.type);
  to.scope = from.scope ? numbers->octet(IdentifierKind::scope, "scope", *from.scope) : scope_of(from.type);
  if (from.tos) to.tos = numbers->octet(IdentifierKind::tos, "tos", *from.tos);
  if (from.table) to.table = numbers->of(IdentifierKind::table, "table", *from.table);
  to.vrf = from.vrf;
  if (from.protocol) to.protocol = numbers->octet(IdentifierKind::protocol, "protocol", *from.protocol);
  to.placement = placement_of(from.insertion);
  to.destination = to_prefix(from.destination);
  if (from.from) to.source = to_prefix(*from.from);
  to.preferred_source = from.src;
  to.priority = from.metric;
  if (from.expires) to.expires = static_cast<std::uint32_t>(from.expires->count());
  to.preference = from.pref;
  if (from.ttl_propagate) to.ttl_propagate = std::uint8_t{*from.ttl_propagate};
  put_metrics(from, &to);
  to.hops = to_hops(from, numbers);
  to.is_tracked = !from.no_track;
  return to;
}

std::uint8_t action_of(config::RuleVerdict verdict) {
  switch (verdict) {
    case config::RuleVerdict::nop: return FR_ACT_NOP;
    case config::RuleVerdict::blackhole: return FR_ACT_BLACKHOLE;
    case config::RuleVerdict::prohibit: return FR_ACT_PROHIBIT;
    case config::RuleVerdict::unreachable: return FR_ACT_UNREACHABLE;
    case config::RuleVerdict::l3mdev: break;
  }
  return FR_ACT_TO_TBL;
}

void put_action(const config::RuleAction& from, vrrp::KernelRule* to, Numbers* numbers) {
  if (const auto* look_up = std::get_if<config::LookUp>(&from)) {
    to->action = FR_ACT_TO_TBL;
    to->table = numbers->of(IdentifierKind::table, "table", look_up->table);
  } else if (const auto* go_to = std::get_if<config::GoTo>(&from)) {
    to->action = FR_ACT_GOTO;
    to->go_to = go_to->preference;
  } else {
    const auto verdict = std::get<config::RuleVerdict>(from);
    to->action = action_of(verdict);
    to->uses_master_device = verdict == config::RuleVerdict::l3mdev;
  }
}

std::optional<vrrp::NumberSpan> to_span(const std::optional<config::NumberRange>& from) {
  return from ? std::optional(vrrp::NumberSpan{from->first, from->last}) : std::nullopt;
}

vrrp::KernelRule to_rule(const config::Rule& from, Numbers* numbers) {
  vrrp::KernelRule to;
  to.family = from.family;
  to.is_inverted = from.is_inverted;
  put_action(from.action, &to, numbers);
  if (from.from) to.source = to_prefix(*from.from);
  if (from.to) to.destination = to_prefix(*from.to);
  if (from.tos) to.tos = numbers->octet(IdentifierKind::tos, "tos", *from.tos);
  if (from.ipproto) to.ip_protocol = numbers->octet(IdentifierKind::ip_protocol, "protocol", *from.ipproto);
  if (from.suppress_ifgroup)
    to.suppress_group = numbers->of(IdentifierKind::interface_group, "group", *from.suppress_ifgroup);
  if (from.protocol) to.protocol = *from.protocol;
  if (from.fwmark) {
    to.mark = from.fwmark->value;
    to.mask = from.fwmark->mask;
  }
  to.input_device = from.iif;
  to.output_device = from.oif;
  to.tunnel_id = from.tunnel_id;
  to.users = to_span(from.uidrange);
  to.source_ports = to_span(from.sport);
  to.destination_ports = to_span(from.dport);
  to.priority = from.preference;
  if (from.realms) to.realms = numbers->of(*from.realms);
  if (from.suppress_prefixlength) to.suppress_prefix_length = std::uint32_t{*from.suppress_prefixlength};
  to.is_tracked = !from.no_track;
  return to;
}

std::string name_of(const config::Route& route) {
  return "route " + route.destination.address.to_string() + '/' + std::to_string(route.destination.prefix_length);
}

std::string name_of(const config::Rule& rule) {
  return "rule " + std::to_string(rule.preference.value_or(0));
}

}  // namespace

PlannedRoutes plan_routes(const std::vector<config::Route>& routes, const std::vector<config::Rule>& rules,
                          IdentifierNames* names, std::vector<std::string>* trouble) {
  PlannedRoutes plan;
  for (const auto& route : routes) {
    Numbers numbers(names);
    auto planned = to_route(route, &numbers);
    if (numbers.unknown().empty())
      plan.routes.push_back(std::move(planned));
    else
      trouble->push_back(name_of(route) + ": " + numbers.unknown());
  }
  for (const auto& rule : rules) {
    Numbers numbers(names);
    auto planned = to_rule(rule, &numbers);
    if (numbers.unknown().empty())
      plan.rules.push_back(std::move(planned));
    else
      trouble->push_back(name_of(rule) + ": " + numbers.unknown());
  }
  return plan;
}

}  // namespace baton::daemon
