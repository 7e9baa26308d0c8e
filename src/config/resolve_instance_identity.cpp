// Which instances stand in each other's way.
#include "config/resolve_instance.hpp"

namespace baton::config {

/// Another instance whose adverts this one could not tell from those of its peers.
const Identities::Owner* Identities::other(const Builder& builder, const VrrpInstance& instance, const Owner& owner) {
  const Owner* found = nullptr;
  const auto note = [&](const IpAddress& from, bool is_unicast, const IpAddress& to) {
    const auto [entry, is_new] =
        owners_.try_emplace({instance.family, instance.interface, instance.vrid, from, is_unicast, to}, owner);
    if (!is_new && entry->second.name != owner.name) found = &entry->second;
  };
  const VrrpDefs& defaults = builder.config.global.vrrp;
  const bool is_v4 = instance.family == Family::ipv4;
  if (instance.unicast_peers.empty())
    note(IpAddress{}, false,
         instance.mcast_dst_ip.value_or(is_v4 ? defaults.vrrp_mcast_group4 : defaults.vrrp_mcast_group6));
  for (const UnicastPeer& peer : instance.unicast_peers)
    note(instance.source_address.value_or(IpAddress{}), true, peer.address);
  return found;
}

void Identities::take_link_name(Builder& builder, const Place& place, const std::string& name, std::string& interface) {
  if (interface.empty()) return;
  const auto [entry, is_new] = links_.try_emplace(interface, name);
  if (is_new) return;
  builder.error(place,
                concat("vrrp_instance ", quoted(entry->second), " has an interface ", quoted(interface),
                       " of its own already: the name is ignored"),
                "without a name it is called vrrp.VRID");
  interface.clear();
}

bool Identities::are_new(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  const Owner owner{instance.name, draft.vrid->place};
  const std::string vrid = std::to_string(number(instance.vrid));
  if (const Owner* const before = other(builder, instance, owner)) {
    builder.refuse(kCannotRun, Status::bad, draft.vrid->place,
                   concat("virtual_router_id ", vrid, " is used twice on ", instance.interface, ": ",
                          quoted(instance.name), " is left out"),
                   concat(quoted(before->name), " in ", builder.at(before->place), " has it already",
                          instance.unicast_peers.empty() ? "" : ", with the same source and peer"));
    return false;
  }
  if (instance.vmac) take_link_name(builder, draft.at("use_vmac"), instance.name, instance.vmac->interface);
  if (instance.ipvlan) take_link_name(builder, draft.at("use_ipvlan"), instance.name, instance.ipvlan->interface);
  if (instance.unicast_peers.empty() && !instance.unicast_fault_no_peer) return true;
  const Key key{instance.family, instance.interface, instance.vrid, instance.source_address.value_or(IpAddress{}), true,
                IpAddress{}};
  const auto [running, is_new] = running_.try_emplace(key, owner);
  if (!is_new)
    builder.report(Severity::warning, Status::not_active, draft.vrid->place,
                   concat("two unicast instances of one virtual_router_id and source are accepted, not active yet: ",
                          quoted(instance.name), " is not run"),
                   concat(quoted(running->second.name), " in ", builder.at(running->second.place),
                          " has other peers, but the same unicast_src_ip or none"));
  return true;
}

}  // namespace baton::config
