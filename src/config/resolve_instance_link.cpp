// The interface that an instance makes for itself, and how it speaks to its peers.
#include <algorithm>
#include <array>
#include <set>

#include "config/resolve_instance.hpp"

namespace baton::config {
namespace {

/// The first keyword of the instance that only unicast knows; nullptr when there is none.
const Place* unicast_word(const InstanceDraft& draft) {
  const Place* first = nullptr;
  for (const std::string_view keyword :
       {"unicast_peer", "unicast_src_ip", "check_unicast_src", "old_unicast_checksum"}) {
    const auto found = draft.written.find(keyword);
    if (found != draft.written.end() && (first == nullptr || found->second.position < first->position))
      first = &found->second;
  }
  return first;
}

/// Each once; keepalived keeps repeated ones and sends to them twice.
void drop_repeated_peers(Builder& builder, VrrpInstance& instance) {
  std::set<IpAddress> seen;
  std::erase_if(instance.unicast_peers, [&](const UnicastPeer& peer) {
    const bool is_new = seen.insert(peer.address).second;
    const std::string address = peer.address.to_string();
    const Place place{peer.position, static_cast<std::uint32_t>(address.size())};
    if (!is_new) builder.advise(place, concat("unicast_peer ", address, " is listed twice: this one is ignored"));
    if (is_new && instance.source_address == peer.address)
      builder.advise(place, concat("unicast_peer ", address, " is this router itself, its unicast_src_ip"),
                     "list the other routers only");
    return !is_new;
  });
}

/// Without peers an instance is one of multicast, as keepalived has it, unless unicast_fault_no_peer says otherwise.
void fall_back_to_multicast(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  if (const Place* const place = unicast_word(draft))
    builder.warn(*place, "a unicast keyword without unicast peers: the instance runs by multicast",
                 "list the other routers in unicast_peer { }");
  if (instance.unicast_ttl) builder.error(draft.at("unicast_ttl"), "unicast_ttl without unicast peers: it is ignored");
  instance.check_unicast_src = false;
  instance.old_unicast_checksum = OldChecksum::detect;
  instance.unicast_ttl.reset();
}

void resolve_vmac(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  if (instance.vmac && instance.ipvlan) {
    builder.advise(draft.at("use_vmac"), "an instance has one interface of its own: use_vmac is ignored",
                   concat("use_ipvlan in ", builder.at(draft.at("use_ipvlan")), " counts"));
    instance.vmac.reset();
  }
  if (instance.vmac && instance.vmac->mac.size() + 1 == kMacOctets) instance.vmac->mac.push_back(number(instance.vrid));
  if (instance.vmac_xmit_base && !instance.vmac) {
    builder.warn(draft.at("vmac_xmit_base"), "vmac_xmit_base without use_vmac: it is ignored");
    instance.vmac_xmit_base = false;
  }
}

}  // namespace

void resolve_link(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  resolve_vmac(builder, draft, instance);
  if (instance.ipvlan && instance.family == Family::ipv4 && !instance.ipvlan->address && !instance.source_address)
    builder.warn(draft.at("use_ipvlan"), "an ipvlan of IPv4 needs an address: the instance stays in FAULT",
                 "use_ipvlan 192.0.2.1/24, an address that no other machine has");
  if (!instance.vrf.empty()) {
    builder.warn(draft.at("vrf"), "vrf is for instances without an interface: it is ignored",
                 concat("interface in ", builder.at(draft.interface->place), " says where it runs"));
    instance.vrf.clear();
  }
}

void resolve_unicast(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  drop_repeated_peers(builder, instance);
  const bool has_peers = !instance.unicast_peers.empty();
  if (!has_peers && !instance.unicast_fault_no_peer) {
    fall_back_to_multicast(builder, draft, instance);
    return;
  }
  if (instance.mcast_dst_ip) {
    builder.warn(draft.at("mcast_dst_ip"), "mcast_dst_ip in a unicast instance: it is ignored");
    instance.mcast_dst_ip.reset();
  }
  if (instance.vmac && !instance.vmac_xmit_base) {
    builder.warn(draft.at("use_vmac"), "use_vmac in a unicast instance needs vmac_xmit_base: it is set",
                 "write vmac_xmit_base beside it");
    instance.vmac_xmit_base = true;
  }
}

}  // namespace baton::config
