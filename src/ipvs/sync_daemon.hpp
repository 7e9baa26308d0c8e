// sync_daemon.hpp - the kernel's exchange of connections between directors, and the timeouts of connections: as values,
// and what is to be changed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ip_address.hpp"

namespace baton::ipvs {

/// IP_VS_STATE_*: sends what this director does, or listens to the other one.
enum class SyncRole : std::uint8_t { master = 1, backup = 2 };

struct SyncDaemon {
  SyncRole role = SyncRole::backup;
  std::string interface;
  std::uint8_t sync_id = 0;
  // Absent: the kernel's own choice.
  std::optional<std::uint16_t> maxlen, port;
  std::optional<std::uint8_t> ttl;
  std::optional<IpAddress> group;
  friend bool operator==(const SyncDaemon&, const SyncDaemon&) = default;
};

struct StopSyncDaemon {
  SyncDaemon daemon;
};
struct StartSyncDaemon {
  SyncDaemon daemon;
};
using SyncStep = std::variant<StopSyncDaemon, StartSyncDaemon>;

/// From the daemons that run to those that are wanted; at most one of each role on both sides.  What is absent in a
/// wanted one is as the kernel has it.  Those of a role that is not wanted are stopped first.
std::vector<SyncStep> diff(const std::vector<SyncDaemon>& actual, const std::vector<SyncDaemon>& wanted);

/// What an error is about: "start the master sync daemon on eth0 (id 51)".
std::string to_string(const SyncStep& step);

/// Of connections.
struct Timeouts {
  std::chrono::seconds tcp{}, tcp_fin{}, udp{};
  friend bool operator==(const Timeouts&, const Timeouts&) = default;
};

}  // namespace baton::ipvs
