// inheritance.hpp - what holds in the end for whoever leaves something to global_defs (pure).
//
// The model keeps what was written, so that the normalised configuration says no more than the file; whoever acts on it
// asks here.  Timing and mode of checks are inherited while the file is read (resolve_check.cpp).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "config/model.hpp"

namespace baton::config {

/// Gratuitous ARP and unsolicited neighbour advertisements of an instance.
struct AnnouncingInForce {
  std::chrono::seconds master_delay{5};      // before the second burst after becoming master; 0: no second burst
  std::uint32_t master_repeat = 5;           // of each address in a burst
  std::chrono::seconds master_refresh{};     // between repetitions while master; 0: none
  std::uint32_t master_refresh_repeat = 1;   // of each address in a repetition
  std::chrono::seconds lower_prio_delay{5};  // as master_delay, after a master of lower priority was heard
  std::uint32_t lower_prio_repeat = 5;
  GarpExtra extra_if;
  friend bool operator==(const AnnouncingInForce&, const AnnouncingInForce&) = default;
};

/// The settings of an instance that global_defs have a say in.
struct InstanceInForce {
  bool strict_mode = false, skip_check_adv_addr = false, v3_checksum_as_v2 = false;
  bool lower_prio_no_advert = false, higher_prio_send_advert = false, owner_ignore_adverts = false;
  bool check_unicast_src = true;  // always: an advert of whoever is no peer is refused
  bool accept = true;             // packets sent to its addresses although it is not their owner
  std::uint8_t down_timer_adverts = 3;
  IpAddress mcast_dst_ip = IpAddress::v4({224, 0, 0, 18});  // where its adverts go without peers
  AnnouncingInForce announcing;
  bool smtp_alert = false, notify_priority_changes = false;
  friend bool operator==(const InstanceInForce&, const InstanceInForce&) = default;
};
InstanceInForce in_force(const GlobalDefs& global, const VrrpInstance& instance);

/// The settings of a group that global_defs have a say in.
struct GroupInForce {
  bool smtp_alert = false, notify_priority_changes = false;
  friend bool operator==(const GroupInForce&, const GroupInForce&) = default;
};
GroupInForce in_force(const GlobalDefs& global, const SyncGroup& group);

/// Whether a mail tells of its quorum: not unless somebody asks for it.
bool smtp_alert_in_force(const GlobalDefs& global, const VirtualServer& service);
/// Whether a mail tells of its ups and downs: yes unless somebody forbids it.
bool smtp_alert_in_force(const GlobalDefs& global, const RealServer& server);

}  // namespace baton::config
