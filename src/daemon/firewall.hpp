// firewall.hpp - keeps the nftables rules of virtual routers as they are wanted, and takes them away.
#pragma once

#include <string>

#include "daemon/kernel_ledger.hpp"
#include "vrrp/packet_filter.hpp"

namespace baton::daemon {

class Firewall {
 public:
  /// `ledger` outlives this; what a former process has left is known from it.
  explicit Firewall(KernelLedger* ledger);

  /// Runs nft, which takes some milliseconds, when something has changed.  Trouble goes into the log.
  void set(const vrrp::PacketFilter& wanted);

 private:
  bool replace(const vrrp::PacketFilter& filter);

  KernelLedger* ledger_;
  std::string table_;  // where rules of ours are; empty: nowhere
  vrrp::PacketFilter in_force_;
};

}  // namespace baton::daemon
