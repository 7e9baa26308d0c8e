// link_plan.hpp - the interfaces that virtual routers make for themselves, and which address stands on which (pure).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "config/model.hpp"
#include "daemon/instance_plan.hpp"
#include "net/virtual_link.hpp"
#include "vrrp/announcement.hpp"

namespace baton::daemon {

/// Gives the interfaces of a configuration's instances their names, as keepalived does, and each address its interface.
class LinkPlanner {
 public:
  /// Names that are written in `config` are nobody else's.
  explicit LinkPlanner(const config::Config& config);

  /// Own interface, VMACs of single addresses, addresses: `to` has its path already.  In the order of the
  /// configuration, on which the names depend that are not written.
  void plan(const config::VrrpInstance& from, PlannedInstance* to);

 private:
  using Place = std::pair<std::string, vrrp::MacAddress>;  // parent, MAC: what the kernel has once

  void plan_own_link(const config::VrrpInstance& from, PlannedInstance* to);
  [[nodiscard]] std::string place(const config::VrrpInstance& from, const config::VirtualAddress& address,
                                  PlannedInstance* to);
  [[nodiscard]] std::string new_name(const std::string& prefix, Vrid vrid, Family family);

  std::string prefix_, address_prefix_;
  std::set<std::string> taken_;
  std::map<Place, std::string> vmacs_;
};

/// An interface that there must be.
struct WantedLink {
  std::string parent;
  net::LinkKind kind = net::LinkKind::macvlan;
  vrrp::MacAddress mac{};                      // of a macvlan
  std::uint16_t ipvlan_flags = 0;              // IPVLAN_F_*
  Family family = Family::ipv4;                // that it is made for
  bool has_ipv6 = false;                       // addresses, or those of its instance wherever they are
  bool needs_link_local = false;               // its parent's, as the source of what it sends by IPv6
  std::optional<config::PeerAddress> address;  // of an ipvlan: its own
  std::string group;                           // of interfaces, as it is written: its number or name; empty: none
  std::uint32_t group_number = 0;              // what IFLA_GROUP becomes; 0 is the kernel's default
  std::uint64_t turn = 0;                      // they are made in this order, as keepalived makes them
  friend bool operator==(const WantedLink&, const WantedLink&) = default;

  /// All that takes another interface when it changes, as words.
  [[nodiscard]] std::string description() const;
};

/// By name.
using WantedLinks = std::map<std::string, WantedLink>;
WantedLinks plan_links(const std::map<InstanceKey, PlannedInstance>& plan);

/// garp_extra_if: one address of each interface that adverts do not leave by; of VMACs alone unless `all`.  `interface`
/// is the instance's.
std::vector<const PlannedAddress*> announced_elsewhere(const PlannedInstance& plan, const std::string& interface);

}  // namespace baton::daemon
