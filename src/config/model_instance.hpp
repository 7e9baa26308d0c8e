// model_instance.hpp - vrrp_instance and vrrp_sync_group.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_address.hpp"
#include "config/model_route.hpp"
#include "config/model_script.hpp"
#include "config/model_tracking.hpp"
#include "config/position.hpp"
#include "core/ids.hpp"
#include "core/time.hpp"

namespace baton::config {

enum class WantedState : std::uint8_t { unspecified, master, backup };

struct VrrpInstance {
  std::string name;
  Position position;
  WantedState state = WantedState::unspecified;
  std::string interface;
  Position interface_position;
  Vrid vrid{};
  Priority priority = kDefaultPriority;
  Duration advert_int = std::chrono::seconds{1};
  std::uint8_t version = 2;  // 2 or 3; global vrrp_version unless said here
  std::string auth_pass;     // empty: no authentication; at most 8 octets
  std::vector<VirtualAddress> virtual_addresses;
  bool nopreempt = false;
  Duration preempt_delay{};
  Tracking tracking;
  std::vector<Route> virtual_routes;
  std::vector<Rule> virtual_rules;
  std::optional<ScriptIndex> notify_master, notify_backup, notify_fault, notify_stop, notify;
  friend bool operator==(const VrrpInstance&, const VrrpInstance&) = default;
};

/// vrrp_sync_group: instances that share one state.
struct SyncGroup {
  std::string name;
  std::vector<std::string> instances;
  bool sync_group_tracking_weight = false;
  Tracking tracking;
  Position position;
  friend bool operator==(const SyncGroup&, const SyncGroup&) = default;
};

/// garp_group: interfaces that share the spacing of gratuitous ARP.
struct GarpGroup {
  Position position;
  friend bool operator==(const GarpGroup&, const GarpGroup&) = default;
};

}  // namespace baton::config
