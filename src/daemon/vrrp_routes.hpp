// vrrp_routes.hpp - virtual and static routes and policy rules in the kernel: set while their instance is master, put
// back when somebody removes a tracked one, taken away with their instance, and by the next process after a kill.
//
// Reconciled: what the instances that are master and the configuration want, against what was put there.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/model.hpp"
#include "daemon/instance_plan.hpp"
#include "daemon/kernel_ledger.hpp"
#include "daemon/route_plan.hpp"
#include "net/kernel_objects.hpp"
#include "net/links.hpp"

namespace baton::daemon {

class VrrpRoutes {
 public:
  /// `links` and `ledger` outlive this.  Throws std::system_error when there is no netlink socket (start-up only).
  VrrpRoutes(boost::asio::io_context& io, const net::Links& links, KernelLedger* ledger);
  ~VrrpRoutes();
  VrrpRoutes(const VrrpRoutes&) = delete;
  VrrpRoutes& operator=(const VrrpRoutes&) = delete;

  /// A new configuration; reconcile() puts it into force.
  void plan(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& instances);

  /// From now on an instance wants its routes and rules, or none; reconcile() puts it into force.
  void want(const InstanceKey& instance);
  void release(const InstanceKey& instance);
  /// Nothing is wanted any more, not even what is static.
  void release_all();

  /// Brings the kernel to what is wanted, at a cost of what has changed.  Trouble goes into the log, once.
  void reconcile();

  /// An interface has changed: the kernel has taken routes away without a word, or can take them now.
  void follow_links();

 private:
  struct Held {
    net::ObjectKey key;
    bool is_tracked = false;
    std::size_t wanted = 0;  // by so many instances, the static ones among them
  };
  using Objects = std::map<net::ObjectBytes, Held>;
  struct Wanted {
    net::ObjectBytes bytes;
    bool is_tracked = false;
  };

  void change(const InstanceKey& instance, bool wants);
  void reconcile_all();
  bool reconcile_changes();
  [[nodiscard]] std::vector<Wanted> wanted();
  [[nodiscard]] std::vector<Wanted> wanted_by(const InstanceKey& instance);
  [[nodiscard]] Result<net::ObjectBytes> encode(const vrrp::KernelRoute& route) const;
  void gather(const PlannedRoutes& from, std::vector<Wanted>* routes, std::vector<Wanted>* rules);
  void remove(std::vector<net::ObjectBytes> gone);
  void add(const std::vector<Wanted>& list);
  void complain(const std::string& about, const std::string& trouble);
  void on_removed(const net::ObjectKey& key);
  void restore_soon();
  void restore();
  void watch();

  boost::asio::io_context& io_;
  const net::Links& links_;
  KernelLedger* ledger_;
  net::KernelObjects kernel_;
  std::unique_ptr<net::ObjectWatch> watch_;  // when something is tracked
  IdentifierNames names_;
  PlannedRoutes statics_;
  std::map<InstanceKey, PlannedRoutes> plan_;
  std::set<InstanceKey> wanting_;
  std::map<InstanceKey, bool> changes_;  // since the last reconcile(): whether they want now
  bool has_plan_changed_ = true;
  Objects held_;
  std::set<net::ObjectBytes> lost_;                // reported as removed, not yet put back
  std::map<std::string, std::string> complaints_;  // so that each is said once
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  bool restore_posted_ = false;
  bool is_verified_ = false;  // what a former process has left is there, or gone
};

}  // namespace baton::daemon
