// resolve_instance.hpp - a vrrp_instance after the last line: what its settings do to each other and to other
// instances.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include "config/builder.hpp"

namespace baton::config {

/// Whether the instance keeps to the RFC: strict_mode, or vrrp_strict of global_defs.
bool is_strict(const Builder& builder, const VrrpInstance& instance);

/// use_vmac, use_ipvlan, vrf.
void resolve_link(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance);
/// Peers and source, and what makes sense with peers only.
void resolve_unicast(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance);
void resolve_authentication(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance);
/// Takes out what an instance of strict_mode must not have.  Before the preemption is judged: it may change the state.
void resolve_strict(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance);

/// What must be one instance's alone.
class Identities {
 public:
  /// Notes those of `instance`.  False: another one has its virtual_router_id in the same place, which is reported.
  bool are_new(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance);

 private:
  struct Owner {
    std::string name;
    Place place;  // of its virtual_router_id
  };
  /// Family, interface, VRID, then the destination of a multicast instance, or source and peer of a unicast one.
  using Key = std::tuple<Family, std::string, Vrid, IpAddress, bool, IpAddress>;

  const Owner* other(const Builder& builder, const VrrpInstance& instance, const Owner& owner);
  void take_link_name(Builder& builder, const Place& place, const std::string& name, std::string& interface);

  std::map<Key, Owner> owners_;
  std::map<Key, Owner> running_;  // unicast without the peers: what the vrrp role tells instances apart by
  std::unordered_map<std::string, std::string> links_;  // names of VMACs and ipvlans, and whose they are
};

}  // namespace baton::config
