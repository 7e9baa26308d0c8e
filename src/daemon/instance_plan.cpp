#include "daemon/instance_plan.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

#include <linux/if_addr.h>

#include "config/inheritance.hpp"
#include "daemon/track_plan.hpp"

namespace baton::daemon {

namespace {

constexpr std::uint8_t kHopLimit = 64;  // of the kernel, which keepalived leaves it to

std::uint32_t flags_of(const config::VirtualAddress& from) {
  std::uint32_t flags = 0;
  if (from.address.is_v6() && !from.dad) flags |= IFA_F_NODAD;
  if (from.home) flags |= IFA_F_HOMEADDRESS;
  if (from.mngtmpaddr) flags |= IFA_F_MANAGETEMPADDR;
  if (from.noprefixroute) flags |= IFA_F_NOPREFIXROUTE;
  if (from.autojoin) flags |= IFA_F_MCAUTOJOIN;
  return flags;
}

/// As keepalived: an IPv6 address of one host is not to be chosen as a source by itself, and to IPv4, where the kernel
/// makes nothing of it, none applies.
std::optional<std::chrono::seconds> preferred_of(const config::VirtualAddress& from) {
  if (from.address.is_v4()) return std::nullopt;
  if (from.preferred_lft) return *from.preferred_lft == config::kForever ? std::nullopt : from.preferred_lft;
  if (from.prefix_length == max_prefix_length(Family::ipv6)) return std::chrono::seconds::zero();
  return std::nullopt;
}

vrrp::AnnouncementPlan to_announcing(const config::AnnouncingInForce& from) {
  vrrp::AnnouncementPlan to;
  to.repeat = from.master_repeat;
  to.delay = from.master_delay;
  to.refresh = from.master_refresh;
  to.refresh_repeat = from.master_refresh_repeat;
  to.lower_priority_repeat = from.lower_prio_repeat;
  to.lower_priority_delay = from.lower_prio_delay;
  return to;
}

vrrp::Params to_params(const config::VrrpInstance& from, const config::InstanceInForce& in_force) {
  vrrp::Params to;
  to.version = from.version == 3 ? vrrp::Version::v3 : vrrp::Version::v2;
  to.priority = from.priority;
  to.advertisement_interval = from.advert_int;
  to.preempt_mode = !from.nopreempt;
  to.preempt_delay = from.preempt_delay;
  to.start_active = from.priority == kOwnerPriority && from.state != config::WantedState::backup;
  to.down_timer_adverts = in_force.down_timer_adverts;
  to.higher_prio_send_advert = in_force.higher_prio_send_advert;
  to.lower_prio_no_advert = in_force.lower_prio_no_advert;
  to.timer_expired_backup = from.timer_expired_backup;
  to.announcing = to_announcing(in_force.announcing);
  return to;
}

vrrp::ChecksumForm checksum_form(const config::VrrpInstance& from, const config::InstanceInForce& in_force) {
  if (in_force.v3_checksum_as_v2) return vrrp::ChecksumForm::without_pseudo_header;
  if (!from.unicast_peers.empty() && from.old_unicast_checksum == config::OldChecksum::always)
    return vrrp::ChecksumForm::as_if_multicast;
  return vrrp::ChecksumForm::with_pseudo_header;
}

PlannedPath to_path(const config::VrrpInstance& from, const config::InstanceInForce& in_force) {
  PlannedPath to;
  to.source = from.source_address;
  const bool is_unicast = !from.unicast_peers.empty() || from.unicast_fault_no_peer;
  if (!is_unicast) to.group = in_force.mcast_dst_ip;
  for (const auto& peer : from.unicast_peers)
    to.peers.push_back({peer.address, peer.min_ttl, peer.max_ttl});
  if (is_unicast)
    to.time_to_live = from.unicast_ttl.value_or(from.family == Family::ipv4 ? vrrp::kTimeToLive : kHopLimit);
  to.checksum_form = checksum_form(from, in_force);
  to.learns_checksum = from.old_unicast_checksum == config::OldChecksum::detect && !in_force.v3_checksum_as_v2;
  if (from.version != 2 || from.family == Family::ipv6) return to;
  const auto password = vrrp::simple_password(from.auth_pass);
  if (from.auth_type == config::AuthType::pass) to.password = password;
  if (from.auth_type == config::AuthType::ah) to.ah_key = password;
  return to;
}

/// The virtual router's MAC (RFC 9568 7.3) unless another is asked for.
vrrp::MacAddress mac_of(const config::Vmac& from, Vrid vrid, Family family) {
  vrrp::MacAddress mac{0x00,        0x00, 0x5e, 0x00, family == Family::ipv4 ? std::uint8_t{1} : std::uint8_t{2},
                       number(vrid)};
  if (from.mac.size() == mac.size()) std::ranges::copy(from.mac, mac.begin());
  return mac;
}

/// "vrrp.51"; with a number behind it when another instance has the name.
std::string vmac_name(const config::Config& config, const config::VrrpInstance& from, std::set<std::string>* taken) {
  const auto& prefix = config.global.vrrp.vmac_prefix;
  auto name = from.vmac->interface;
  if (name.empty()) name = (prefix.empty() ? "vrrp" : prefix) + '.' + std::to_string(unsigned{number(from.vrid)});
  const auto plain = name;
  for (int again = 1; !taken->insert(name).second; ++again)
    name = plain + '.' + std::to_string(again);
  return name;
}

/// Addresses of the other family cannot be on a VMAC.
void add_addresses(const config::VrrpInstance& from, PlannedInstance* to) {
  const auto place_of = [&](const config::VirtualAddress& address) {
    return to->vmac && address.address.family() == from.family ? to->vmac->name : from.interface;
  };
  for (const auto& address : from.virtual_addresses)
    to->addresses.push_back(plan_address(address, place_of(address)));
  for (const auto& address : from.excluded_addresses) {
    to->addresses.push_back(plan_address(address, place_of(address)));
    to->addresses.back().is_advertised = false;
  }
}

InstanceKey to_key(const config::VrrpInstance& from, const PlannedPath& path) {
  InstanceKey key{from.interface, from.vrid, from.family, !path.group};
  if (!path.group)
    key.channel = path.source.value_or(IpAddress{});
  else if (*path.group != vrrp::multicast_group(from.family))
    key.channel = *path.group;
  return key;
}

struct Membership {
  const config::SyncGroup* group = nullptr;
  std::uint32_t position = 0;
  bool is_nopreempt = false;
};

std::unordered_map<std::string, Membership> memberships_of(const config::Config& config) {
  std::unordered_map<std::string, const config::VrrpInstance*> instances;
  for (const auto& instance : config.vrrp_instances)
    instances.emplace(instance.name, &instance);
  std::unordered_map<std::string, Membership> memberships;
  for (const auto& group : config.sync_groups) {
    const bool is_nopreempt = std::ranges::any_of(group.instances, [&](const std::string& name) {
      const auto found = instances.find(name);
      return found != instances.end() && found->second->nopreempt;
    });
    for (std::uint32_t i = 0; i < group.instances.size(); ++i)
      memberships.emplace(group.instances[i], Membership{&group, i, is_nopreempt});
  }
  return memberships;
}

/// Instances advertise in groups, a millisecond apart in the order of the configuration: few of them wake up for one,
/// and a backup can take over from each group before the next is missed.  At most a quarter of an interval in all.
Duration phase_of(std::size_t index, std::size_t count, Duration interval) {
  constexpr std::size_t kTogether = 20;
  constexpr Duration kApart = std::chrono::milliseconds{1};
  const auto groups = static_cast<Duration::rep>((count + kTogether - 1) / kTogether);
  const auto following = static_cast<Duration::rep>((count - 1 - index) / kTogether);
  return std::min(kApart, interval / 4 / groups) * following;
}

}  // namespace

PlannedAddress plan_address(const config::VirtualAddress& from, const std::string& interface) {
  PlannedAddress to;
  to.address = from.address;
  to.prefix_length = from.prefix_length;
  to.device = from.device.empty() ? interface : from.device;
  to.scope = static_cast<std::uint8_t>(from.scope);
  to.label = from.label;
  to.broadcast = from.broadcast;
  to.flags = flags_of(from);
  to.preferred = preferred_of(from);
  if (from.peer) {
    to.peer = from.peer->address;
    to.prefix_length = from.peer->prefix_length;
  }
  return to;
}

std::vector<IpAddress> PlannedInstance::advertised() const {
  std::vector<IpAddress> list;
  list.reserve(addresses.size());
  for (const auto& planned : addresses)
    if (planned.is_advertised) list.push_back(planned.address);
  return list;
}

std::map<InstanceKey, PlannedInstance> plan_instances(const config::Config& config) {
  std::map<InstanceKey, PlannedInstance> plan;
  const auto memberships = memberships_of(config);
  const auto follows = followed_interfaces(config);
  std::set<std::string> vmac_names;
  for (std::uint32_t index = 0; index < config.vrrp_instances.size(); ++index) {
    const auto& from = config.vrrp_instances[index];
    const auto in_force = config::in_force(config.global, from);
    PlannedInstance to;
    to.name = from.name;
    to.index = index;
    to.params = to_params(from, in_force);
    to.params.phase = phase_of(index, config.vrrp_instances.size(), to.params.advertisement_interval);
    to.path = to_path(from, in_force);
    to.ignores_adverts = from.priority == kOwnerPriority && in_force.owner_ignore_adverts;
    to.checks_first_list_only = in_force.skip_check_adv_addr;
    if (from.vmac)
      to.vmac = PlannedVmac{vmac_name(config, from, &vmac_names), mac_of(*from.vmac, from.vrid, from.family),
                            !from.vmac_xmit_base && to.path.group.has_value()};
    add_addresses(from, &to);
    to.accepts_packets = in_force.accept || from.priority == kOwnerPriority;
    to.promotes_secondaries = from.promote_secondaries;
    const auto membership = memberships.find(from.name);
    const auto* group = membership == memberships.end() ? nullptr : membership->second.group;
    to.trackers = plan_trackers(from, group, follows);
    to.follows_link = !from.dont_track_primary;
    to.follows_source = from.track_src_ip && from.source_address;
    to.tells_deletion = from.notify_deleted;
    to.tells_priority = in_force.notify_priority_changes;
    if (group != nullptr) {
      to.group = group->name;
      to.group_position = membership->second.position;
      to.params.is_grouped = true;
      // nopreempt of one member is that of all.
      to.params.preempt_mode = to.params.preempt_mode && !membership->second.is_nopreempt;
      to.tells_priority = to.tells_priority || config::in_force(config.global, *group).notify_priority_changes;
    }
    auto key = to_key(from, to.path);
    plan.try_emplace(std::move(key), std::move(to));
  }
  return plan;
}

}  // namespace baton::daemon
