#include <algorithm>

#include "config/resolve_real_server.hpp"
#include "core/overloaded.hpp"

namespace baton::config {
namespace {

constexpr std::uint32_t kDefaultPersistence = 360;  // seconds; what keepalived gives where it must be and is not said

/// Of one group: each becomes a service with all real servers.
constexpr std::uint64_t kMostServices = 262'144;

std::string described(const ServiceIdentity& identity) {
  return std::visit(Overloaded{[](const ServiceAddress& by) { return config::described(by.address, by.port); },
                               [](const ServiceMark& by) {
                                 return concat("fwmark ", by.fwmark, by.family == Family::ipv6 ? " of IPv6" : "");
                               },
                               [](const ServiceGroup& by) { return concat("group ", quoted(by.name)); }},
                    identity);
}

/// ip_family, else the family of the first real server, else that of the first pool.
Family family_of_mark(const VirtualServerDraft& draft) {
  if (draft.ip_family) return draft.ip_family->value;
  const auto first =
      std::ranges::find_if(draft.real_servers, [](const RealServerDraft& real) { return !real.is_left_out; });
  if (first != draft.real_servers.end()) return first->address.family();
  const bool is_v6 = !draft.server_pools.empty() && draft.server_pools.front().record == PoolRecord::aaaa;
  return is_v6 ? Family::ipv6 : Family::ipv4;
}

ServiceFacts facts_of(const ServiceAddress& by) {
  return {by.address.family(), by.port, by.port == 0, false, false};
}

ServiceFacts facts_of(const ServiceMark& by) {
  return {by.family, 0, false, true, false};
}

bool has_family(const VirtualServerGroup& group, Family family) {
  return std::ranges::any_of(group.addresses, [&](const auto& entry) { return entry.first.family() == family; }) ||
         std::ranges::any_of(group.marks, [&](const auto& mark) { return mark.family == family; });
}

/// How many services a line of a group is; those of a range too long to be counted are very many.
std::uint64_t count(const GroupAddresses& entry) {
  constexpr std::size_t kCounted = 4;  // octets, the last ones
  const auto first = entry.first.octets();
  const auto last = entry.last.octets();
  const std::size_t fixed = first.size() - kCounted;
  if (!std::ranges::equal(first.first(fixed), last.first(fixed))) return std::uint64_t{1} << 32U;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  for (std::size_t i = fixed; i < first.size(); ++i) {
    from = from << 8U | first[i];
    to = to << 8U | last[i];
  }
  return to - from + 1;
}

ServiceFacts facts_of(const VirtualServerGroup& group) {
  ServiceFacts facts;
  facts.is_group = true;
  facts.is_mixed = has_family(group, Family::ipv4) && has_family(group, Family::ipv6);
  if (!facts.is_mixed && has_family(group, Family::ipv4)) facts.family = Family::ipv4;
  if (!facts.is_mixed && has_family(group, Family::ipv6)) facts.family = Family::ipv6;
  facts.services = group.marks.size();
  for (const auto& entry : group.addresses)
    facts.services += count(entry);
  facts.is_marked = group.addresses.empty();
  if (facts.is_marked) {
    facts.port = 0;
    return facts;
  }
  const GroupAddresses& first = group.addresses.front();
  const auto is_same = [&](auto of) {
    return std::ranges::all_of(group.addresses, [&](const auto& e) { return of(e) == of(first); });
  };
  if (is_same([](const GroupAddresses& entry) { return entry.port; })) facts.port = first.port;
  facts.has_all_ports = std::ranges::any_of(group.addresses, [](const auto& entry) { return entry.port == 0; });
  return facts;
}

void resolve_family(Builder& builder, const VirtualServerDraft& draft, ServiceIdentity& identity) {
  if (auto* mark = std::get_if<ServiceMark>(&identity)) mark->family = family_of_mark(draft);
  if (!draft.ip_family) return;
  if (auto* group = std::get_if<ServiceGroup>(&identity)) group->family = draft.ip_family->value;
  const auto* address = std::get_if<ServiceAddress>(&identity);
  if (address != nullptr && address->address.family() != draft.ip_family->value)
    builder.error(draft.ip_family->place, "ip_family is not the family of the address: the line is ignored",
                  "only a service by fwmark needs it");
}

void resolve_protocol(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                      VirtualServer& server) {
  if (draft.protocol && facts.is_marked)
    builder.warn(draft.protocol->place, "a firewall mark has no protocol: the line is ignored",
                 "the rules that set the mark choose the packets");
  else if (draft.protocol)
    server.protocol = draft.protocol->value;
  else if (!facts.is_marked)
    builder.warn(draft.place, "no protocol: UDP IS USED, AND TCP IS NOT SERVED", "write protocol TCP if that is meant");
  if (!facts.is_marked && !server.protocol) server.protocol = Protocol::udp;
  if (draft.ops && (facts.is_marked || server.protocol == Protocol::udp)) server.ops = true;
  if (draft.ops && !server.ops)
    builder.warn(draft.ops->place, "only UDP can be scheduled packet by packet: the line is ignored",
                 "without ops the packets of a connection go to one server");
  if (draft.ha_suspend && !facts.is_marked) server.ha_suspend = true;
  if (draft.ha_suspend && !server.ha_suspend)
    builder.warn(draft.ha_suspend->place, "a firewall mark has no address that could be away: the line is ignored");
}

/// An IPv4 netmask of so many bits.
IpAddress netmask(unsigned bits) {
  return IpAddress::v4(bits == 0 ? 0 : ~std::uint32_t{0} << (32U - bits));
}

/// keepalived reads a number as an IPv4 address: 24 is 0.0.0.24, which keeps nearly no clients apart.
void resolve_granularity(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                         VirtualServer& server) {
  if (!draft.persistence_granularity) return;
  const auto& [written, place] = *draft.persistence_granularity;
  server.persistence_granularity = written;
  const auto* bits = std::get_if<std::uint8_t>(&written);
  if (facts.family == Family::ipv4 && bits != nullptr && *bits <= max_prefix_length(Family::ipv4)) {
    const IpAddress mask = netmask(*bits);
    builder.advise(place, concat("persistence_granularity ", int{*bits}, " is taken for ", mask.to_string()),
                   concat("keepalived takes it for the netmask 0.0.0.", int{*bits}, "; write the netmask"));
    server.persistence_granularity = mask;
  } else if (facts.family == Family::ipv4 && bits != nullptr) {
    builder.report(Severity::error, Status::ok, place,
                   concat("an IPv4 address has 32 bits, not ", int{*bits}, ": the line is ignored"),
                   concat("keepalived takes it for the netmask 0.0.0.", int{*bits}, "; write the netmask"));
    server.persistence_granularity.reset();
  } else if (facts.family == Family::ipv6 && bits == nullptr) {
    builder.error(place, "the granularity of an IPv6 service is a number of bits: the line is ignored",
                  "each client address is by itself; 64 is one network");
    server.persistence_granularity.reset();
  }
  if (server.persistence_granularity && !server.persistence_timeout) server.persistence_timeout = kDefaultPersistence;
}

void resolve_persistence(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                         VirtualServer& server) {
  server.persistence_timeout = draft.persistence_timeout;
  resolve_granularity(builder, draft, facts, server);
  if (facts.has_all_ports && !server.persistence_timeout) {
    builder.warn(draft.place,
                 concat("a service of all ports (port 0) must be persistent: persistence_timeout ", kDefaultPersistence,
                        " is set"),
                 "write the port after the address, or a persistence_timeout");
    server.persistence_timeout = kDefaultPersistence;
  }
  if (!draft.persistence_engine) return;
  server.persistence_engine = draft.persistence_engine->value;
  if (!server.persistence_timeout)
    builder.advise(draft.persistence_engine->place, "a persistence_engine does nothing without persistence",
                   "write a persistence_timeout");
}

/// What keepalived fills in, and says so.
void resolve_service(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                     VirtualServer& server) {
  if (!draft.scheduler) builder.warn(draft.place, "no lb_algo: wlc is used", "write lb_algo wlc to say so");
  if (!draft.forwarding) builder.warn(draft.place, "no lb_kind: NAT is used", "write lb_kind NAT to say so");
  server.scheduler = draft.scheduler.value_or("wlc");
  const Forwarding forwarding = draft.forwarding.value_or(Forwarding{});
  server.lb_kind = forwarding.kind;
  server.tunnel = forwarding.tunnel;
  server.alpha = draft.alpha;
  server.virtualhost = draft.virtualhost;
  resolve_protocol(builder, draft, facts, server);
  resolve_persistence(builder, draft, facts, server);
}

void resolve_quorum(Builder& builder, const VirtualServerDraft& draft, VirtualServer& server) {
  std::uint64_t total = 0;
  for (const RealServer& real : server.real_servers)
    total += static_cast<std::uint64_t>(real.weight);
  if (draft.quorum) server.quorum = draft.quorum->value;
  if (draft.hysteresis) server.hysteresis = draft.hysteresis->value;
  if (!server.real_server_pools.empty()) return;  // the weights are not known yet: they are compared when they are
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

/// What tells services apart, as a text: keepalived serves each once.  A group of marks is one for each family.
bool is_there_already(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                      const VirtualServer& server) {
  const Place* first = nullptr;
  if (const auto* by = std::get_if<ServiceAddress>(&server.identity)) {
    const auto [other, is_new] = builder.servers.try_emplace({by->address, by->port, *server.protocol}, draft.place);
    if (!is_new) first = &other->second;
  } else {
    std::string key = described(server.identity);
    if (server.protocol) key += concat(" ", static_cast<int>(*server.protocol));
    if (facts.family == Family::ipv6) key += " IPv6";
    const auto [other, is_new] = builder.other_servers.try_emplace(std::move(key), draft.place);
    if (!is_new) first = &other->second;
  }
  if (first == nullptr) return false;
  builder.report(Severity::error, Status::ok, draft.place,
                 concat("virtual_server ", described(server.identity), " is there already: this one is left out"),
                 concat("the first one is in ", builder.at(*first)));
  return true;
}

/// Both families behind one pool: only tunnels lead from one to the other.
bool suits_mixed_group(Builder& builder, const VirtualServerDraft& draft, const VirtualServer& server) {
  const bool is_tunnelled =
      std::ranges::all_of(server.real_servers, [](const RealServer& real) { return real.lb_kind == LbKind::tun; }) &&
      std::ranges::all_of(server.real_server_pools,
                          [](const RealServerPool& pool) { return pool.server.lb_kind == LbKind::tun; }) &&
      (!server.sorry_server || server.sorry_server->lb_kind == LbKind::tun);
  if (is_tunnelled) return true;
  builder.report(Severity::error, Status::ok, draft.place,
                 concat("virtual_server ", described(server.identity),
                        " has addresses of two families, which only TUN serves together: it is left out"),
                 "make it two groups");
  return false;
}

void resolve_server(Builder& builder, VirtualServerDraft& draft, const ServiceFacts& facts) {
  VirtualServer server = std::move(draft.settled);
  server.position = draft.place.position;
  resolve_service(builder, draft, facts, server);
  if (is_there_already(builder, draft, facts, server)) return;
  resolve_real_servers(builder, draft, facts, server);
  resolve_server_pools(builder, draft, facts, server);
  if (server.real_servers.empty() && server.real_server_pools.empty()) {
    builder.error(draft.place,
                  concat("virtual_server ", described(server.identity), " has no real servers: it is left out"));
    return;
  }
  resolve_quorum(builder, draft, server);
  resolve_sorry_server(builder, draft, facts, server);
  if (facts.is_mixed && !suits_mixed_group(builder, draft, server)) return;
  builder.config.virtual_servers.push_back(std::move(server));
}

}  // namespace

void resolve_server(Builder& builder) {
  VirtualServerDraft draft = std::move(builder.server);
  builder.server = {};
  if (draft.is_left_out) return;
  ServiceIdentity& identity = draft.settled.identity;
  resolve_family(builder, draft, identity);
  if (const auto* address = std::get_if<ServiceAddress>(&identity))
    resolve_server(builder, draft, facts_of(*address));
  else if (const auto* mark = std::get_if<ServiceMark>(&identity))
    resolve_server(builder, draft, facts_of(*mark));
  else
    return builder.group_services.push_back(std::move(draft));
  // The room of the drafts serves the next one: thousands of services have as many servers each.
  draft.real_servers.clear();
  builder.server.real_servers = std::move(draft.real_servers);
}

void resolve_group_services(Builder& builder) {
  std::unordered_map<std::string_view, ServiceFacts> groups;
  for (const VirtualServerGroup& group : builder.config.virtual_server_groups)
    groups.emplace(group.name, facts_of(group));
  for (VirtualServerDraft& draft : builder.group_services) {
    const std::string& name = std::get<ServiceGroup>(draft.settled.identity).name;
    const auto group = groups.find(name);
    if (group != groups.end() && group->second.services > kMostServices) {
      builder.report(
          Severity::error, Status::ok, draft.place,
          concat("the group ", quoted(name), " has more than ", kMostServices, " addresses: this service is left out"),
          "each would be a service of the kernel; give their packets a firewall mark");
      continue;
    }
    if (group != groups.end()) {
      ServiceFacts facts = group->second;
      // Marks alone have the family of the real servers.
      if (!facts.family && !facts.is_mixed) facts.family = family_of_mark(draft);
      resolve_server(builder, draft, facts);
      continue;
    }
    builder.report(Severity::error, Status::ok, draft.place,
                   concat("there is no virtual_server_group ", quoted(name), ": this service is left out"),
                   "keepalived says nothing and serves nothing");
  }
  builder.group_services.clear();
}

}  // namespace baton::config
