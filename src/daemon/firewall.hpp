// firewall.hpp - keeps the nftables rules of virtual routers as they are wanted, and takes them away.
#pragma once

#include <string>

#include "core/result.hpp"
#include "daemon/kernel_ledger.hpp"
#include "vrrp/packet_filter.hpp"

namespace baton::daemon {

class Firewall {
 public:
  /// `ledger` outlives this; what a former process has left is known from it.
  explicit Firewall(KernelLedger* ledger);

  /// Runs nft, which takes some milliseconds, when something has changed.  Trouble goes into the log.
  void set(const vrrp::PacketFilter& wanted);

  /// The same, when something is wanted otherwise than at the last call: what has failed is not tried again.
  void follow(const vrrp::PacketFilter& wanted) {
    if (wanted != last_wanted_) set(wanted);
  }

 private:
  bool replace(const vrrp::PacketFilter& filter);
  Result<void> run(const vrrp::PacketFilter& filter);

  KernelLedger* ledger_;
  std::string table_;  // where rules of ours are; empty: nowhere
  vrrp::PacketFilter in_force_, last_wanted_;
};

}  // namespace baton::daemon
