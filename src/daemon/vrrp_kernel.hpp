// vrrp_kernel.hpp - everything that virtual routers have in the kernel beside their leases, in the order in which it
// must come and go.
#pragma once

#include <map>
#include <set>
#include <string>

#include <boost/asio/io_context.hpp>

#include "config/model.hpp"
#include "daemon/firewall.hpp"
#include "daemon/instance_plan.hpp"
#include "daemon/interface_settings.hpp"
#include "daemon/kernel_ledger.hpp"
#include "daemon/static_addresses.hpp"
#include "daemon/virtual_links.hpp"
#include "daemon/vrrp_routes.hpp"
#include "net/links.hpp"

namespace baton::daemon {

class VrrpKernel {
 public:
  /// `links` outlives this.  Throws std::system_error when there is no netlink socket (start-up only).
  VrrpKernel(boost::asio::io_context& io, net::Links* links, std::string ledger);

  /// Start and reload, before any instance acts: what they stand upon.
  void prepare(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& plan);
  /// The same, when all instances have acted.
  void settle() { routes_.reconcile(); }

  /// What an instance has as long as it is master: taken away before its addresses, set behind them.
  void want(const InstanceKey& instance) { routes_.want(instance); }
  void release(const InstanceKey& instance) {
    if (!keeps_) routes_.release(instance);
  }
  void reconcile() { routes_.reconcile(); }

  /// Interfaces, or addresses on them, have come or gone: first of all, what instances stand upon is made again.  The
  /// names of interfaces that were made anew: they are empty.
  std::set<std::string> restore_links(VirtualLinks::Removed removed);
  /// The same, when the instances know of it.
  void follow_links();

  /// From now on everything stays as it is (-V); the next process knows of it.
  void keep() { keeps_ = true; }

  /// At the end, when no instance is left.
  void end();

 private:
  [[nodiscard]] Sysctls wanted_sysctls() const;
  [[nodiscard]] vrrp::PacketFilter wanted_filter() const;

  net::Links* links_;
  KernelLedger ledger_;
  InterfaceSettings settings_;
  VirtualLinks virtual_links_;
  Firewall firewall_;
  StaticAddresses statics_;
  VrrpRoutes routes_;
  std::map<InstanceKey, PlannedInstance> plan_;
  WantedLinks wanted_links_;
  config::FirewallDefs firewall_defs_;
  bool silences_groups_ = false;  // disable_local_igmp
  bool keeps_ = false;
};

}  // namespace baton::daemon
