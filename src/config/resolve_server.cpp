#include <algorithm>
#include <unordered_set>

#include "config/builder.hpp"
#include "config/resolve_check.hpp"

namespace baton::config {
namespace {

constexpr std::uint32_t kAllPortsPersistence = 360;  // seconds; what keepalived gives a service of all ports

std::string described(const IpAddress& address, std::uint16_t port) {
  return concat(address.is_v6() ? concat("[", address.to_string(), "]") : address.to_string(), ":", int{port});
}

std::string_view name_of(LbKind kind) {
  return kind == LbKind::nat ? "NAT" : kind == LbKind::dr ? "DR" : "TUN";
}

/// DR and TUN do not rewrite ports.
std::uint16_t resolve_port(Builder& builder, const VirtualServerDraft& server, LbKind kind,
                           const std::optional<std::uint16_t>& port, const Place& place) {
  if (!port) return server.port;
  if (kind == LbKind::nat || *port == server.port) return *port;
  builder.warn(place,
               concat("forwarding by ", name_of(kind), " keeps the port: ", int{*port}, " becomes ", int{server.port},
                      ", the port of the service"),
               "only NAT maps ports; what a check connects to is set by connect_port");
  return server.port;
}

void resolve_thresholds(Builder& builder, const RealServerDraft& draft, RealServer& real) {
  real.u_threshold = draft.u_threshold;
  real.l_threshold = draft.l_threshold;
  if (real.l_threshold <= real.u_threshold) return;
  builder.advise(draft.place,
                 concat("lthreshold ", real.l_threshold, " is above uthreshold ", real.u_threshold, ": it is ignored"),
                 "the kernel refuses such a server");
  real.l_threshold = 0;
}

/// False when the real server cannot be served.
bool resolve_real_server(Builder& builder, RealServerDraft& draft, const VirtualServerDraft& server, RealServer& real) {
  if (draft.is_left_out) return false;
  real.address = draft.address;
  real.position = draft.place.position;
  real.lb_kind = draft.lb_kind.value_or(server.lb_kind.value_or(LbKind::nat));
  if (draft.address.family() != server.address.family() && real.lb_kind != LbKind::tun) {
    builder.error(draft.place,
                  concat("real server ", draft.address.to_string(),
                         " and its virtual server are of two families: it is left out"),
                  "only TUN forwards from IPv4 to IPv6 or back");
    return false;
  }
  real.port = resolve_port(builder, server, real.lb_kind, draft.port, draft.place);
  real.weight = draft.weight.value_or(server.weight.value_or(1));
  real.inhibit_on_failure = draft.inhibit_on_failure.value_or(server.inhibit_on_failure);
  resolve_thresholds(builder, draft, real);
  resolve_checks(builder, draft, server, real);
  return true;
}

void resolve_real_servers(Builder& builder, VirtualServerDraft& draft, VirtualServer& server) {
  std::unordered_set<EndpointKey, EndpointHash> seen;
  server.real_servers.reserve(draft.real_servers.size());
  for (RealServerDraft& real_draft : draft.real_servers) {
    RealServer real = std::move(real_draft.settled);
    if (!resolve_real_server(builder, real_draft, draft, real)) continue;
    if (!seen.insert({real.address, real.port}).second) {
      builder.warn(real_draft.place, concat("real server ", described(real.address, real.port),
                                            " stands here twice: the second one is left out"));
      continue;
    }
    server.real_servers.push_back(std::move(real));
  }
}

void resolve_quorum(Builder& builder, const VirtualServerDraft& draft, VirtualServer& server) {
  std::uint64_t total = 0;
  for (const RealServer& real : server.real_servers)
    total += static_cast<std::uint64_t>(real.weight);
  if (draft.quorum) server.quorum = draft.quorum->value;
  if (draft.hysteresis) server.hysteresis = draft.hysteresis->value;
  if (server.quorum > total) {
    builder.warn(draft.quorum ? draft.quorum->place : draft.place,
                 concat("quorum ", server.quorum, " is more than the weights of all real servers: it becomes ", total),
                 total == 0 ? "no real server takes new connections" : "");
    server.quorum = static_cast<std::uint32_t>(total);
  }
  if (server.hysteresis == 0 || server.hysteresis < server.quorum) return;
  const std::uint32_t most = server.quorum == 0 ? 0 : server.quorum - 1;
  builder.warn(draft.hysteresis->place, concat("hysteresis ", server.hysteresis, " must be less than the quorum of ",
                                               server.quorum, ": it becomes ", most));
  server.hysteresis = most;
}

void resolve_sorry_server(Builder& builder, const VirtualServerDraft& draft, VirtualServer& server) {
  if (!draft.sorry_server) return;
  const SorryDraft& sorry = *draft.sorry_server;
  const LbKind kind = sorry.lb_kind.value_or(server.lb_kind);
  if (sorry.address.family() != draft.address.family() && kind != LbKind::tun) {
    builder.error(sorry.place, concat("sorry server ", sorry.address.to_string(),
                                      " and its virtual server are of two families: it is left out"));
    return;
  }
  const std::uint16_t port = resolve_port(builder, draft, kind, sorry.port, sorry.place);
  server.sorry_server = SorryServer{sorry.address, port, kind, sorry.inhibit, sorry.place.position};
}

/// What keepalived fills in, and says so.
void resolve_service(Builder& builder, const VirtualServerDraft& draft, VirtualServer& server) {
  if (!draft.scheduler) builder.warn(draft.place, "no lb_algo: wlc is used", "write lb_algo wlc to say so");
  if (!draft.lb_kind) builder.warn(draft.place, "no lb_kind: NAT is used", "write lb_kind NAT to say so");
  if (!draft.protocol)
    builder.warn(draft.place, "no protocol: UDP IS USED, AND TCP IS NOT SERVED", "write protocol TCP if that is meant");
  server.scheduler = draft.scheduler.value_or("wlc");
  server.lb_kind = draft.lb_kind.value_or(LbKind::nat);
  server.protocol = draft.protocol.value_or(Protocol::udp);
  server.persistence_timeout = draft.persistence_timeout;
  if (server.port == 0 && !server.persistence_timeout) {
    builder.warn(draft.place,
                 concat("a service of all ports (port 0) must be persistent: persistence_timeout ",
                        kAllPortsPersistence, " is set"),
                 "write the port after the address, or a persistence_timeout");
    server.persistence_timeout = kAllPortsPersistence;
  }
}

}  // namespace

void resolve_server(Builder& builder) {
  VirtualServerDraft draft = std::move(builder.server);
  builder.server = {};
  if (draft.is_left_out) return;
  VirtualServer server = std::move(draft.settled);
  server.address = draft.address;
  server.port = draft.port;
  server.position = draft.place.position;
  resolve_service(builder, draft, server);
  const auto name = [&server] { return described(server.address, server.port); };
  const auto [other, is_new] = builder.servers.try_emplace({server.address, server.port, server.protocol}, draft.place);
  if (!is_new) {
    builder.error(draft.place, concat("virtual_server ", name(), " is there already: this one is left out"),
                  concat("the first one is in ", builder.at(other->second)));
    return;
  }
  resolve_real_servers(builder, draft, server);
  if (server.real_servers.empty()) {
    builder.error(draft.place, concat("virtual_server ", name(), " has no real servers: it is left out"));
    return;
  }
  resolve_quorum(builder, draft, server);
  resolve_sorry_server(builder, draft, server);
  server.alpha = draft.alpha;
  server.omega = draft.omega;
  server.virtualhost = draft.virtualhost;
  builder.config.virtual_servers.push_back(std::move(server));
}

}  // namespace baton::config
