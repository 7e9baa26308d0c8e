// model_instance.hpp - vrrp_instance and vrrp_sync_group.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_address.hpp"
#include "config/model_authentication.hpp"
#include "config/model_route.hpp"
#include "config/model_script.hpp"
#include "config/model_tracking.hpp"
#include "config/position.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace baton::config {

enum class WantedState : std::uint8_t { unspecified, master, backup };

inline constexpr std::size_t kMacOctets = 6;

/// use_vmac: the instance runs on a macvlan of its own.
struct Vmac {
  std::string interface;          // empty: vrrp.VRID
  std::vector<std::uint8_t> mac;  // kMacOctets; none: the virtual router's (RFC 9568 7.3)
  bool netlink_notify_msg = false;
  std::string group;  // of interfaces, number or name; empty: the kernel's default
  friend bool operator==(const Vmac&, const Vmac&) = default;
};

enum class IpvlanMode : std::uint8_t { bridge, private_mode, vepa };

/// use_ipvlan: likewise, on an ipvlan.
struct Ipvlan {
  std::string interface;             // empty: vrrp.VRID
  std::optional<IpAddress> address;  // its own, and the source of the adverts
  std::uint8_t prefix_length = 32;
  IpvlanMode mode = IpvlanMode::bridge;
  std::string group;
  friend bool operator==(const Ipvlan&, const Ipvlan&) = default;
};

/// A router that adverts are sent to one by one.
struct UnicastPeer {
  IpAddress address;
  std::uint8_t min_ttl = 0, max_ttl = 255;  // of the adverts that it may send
  Position position;
  friend bool operator==(const UnicastPeer&, const UnicastPeer&) = default;
};

/// VRRPv3 over IPv4 unicast: whether the checksum is computed as if the advert went to the multicast group.
enum class OldChecksum : std::uint8_t { detect, always, never };

/// Gratuitous ARP on the base interface of a VMAC.
struct GarpExtra {
  std::chrono::seconds interval{};  // 0: none
  bool all = false;
  friend bool operator==(const GarpExtra&, const GarpExtra&) = default;
};

/// Gratuitous ARP and unsolicited neighbour advertisements.  What is absent is as global_defs say.
struct Announcing {
  std::optional<std::chrono::seconds> master_delay, master_refresh, lower_prio_delay;
  std::optional<std::uint32_t> master_repeat, master_refresh_repeat, lower_prio_repeat;
  std::optional<GarpExtra> extra_if;
  friend bool operator==(const Announcing&, const Announcing&) = default;
};

/// What is an optional without a word beside it is as global_defs say when absent.
struct VrrpInstance {
  std::string name;
  Position position;
  WantedState state = WantedState::unspecified;
  Family family = Family::ipv4;  // of its addresses; native_ipv6 when none of them tells
  std::string interface;         // empty: that of its unicast source
  Position interface_position;
  std::string vrf;  // of a unicast instance without an interface; empty: none
  std::optional<Vmac> vmac;
  std::optional<Ipvlan> ipvlan;
  bool use_vmac_addr = false, vmac_xmit_base = false;
  Vrid vrid{};
  Priority priority = kDefaultPriority;
  Duration advert_int = std::chrono::seconds{1};
  std::uint8_t version = 2;  // 2 or 3; global vrrp_version unless said here
  AuthType auth_type = AuthType::none;
  std::string auth_pass;  // at most 8 octets
  std::optional<AuthHmac> auth_hmac;

  std::vector<UnicastPeer> unicast_peers;  // none: multicast
  bool unicast_fault_no_peer = false, check_unicast_src = false;
  std::optional<std::uint8_t> unicast_ttl;  // absent: 255, IPv6 the kernel's
  OldChecksum old_unicast_checksum = OldChecksum::detect;
  std::optional<IpAddress> source_address;  // mcast_src_ip, unicast_src_ip; absent: the interface's primary address
  std::optional<IpAddress> mcast_dst_ip;
  bool track_src_ip = false;

  std::vector<VirtualAddress> virtual_addresses, excluded_addresses;
  bool no_virtual_ipaddress = false;
  std::vector<Route> virtual_routes;
  std::vector<Rule> virtual_rules;
  Tracking tracking;
  bool dont_track_primary = false;

  bool nopreempt = false;
  Duration preempt_delay{};
  std::optional<bool> accept;  // absent: yes, with strict_mode no
  std::optional<bool> strict_mode, skip_check_adv_addr, v3_checksum_as_v2, lower_prio_no_advert,
      higher_prio_send_advert, owner_ignore_adverts;
  std::optional<std::uint8_t> down_timer_adverts;
  std::optional<Priority> timer_expired_backup;  // absent: off
  Announcing announcing;
  std::optional<std::uint32_t> kernel_rx_buf_size;  // octets
  bool promote_secondaries = false;
  std::uint8_t debug = 0;

  std::optional<ScriptIndex> notify_master, notify_backup, notify_fault, notify_stop, notify;
  std::optional<ScriptIndex> notify_deleted_script, notify_master_rx_lower_pri;
  bool notify_deleted = false;  // also without a script
  std::optional<bool> smtp_alert, notify_priority_changes;
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// vrrp_sync_group: instances that share one state.
struct SyncGroup {
  std::string name;
  std::vector<std::string> instances;  // that there are, each in one group only
  Tracking tracking;
  bool sync_group_tracking_weight = false;
  std::optional<ScriptIndex> notify_master, notify_backup, notify_fault, notify_stop, notify;
  std::optional<bool> smtp_alert, notify_priority_changes;  // absent: as global_defs say
  Position position;
  friend bool operator==(const SyncGroup&, const SyncGroup&) = default;
};

}  // namespace baton::config
