#include "config/resolve_real_server.hpp"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "config/resolve_check.hpp"
#include "config/server_pool.hpp"

namespace baton::config {
namespace {

std::string_view name_of(LbKind kind) {
  return kind == LbKind::nat ? "NAT" : kind == LbKind::dr ? "DR" : "TUN";
}

/// To IPVS, FULLNAT is NAT: what it adds belongs to the service.
Forwarding without_fullnat(Forwarding forwarding) {
  if (forwarding.kind == LbKind::fullnat) forwarding.kind = LbKind::nat;
  return forwarding;
}

/// DR and TUN do not rewrite ports.
std::uint16_t resolve_port(Builder& builder, const ServiceFacts& facts, LbKind kind,
                           const std::optional<std::uint16_t>& port, const Place& place) {
  const std::uint16_t own = facts.is_group ? 0 : facts.port.value_or(0);
  if (!port) return own;
  if (kind == LbKind::nat || *port == own || (facts.is_group && port == facts.port)) return *port;
  if (facts.is_group) {
    builder.warn(
        place, concat("forwarding by ", name_of(kind), " keeps the port that the packet was sent to, not ", int{*port}),
        "only NAT maps ports; checks without a connect_port still connect to it");
    return *port;
  }
  if (facts.is_marked)
    builder.warn(place,
                 concat("forwarding by ", name_of(kind), " keeps the port that the packet was sent to: ", int{*port},
                        " is dropped"),
                 "only NAT maps ports; checks without a connect_port still connect to it");
  else
    builder.warn(place,
                 concat("forwarding by ", name_of(kind), " keeps the port: ", int{*port}, " becomes ", int{own},
                        ", the port of the service"),
                 "only NAT maps ports; what a check connects to is set by connect_port");
  return own;
}

/// False, reported, when only TUN could forward to this address.
bool suits_family(Builder& builder, const ServiceFacts& facts, LbKind kind, const IpAddress& address,
                  const Place& place, std::string_view what) {
  if (kind == LbKind::tun || !facts.family || *facts.family == address.family()) return true;
  builder.report(Severity::error, facts.is_group ? Status::ok : Status::bad, place,
                 concat(what, " ", address.to_string(), " and its virtual server are of two families: it is left out"),
                 "only TUN forwards from IPv4 to IPv6 or back");
  return false;
}

void resolve_thresholds(Builder& builder, const Place& place, RealServer& real) {
  if (real.l_threshold <= real.u_threshold) return;
  builder.advise(place,
                 concat("lthreshold ", real.l_threshold, " is above uthreshold ", real.u_threshold, ": it is ignored"),
                 "the kernel refuses such a server");
  real.l_threshold = 0;
}

/// A port that forwarding drops is still the one that answers checks.
void keep_port_of_checks(RealServerDraft& draft) {
  for (CheckDraft& check : draft.checks) {
    if (!check.probe.target.connect_port) check.probe.target.connect_port = draft.port;
    for (ProbeDraft& host : check.hosts)
      if (!host.target.connect_port) host.target.connect_port = draft.port;
  }
}

/// False when the real server cannot be served.
bool resolve_real_server(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server,
                         const ServiceFacts& facts, RealServer& real) {
  if (draft.is_left_out) return false;
  real.address = draft.address;
  real.position = draft.place.position;
  const Forwarding forwarding = without_fullnat(draft.forwarding.value_or(server.forwarding.value_or(Forwarding{})));
  real.lb_kind = forwarding.kind;
  real.tunnel = forwarding.tunnel;
  if (!suits_family(builder, facts, real.lb_kind, real.address, draft.place, "real server")) return false;
  real.port = resolve_port(builder, facts, real.lb_kind, draft.port, draft.place);
  real.weight = draft.weight.value_or(server.weight.value_or(1));
  real.inhibit_on_failure = draft.inhibit_on_failure.value_or(server.inhibit_on_failure);
  real.alpha = draft.alpha.value_or(server.alpha);
  real.slow_start = draft.slow_start.value_or(server.settled.slow_start);
  real.virtualhost = draft.virtualhost;
  resolve_thresholds(builder, draft.place, real);
  const bool lost_its_port = draft.port.value_or(0) != 0 && real.port == 0;
  if (lost_its_port) keep_port_of_checks(draft);
  resolve_checks(builder, draft, server, real);
  return true;
}

/// SRV unless it is said otherwise, or a port stands where SRV would give it.
PoolRecord record_of(const ServerPoolDraft& draft, const ServiceFacts& facts) {
  if (draft.record) return *draft.record;
  if (!draft.port || draft.source.name.starts_with('_')) return PoolRecord::srv;
  return facts.family == Family::ipv6 ? PoolRecord::aaaa : PoolRecord::a;
}

void resolve_source(Builder& builder, const ServerPoolDraft& draft, const ServiceFacts& facts, PoolSource& source) {
  source = draft.source;
  source.record = record_of(draft, facts);
  source.family = source.record == PoolRecord::a      ? Family::ipv4
                  : source.record == PoolRecord::aaaa ? Family::ipv6
                                                      : facts.family.value_or(Family::ipv4);
  if (source.record == PoolRecord::srv && draft.port)
    builder.advise(draft.place, concat("SRV records give the ports: ", int{*draft.port}, " is ignored"),
                   "write record A or record AAAA to have one port for all");
  if (source.min_ttl <= source.max_ttl) return;
  builder.advise(draft.place, "min_ttl is above max_ttl, which becomes the same");
  source.max_ttl = source.min_ttl;
}

/// False when its servers cannot be served.  They are resolved as one real server without an address.
bool resolve_server_pool(Builder& builder, ServerPoolDraft& draft, const VirtualServerDraft& server,
                         const ServiceFacts& facts, RealServerPool& pool) {
  resolve_source(builder, draft, facts, pool.source);
  RealServerDraft& common = draft.server;
  common.address = pool.source.family == Family::ipv6 ? IpAddress::v6({}) : IpAddress{};
  common.has_port_of_answer = pool.source.record == PoolRecord::srv;
  if (!common.has_port_of_answer) common.port = draft.port;
  const LbKind kind = common.forwarding.value_or(server.forwarding.value_or(Forwarding{})).kind;
  if (kind != LbKind::tun && facts.family && *facts.family != pool.source.family) {
    builder.error(draft.place,
                  concat("the addresses of ", name_of(pool.source.record),
                         " records and the virtual server "
                         "are of two families: the pool is left out"),
                  "only TUN forwards from IPv4 to IPv6 or back");
    return false;
  }
  pool.server = std::move(common.settled);
  if (!resolve_real_server(builder, common, server, facts, pool.server)) return false;
  pool.source.keeps_port = common.has_port_of_answer && pool.server.lb_kind != LbKind::nat;
  return true;
}

}  // namespace

std::string described(const IpAddress& address, std::uint16_t port) {
  return concat(address.is_v6() ? concat("[", address.to_string(), "]") : address.to_string(), ":", int{port});
}

void resolve_real_servers(Builder& builder, VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server) {
  // Of a few, which most services have, comparing is cheaper than a set.
  constexpr std::size_t kFew = 8;
  std::unordered_set<EndpointKey, EndpointHash> seen;
  const auto is_new = [&](const RealServer& real) {
    const auto is_same = [&](const RealServer& other) {
      return other.port == real.port && other.address == real.address;
    };
    if (draft.real_servers.size() <= kFew) return std::ranges::none_of(server.real_servers, is_same);
    return seen.insert({real.address, real.port}).second;
  };
  server.real_servers.reserve(draft.real_servers.size());
  for (RealServerDraft& real_draft : draft.real_servers) {
    RealServer real = std::move(real_draft.settled);
    if (!resolve_real_server(builder, real_draft, draft, facts, real)) continue;
    if (!is_new(real)) {
      builder.warn(real_draft.place, concat("real server ", described(real.address, real.port),
                                            " stands here twice: the second one is left out"));
      continue;
    }
    server.real_servers.push_back(std::move(real));
  }
}

void resolve_server_pools(Builder& builder, VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server) {
  std::set<std::tuple<PoolQuestion, std::uint16_t>> seen;
  for (ServerPoolDraft& pool_draft : draft.server_pools) {
    RealServerPool pool;
    if (!resolve_server_pool(builder, pool_draft, draft, facts, pool)) continue;
    if (!seen.emplace(question_of(pool.source), pool.server.port).second) {
      builder.advise(pool_draft.place,
                     concat("the pool ", quoted(pool.source.name), " stands here twice: the second one is left out"));
      continue;
    }
    server.real_server_pools.push_back(std::move(pool));
  }
}

void resolve_sorry_server(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server) {
  if (!draft.sorry_server) return;
  const SorryDraft& sorry = *draft.sorry_server;
  const Forwarding forwarding = without_fullnat(sorry.forwarding.value_or(draft.forwarding.value_or(Forwarding{})));
  if (!suits_family(builder, facts, forwarding.kind, sorry.address, sorry.place, "sorry server")) return;
  const std::uint16_t port = resolve_port(builder, facts, forwarding.kind, sorry.port, sorry.place);
  server.sorry_server =
      SorryServer{sorry.address, port, forwarding.kind, forwarding.tunnel, sorry.inhibit, sorry.place.position};
}

}  // namespace baton::config
