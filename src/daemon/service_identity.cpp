#include "daemon/service_identity.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace baton::daemon {

namespace {

ipvs::ServiceKey marked(std::uint32_t fwmark, Family family) {
  return {family, ipvs::Protocol::none, {}, 0, fwmark};
}

/// The address after this one; after the last comes the first.
IpAddress next(const IpAddress& address) {
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(address.octets(), octets.begin());
  for (auto at = address.octets().size(); at-- > 0;)
    if (++octets.at(at) != 0) break;
  return address.is_v6() ? IpAddress::v6(octets) : IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
}

/// Of marks that are written without one.
Family family_of_marks(const config::VirtualServer& server, const config::VirtualServerGroup& group) {
  if (const auto& said = std::get<config::ServiceGroup>(server.identity).family) return *said;
  if (!group.addresses.empty()) return group.addresses.front().first.family();
  if (!server.real_servers.empty()) return server.real_servers.front().address.family();
  return server.real_server_pools.empty() ? Family::ipv4 : server.real_server_pools.front().source.family;
}

}  // namespace

ipvs::Protocol to_ipvs(std::optional<config::Protocol> protocol) {
  switch (protocol.value_or(config::Protocol::udp)) {
    case config::Protocol::tcp: return ipvs::Protocol::tcp;
    case config::Protocol::udp: return ipvs::Protocol::udp;
    case config::Protocol::sctp: return ipvs::Protocol::sctp;
  }
  return ipvs::Protocol::none;
}

ServiceIdentities::ServiceIdentities(const config::Config& config) : config_(config) {
  for (const auto& group : config.virtual_server_groups)
    groups_.try_emplace(group.name, &group);
  give_marks();
  std::set<ipvs::ServiceKey> taken;
  std::unordered_map<const config::VirtualServerGroup*, std::size_t> members;
  keys_.reserve(config.virtual_servers.size());
  places_.reserve(config.virtual_servers.size());
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    std::optional<ipvs::ServiceKey> own;
    visit_services(i, [&](const ipvs::ServiceKey& key) {
      if (taken.insert(key).second) own = key;
      return !own;
    });
    keys_.push_back(own);
    const auto* group = group_of(config.virtual_servers[i]);
    places_.push_back(group == nullptr ? 0 : members[group]++);
  }
}

/// In the order of the file, past those that the file itself names.
void ServiceIdentities::give_marks() {
  marks_.resize(config_.virtual_servers.size());
  const auto& firewall = config_.global.firewall;
  if (!firewall.nftables_ipvs) return;
  std::set<std::uint32_t> named{0};
  for (const auto& group : config_.virtual_server_groups)
    for (const auto& mark : group.marks)
      named.insert(mark.fwmark);
  for (const auto& server : config_.virtual_servers)
    if (const auto* by = std::get_if<config::ServiceMark>(&server.identity)) named.insert(by->fwmark);
  auto next = firewall.nftables_ipvs_start_fwmark;
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    const auto* group = group_of(config_.virtual_servers[i]);
    if (group == nullptr || group->addresses.empty() || !group->marks.empty()) continue;
    while (named.contains(next))
      ++next;
    marks_[i] = next++;
  }
}

const config::VirtualServerGroup* ServiceIdentities::group_of(const config::VirtualServer& server) const {
  const auto* by = std::get_if<config::ServiceGroup>(&server.identity);
  if (by == nullptr) return nullptr;
  const auto found = groups_.find(by->name);
  return found == groups_.end() ? nullptr : found->second;
}

template <class Each>
void ServiceIdentities::visit_services(std::size_t index, Each each) const {
  const auto& server = config_.virtual_servers[index];
  if (const auto* by = std::get_if<config::ServiceAddress>(&server.identity)) {
    each(ipvs::ServiceKey{by->address.family(), to_ipvs(server.protocol), by->address, by->port, 0});
    return;
  }
  if (const auto* by = std::get_if<config::ServiceMark>(&server.identity)) {
    each(marked(by->fwmark, by->family));
    return;
  }
  const auto* group = group_of(server);
  if (group == nullptr) return;
  if (marks_[index] != 0) {
    for (const auto family : {Family::ipv4, Family::ipv6})
      if (std::ranges::any_of(group->addresses, [&](const auto& entry) { return entry.first.family() == family; }) &&
          !each(marked(marks_[index], family)))
        return;
    return;
  }
  for (const auto& entry : group->addresses) {
    for (auto address = entry.first;; address = next(address)) {
      if (!each(ipvs::ServiceKey{address.family(), to_ipvs(server.protocol), address, entry.port, 0})) return;
      if (address == entry.last) break;
    }
  }
  const Family family = family_of_marks(server, *group);
  for (const auto& mark : group->marks)
    if (!each(marked(mark.fwmark, mark.family.value_or(family)))) return;
}

std::vector<ipvs::ServiceKey> ServiceIdentities::services(std::size_t index) const {
  std::vector<ipvs::ServiceKey> keys;
  visit_services(index, [&](const ipvs::ServiceKey& key) {
    keys.push_back(key);
    return true;
  });
  return keys;
}

std::string ServiceIdentities::name(std::size_t index) const {
  if (const auto* group = group_of(config_.virtual_servers[index]))
    return '[' + group->name + "]:" + std::to_string(places_[index]);
  return keys_[index] ? users_name(*keys_[index]) : std::string();
}

ServiceNames::ServiceNames(const config::Config& config) {
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i)
    if (const auto& key = identities.key(i);
        key && std::holds_alternative<config::ServiceGroup>(config.virtual_servers[i].identity))
      groups_.emplace(*key, identities.name(i));
}

std::string ServiceNames::of(const ipvs::ServiceKey& key) const {
  const auto group = groups_.find(key);
  return group == groups_.end() ? users_name(key) : group->second;
}

std::string users_name(const ipvs::ServiceKey& key) {
  if (key.fwmark != 0) return "FWM " + std::to_string(key.fwmark);
  const char* protocol = key.protocol == ipvs::Protocol::tcp    ? "tcp"
                         : key.protocol == ipvs::Protocol::udp  ? "udp"
                         : key.protocol == ipvs::Protocol::sctp ? "sctp"
                                                                : "none";
  return '[' + key.address.to_string() + "]:" + protocol + ':' + std::to_string(key.port);
}

std::string users_name(const ipvs::ServiceKey& service, const ipvs::DestKey& server) {
  ipvs::ServiceKey name = service;
  name.fwmark = 0;
  name.address = server.address;
  name.port = server.port;
  return users_name(name);
}

}  // namespace baton::daemon
