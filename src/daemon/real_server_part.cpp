#include "daemon/real_server_part.hpp"

#include <array>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/overloaded.hpp"

namespace baton::daemon {

namespace {

constexpr std::size_t kMaxAddresses = 65'536;  // of one group: more would be no real machine's

using Groups = std::unordered_map<std::string, const config::VirtualServerGroup*>;

struct Sources {
  const std::vector<IpAddress>& directors;
  const Groups& groups;
};

bool is_loopback(const IpAddress& address) {
  if (address.is_v4()) return address.octets()[0] == 127;
  return address == IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
}

std::string with_port(const IpAddress& address, std::uint16_t port) {
  const auto text = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return text + ":" + std::to_string(port);
}

std::string name_of(const config::ServiceIdentity& identity) {
  return std::visit(Overloaded{[](const config::ServiceAddress& by) { return with_port(by.address, by.port); },
                               [](const config::ServiceMark& by) { return "fwmark " + std::to_string(by.fwmark); },
                               [](const config::ServiceGroup& by) { return "group " + by.name; }},
                    identity);
}

/// The next address, by its number.
IpAddress after(const IpAddress& address) {
  if (address.is_v4()) return IpAddress::v4(address.v4_host_order() + 1);
  std::array<std::uint8_t, 16> octets{};
  std::copy(address.octets().begin(), address.octets().end(), octets.begin());
  for (std::size_t i = octets.size(); i > 0; --i)
    if (++octets[i - 1] != 0) break;
  return IpAddress::v6(octets);
}

void add_directors(const Sources& sources, Family family, std::vector<IpAddress>& out) {
  for (const auto& address : sources.directors)
    if (address.family() == family) out.push_back(address);
}

void add_group(const config::VirtualServerGroup& group, const Sources& sources, Family server,
               std::vector<IpAddress>& out) {
  for (const auto& entry : group.addresses) {
    for (auto address = entry.first; out.size() < kMaxAddresses; address = after(address)) {
      out.push_back(address);
      if (address == entry.last) break;
    }
  }
  for (const auto& mark : group.marks)
    add_directors(sources, mark.family.value_or(server), out);
}

/// Those of the service; of one that goes by marks, whatever address the directors have.
std::vector<IpAddress> addresses_of(const config::ServiceIdentity& identity, const Sources& sources, Family server) {
  std::vector<IpAddress> found;
  if (const auto* by = std::get_if<config::ServiceAddress>(&identity)) {
    found.push_back(by->address);
  } else if (const auto* by_mark = std::get_if<config::ServiceMark>(&identity)) {
    add_directors(sources, by_mark->family, found);
  } else if (const auto* by_group = std::get_if<config::ServiceGroup>(&identity)) {
    const auto group = sources.groups.find(by_group->name);
    if (group != sources.groups.end()) add_group(*group->second, sources, server, found);
  }
  return found;
}

realserver::Method method_of(config::LbKind kind) {
  if (kind == config::LbKind::dr) return realserver::Method::direct;
  return kind == config::LbKind::tun ? realserver::Method::tunnel : realserver::Method::nat;
}

realserver::Encapsulation encapsulation_of(config::Tunnel::Type type) {
  if (type == config::Tunnel::Type::gre) return realserver::Encapsulation::gre;
  return type == config::Tunnel::Type::gue ? realserver::Encapsulation::gue : realserver::Encapsulation::ipip;
}

/// Of a real server or a sorry server.
template <class Server>
void add_duty(const config::VirtualServer& service, const Server& server, const Sources& sources,
              const std::set<IpAddress>& own, realserver::Part& part) {
  if (is_loopback(server.address) || !own.contains(server.address)) return;
  realserver::Duty duty;
  duty.service = name_of(service.identity);
  duty.server = server.address;
  duty.method = method_of(server.lb_kind);
  // FULLNAT: the director's address is the client's, to whom every machine knows the way.
  if (service.lb_kind == config::LbKind::fullnat && duty.method == realserver::Method::nat) return;
  duty.encapsulation = encapsulation_of(server.tunnel.type);
  if (duty.method != realserver::Method::nat) {
    duty.virtuals = addresses_of(service.identity, sources, server.address.family());
    if (duty.virtuals.empty())
      part.troubles.insert("service " + duty.service +
                           " goes by marks, and no virtual_ipaddress tells for which addresses: put them on " +
                           (duty.method == realserver::Method::direct ? "lo" : "tunl0") + " by hand");
  }
  part.duties.push_back(std::move(duty));
}

}  // namespace

realserver::Part real_server_part(const config::Config& config, const std::set<IpAddress>& own) {
  realserver::Part part;
  for (const auto& instance : config.vrrp_instances)
    for (const auto* list : {&instance.virtual_addresses, &instance.excluded_addresses})
      for (const auto& address : *list)
        part.director_addresses.push_back(address.address);
  Groups groups;
  for (const auto& group : config.virtual_server_groups)
    groups.emplace(group.name, &group);
  const Sources sources{part.director_addresses, groups};
  for (const auto& service : config.virtual_servers) {
    for (const auto& server : service.real_servers)
      add_duty(service, server, sources, own, part);
    if (service.sorry_server) add_duty(service, *service.sorry_server, sources, own, part);
  }
  return part;
}

}  // namespace baton::daemon
