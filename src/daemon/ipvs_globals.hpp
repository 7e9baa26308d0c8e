// ipvs_globals.hpp - what holds for IPVS as a whole: the timeouts of connections, and the sync daemon that follows an
// instance of VRRP.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "ipvs/sync_daemon.hpp"
#include "net/ipvs_client.hpp"

namespace baton::daemon {

/// The sync daemons that are wanted while `states` holds (pure).  One that follows an instance sends where it is
/// master, and listens otherwise; one that follows none does both.  None where the instance is not known.
std::vector<ipvs::SyncDaemon> wanted_sync_daemons(const config::Config& config,
                                                  const std::map<std::string, NotifyState>& states);

/// The configured timeouts, those of the kernel where there are none (pure).
ipvs::Timeouts wanted_timeouts(const config::LvsTimeouts& configured, const ipvs::Timeouts& kernels);

class IpvsGlobals {
 public:
  /// `ledger`: the path of a file that keeps the kernel's own timeouts for a successor.
  explicit IpvsGlobals(std::string ledger);

  void configure(const config::Config& config);
  void on_instance(const std::string& name, NotifyState state);

  /// Makes the kernel's as wanted; asks it nothing when nothing is or was wanted.  False: try again later.
  bool keep(net::IpvsClient& client);
  /// Stops the sync daemon and restores the timeouts.
  void stop(net::IpvsClient& client);

 private:
  bool keep_timeouts(net::IpvsClient& client, const config::LvsTimeouts& wanted);
  bool keep_sync_daemons(net::IpvsClient& client, const std::vector<ipvs::SyncDaemon>& wanted);
  bool complain(const Error& error);

  std::string ledger_;
  config::Config config_;  // only what is needed of it
  std::map<std::string, NotifyState> states_;
  std::optional<ipvs::Timeouts> kernels_;  // before we changed them
  std::optional<ipvs::Timeouts> in_force_;
  std::optional<std::vector<ipvs::SyncDaemon>> synced_;  // as wanted when that was last carried out
  bool has_synced_ = false;                              // there may be a daemon of ours
  std::string trouble_;
};

}  // namespace baton::daemon
