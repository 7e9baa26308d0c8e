#include "daemon/link_plan.hpp"

#include <algorithm>

#include <linux/if_link.h>
#include <net/if.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace baton::daemon {

namespace {

constexpr std::size_t kLongestName = IFNAMSIZ - 1;

/// The virtual router's MAC (RFC 9568 7.3) unless the instance has another.
vrrp::MacAddress mac_of(const config::VrrpInstance& from, Family family) {
  const std::uint8_t kind = family == Family::ipv4 ? 1 : 2;
  vrrp::MacAddress mac{0x00, 0x00, 0x5e, 0x00, kind, number(from.vrid)};
  if (from.vmac && from.vmac->mac.size() == mac.size()) std::ranges::copy(from.vmac->mac, mac.begin());
  return mac;
}

std::uint16_t flags_of(config::IpvlanMode mode) {
  switch (mode) {
    case config::IpvlanMode::bridge: return 0;
    case config::IpvlanMode::private_mode: return IPVLAN_F_PRIVATE;
    case config::IpvlanMode::vepa: return IPVLAN_F_VEPA;
  }
  return 0;
}

/// Instance by instance, its own first.
std::uint64_t turn_of(const PlannedInstance& instance, std::size_t position) {
  return (std::uint64_t{instance.index} << 32U) | position;
}

std::string with_number(const std::string& prefix, const std::string& number, Vrid vrid) {
  const auto end = number + '.' + std::to_string(unsigned{baton::number(vrid)});
  return prefix.substr(0, kLongestName - end.size()) + end;
}

}  // namespace

LinkPlanner::LinkPlanner(const config::Config& config)
    : prefix_(config.global.vrrp.vmac_prefix), address_prefix_(config.global.vrrp.vmac_addr_prefix) {
  if (prefix_.empty()) prefix_ = "vrrp";
  if (address_prefix_.empty()) address_prefix_ = prefix_;
  for (const auto& instance : config.vrrp_instances) {
    if (instance.vmac) taken_.insert(instance.vmac->interface);
    if (instance.ipvlan) taken_.insert(instance.ipvlan->interface);
  }
}

/// "vrrp.51", of an IPv6 one also "vrrp6.51", then "vrrp1.51", "vrrp2.51" ...: the prefix is cut where it is too long.
std::string LinkPlanner::new_name(const std::string& prefix, Vrid vrid, Family family) {
  auto name = with_number(prefix, "", vrid);
  if (!taken_.contains(name)) return *taken_.insert(name).first;
  if (family == Family::ipv6) name = with_number(prefix, "6", vrid);
  for (int again = 1; !taken_.insert(name).second; ++again)
    name = with_number(prefix, std::to_string(again), vrid);
  return name;
}

void LinkPlanner::plan(const config::VrrpInstance& from, PlannedInstance* to) {
  plan_own_link(from, to);
  for (const auto* list : {&from.virtual_addresses, &from.excluded_addresses}) {
    for (const auto& address : *list) {
      to->addresses.push_back(plan_address(address, from.interface));
      to->addresses.back().device = place(from, address, to);
      to->addresses.back().is_advertised = list == &from.virtual_addresses;
    }
  }
}

void LinkPlanner::plan_own_link(const config::VrrpInstance& from, PlannedInstance* to) {
  if (from.ipvlan) {
    PlannedIpvlan own;
    own.name = from.ipvlan->interface;
    if (own.name.empty()) own.name = new_name(prefix_, from.vrid, from.family);
    own.flags = flags_of(from.ipvlan->mode);
    if (from.ipvlan->address) own.address = config::PeerAddress{*from.ipvlan->address, from.ipvlan->prefix_length};
    own.group = from.ipvlan->group;
    to->ipvlan = std::move(own);
    return;
  }
  if (!from.vmac) return;
  const auto mac = mac_of(from, from.family);
  auto& known = vmacs_[{from.interface, mac}];
  auto name = from.vmac->interface.empty() ? known : from.vmac->interface;
  if (name.empty()) name = new_name(prefix_, from.vrid, from.family);
  if (known.empty()) known = name;
  to->vmac = PlannedVmac{name, mac, !from.vmac_xmit_base && to->path.group.has_value(), from.vmac->group};
}

/// As keepalived: with use_vmac_addr what stands elsewhere than the instance, or is of the other family, has a VMAC
/// there; with use_vmac of an address that one.
std::string LinkPlanner::place(const config::VrrpInstance& from, const config::VirtualAddress& address,
                               PlannedInstance* to) {
  const auto& parent = address.device.empty() ? from.interface : address.device;
  const auto family = address.address.family();
  const bool is_at_home = parent == from.interface && family == from.family;
  if (to->vmac && is_at_home) return to->vmac->name;
  const bool has_vmac = address.use_vmac || (from.use_vmac_addr && !is_at_home);
  if (!has_vmac || parent.empty()) return parent;
  const auto mac = mac_of(from, family);
  auto& name = vmacs_[{parent, mac}];
  if (name.empty()) name = new_name(address_prefix_, from.vrid, family);
  const auto known = std::ranges::find(to->address_vmacs, name, &PlannedAddressVmac::name);
  if (known == to->address_vmacs.end())
    to->address_vmacs.push_back({name, parent, mac, family, family == Family::ipv6});
  else
    known->has_ipv6 = known->has_ipv6 || family == Family::ipv6;
  return name;
}

std::string WantedLink::description() const {
  auto text = kind == net::LinkKind::macvlan ? fmt::format("macvlan {:02x}", fmt::join(mac, ":"))
                                             : fmt::format("ipvlan {}", ipvlan_flags);
  if (address) text += fmt::format(" {}/{}", address->address.to_string(), address->prefix_length);
  if (group_number != 0) text += " group " + std::to_string(group_number);
  return text + ' ' + parent;
}

WantedLinks plan_links(const std::map<InstanceKey, PlannedInstance>& plan) {
  WantedLinks links;
  const auto is_v6 = [](const PlannedAddress& planned) { return planned.address.is_v6(); };
  for (const auto& [key, instance] : plan) {
    WantedLink own;
    own.turn = turn_of(instance, 0);
    own.parent = key.interface;
    own.family = key.family;
    if (instance.ipvlan) {
      own.kind = net::LinkKind::ipvlan;
      own.ipvlan_flags = instance.ipvlan->flags;
      own.address = instance.ipvlan->address;
      own.group = instance.ipvlan->group;
      links.emplace(instance.ipvlan->name, own);
    }
    if (!instance.vmac) continue;
    own.mac = instance.vmac->mac;
    own.group = instance.vmac->group;
    own.has_ipv6 = std::ranges::any_of(instance.addresses, is_v6);
    own.needs_link_local = key.family == Family::ipv6 && instance.vmac->sends_adverts;
    auto& link = links.emplace(instance.vmac->name, own).first->second;
    link.has_ipv6 = link.has_ipv6 || own.has_ipv6;
    link.needs_link_local = link.needs_link_local || own.needs_link_local;
  }
  for (const auto& [key, instance] : plan) {
    for (std::size_t i = 0; i < instance.address_vmacs.size(); ++i) {
      const auto& vmac = instance.address_vmacs[i];
      WantedLink own;
      own.turn = turn_of(instance, i + 1);
      own.parent = vmac.parent;
      own.mac = vmac.mac;
      own.family = vmac.family;
      own.needs_link_local = vmac.family == Family::ipv6;
      auto& link = links.emplace(vmac.name, own).first->second;
      link.has_ipv6 = link.has_ipv6 || vmac.has_ipv6;
    }
  }
  return links;
}

std::vector<const PlannedAddress*> announced_elsewhere(const PlannedInstance& plan, const std::string& interface) {
  std::set<std::string> vmacs;
  if (plan.vmac) vmacs.insert(plan.vmac->name);
  for (const auto& vmac : plan.address_vmacs)
    vmacs.insert(vmac.name);
  std::set<std::string> done{plan.sending_device(interface)};
  std::vector<const PlannedAddress*> list;
  for (const auto& planned : plan.addresses) {
    if (!plan.announces_all && !vmacs.contains(planned.device)) continue;
    if (done.insert(planned.device).second) list.push_back(&planned);
  }
  return list;
}

}  // namespace baton::daemon
