// instance_plan.hpp - the virtual routers of a configuration, in the words of src/vrrp: what the vrrp role is to do
// (pure).
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "daemon/instance_key.hpp"
#include "vrrp/announcement.hpp"
#include "vrrp/expectation.hpp"
#include "vrrp/packet.hpp"
#include "vrrp/tracking.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::daemon {

/// A virtual address as the kernel is to have it, its device by name (interfaces come and go).
struct PlannedAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;
  std::uint8_t scope = 0;  // RT_SCOPE_*
  std::string label;
  std::optional<IpAddress> broadcast;
  std::uint32_t flags = 0;                        // IFA_F_*
  std::optional<std::chrono::seconds> preferred;  // preferred_lft, from when it is acquired; none: as long as it lives
  bool is_advertised = true;                      // false: of virtual_ipaddress_excluded
  std::optional<IpAddress> peer{};                // its other end; the prefix is that of the peer then
  friend bool operator==(const PlannedAddress&, const PlannedAddress&) = default;
};

/// An interface of its own, upon the instance's, with the virtual router's MAC.
struct PlannedVmac {
  std::string name;
  vrrp::MacAddress mac{};
  bool sends_adverts = true;  // false: the instance's interface does (vmac_xmit_base, unicast)
  std::string group{};        // of interfaces, its number or name
  friend bool operator==(const PlannedVmac&, const PlannedVmac&) = default;
};

/// An interface of its own, upon the instance's, with the MAC of that one: adverts leave and come by it, the addresses
/// stand on the instance's (keepalived's use_ipvlan).
struct PlannedIpvlan {
  std::string name;
  std::uint16_t flags = 0;                     // IPVLAN_F_*
  std::optional<config::PeerAddress> address;  // its own
  std::string group{};                         // of interfaces, its number or name
  friend bool operator==(const PlannedIpvlan&, const PlannedIpvlan&) = default;
};

/// A VMAC of single addresses.
struct PlannedAddressVmac {
  std::string name, parent;
  vrrp::MacAddress mac{};
  Family family = Family::ipv4;  // of the first of them
  bool has_ipv6 = false;
  friend bool operator==(const PlannedAddressVmac&, const PlannedAddressVmac&) = default;
};

/// How an instance speaks to the others.
struct PlannedPath {
  std::optional<IpAddress> source;  // none: the interface's primary address
  std::optional<IpAddress> group;   // none: unicast
  std::vector<vrrp::Peer> peers;    // of unicast; none: the instance can speak to nobody
  std::uint8_t time_to_live = vrrp::kTimeToLive;
  vrrp::ChecksumForm checksum_form = vrrp::ChecksumForm::with_pseudo_header;
  bool learns_checksum = true;  // unicast, version 3: follows peers that compute it the old way
  std::optional<vrrp::SimplePassword> password;
  std::optional<vrrp::AhKey> ah_key;
  friend bool operator==(const PlannedPath&, const PlannedPath&) = default;
};

/// One virtual router of the configuration.
struct PlannedInstance {
  std::string name;
  std::uint32_t index = 0;  // in Config::vrrp_instances: how scripts are asked for
  vrrp::Params params;      // without the primary address, which the interface has
  PlannedPath path;
  std::vector<vrrp::Tracker> trackers;
  bool follows_link = true;             // not with dont_track_primary
  bool follows_source = false;          // track_src_ip: out while its source is no address of this host
  std::string group;                    // its sync group; empty: none
  std::uint32_t group_position = 0;     // in that group
  bool tells_priority = false;          // notify_priority_changes
  bool tells_deletion = false;          // notify_deleted
  bool ignores_adverts = false;         // an owner that hears nobody
  bool checks_first_list_only = false;  // skip_check_adv_addr
  bool promotes_secondaries = false;    // the sysctl of its interface
  bool accepts_packets = true;          // that are sent to its addresses (Accept_Mode), or it is their owner
  bool announces_all = false;           // garp_extra_if all: also what is no VMAC
  std::optional<PlannedVmac> vmac;      // of vmac and ipvlan one at most
  std::optional<PlannedIpvlan> ipvlan;
  std::vector<PlannedAddressVmac> address_vmacs;
  std::vector<PlannedAddress> addresses;  // the advertised ones first

  /// The advertised addresses, as the advertisement lists them.
  [[nodiscard]] std::vector<IpAddress> advertised() const;

  /// The interface that adverts leave by; `interface` is the instance's.
  [[nodiscard]] const std::string& sending_device(const std::string& interface) const {
    return vmac && vmac->sends_adverts ? vmac->name : source_device(interface);
  }

  /// The interface whose address adverts carry, unless they have one of their own.
  [[nodiscard]] const std::string& source_device(const std::string& interface) const {
    return ipvlan ? ipvlan->name : interface;
  }
};

/// An address of the configuration, on `interface` unless it names a device.
PlannedAddress plan_address(const config::VirtualAddress& from, const std::string& interface);

/// Of two instances that differ in their peers alone the second is left out; the configuration has said so.
std::map<InstanceKey, PlannedInstance> plan_instances(const config::Config& config);

}  // namespace baton::daemon
