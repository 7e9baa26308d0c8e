// ipvs_engine.hpp - keeps the kernel's IPVS table as configuration and verdicts want it: read, diff, one batch.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/ipvs_globals.hpp"
#include "daemon/mark_table.hpp"
#include "daemon/masquerading.hpp"
#include "daemon/messages.hpp"
#include "daemon/pool_report.hpp"
#include "daemon/service_plan.hpp"
#include "ipvs/diff.hpp"
#include "ipvs/quorum.hpp"
#include "net/ipvs_client.hpp"

namespace baton::daemon {

class IpvsEngine {
 public:
  /// For the supervisor: ServerNotify and QuorumNotify.
  using Tell = std::function<void(Message)>;

  /// `ledger`: its path.
  IpvsEngine(boost::asio::io_context& io, std::string ledger, Tell tell);

  /// Start and reload: pools keep who is down, and what a reload changes is told.  At the first call a server that a
  /// former process of ours had taken out of its service stays out until a check says otherwise.
  void configure(const config::Config& config);

  void on_verdict(const Verdict& verdict);

  /// An instance of VRRP has changed its state: the sync daemon follows.
  void on_instance(const Notify& notify);

  /// What was judged, for a checkers role that knows nothing.
  [[nodiscard]] std::vector<Verdict> snapshot() const;

  /// Takes away what is ours, and tells it for services with omega.  Nothing is programmed afterwards.
  void stop();

 private:
  struct PlannedPool {
    std::shared_ptr<const ipvs::Service> service;  // without dests; of thousands most are alike
    std::vector<ipvs::ServiceKey> services;
    ipvs::Pool pool;
  };
  using Pools = std::map<ipvs::ServiceKey, PlannedPool>;

  /// Members that are missing from a service of ours, or inhibited there; none when we have not left the service.
  [[nodiscard]] std::optional<std::set<ipvs::DestKey>> taken_out(const ipvs::ServiceKey& key,
                                                                 const ipvs::PoolParams& pool) const;
  /// The pool of a service, new or as it goes on.
  ipvs::Pool make_pool(const ipvs::ServiceKey& key, ipvs::PoolParams params);
  void tell_events(const ipvs::ServiceKey& key, const ipvs::PoolParams& pool, const ipvs::Pool::Events& events,
                   PoolMoment moment, const std::string& reason);
  /// Weights that grow by time alone (slow_start), from `now` on, for which the table was made.
  void await_next_step(Instant now);
  void add_wanted(ipvs::Table& table, const PlannedPool& planned, Instant now) const;
  /// Takes out what this kernel cannot have.
  void leave_out_unsupported(ipvs::Table& table);
  /// The whole table.
  void reconcile();
  /// The services of the pools in changed_ and ramping_ alone: what a verdict costs is not to grow with the table.
  void reconcile_changed();
  /// Sends what makes `actual` (a part of actual_, or all of it) to `table`.
  void bring_about(const ipvs::Table& actual, ipvs::Table table, const std::set<ipvs::ServiceKey>& removable);
  /// Timeouts, sync daemon, rules of FULLNAT; false when something is left to do.
  bool keep_surroundings();
  void reconcile_soon();
  /// False: the kernel's table is not known any more.
  bool send(const std::vector<ipvs::Operation>& operations);
  void remove_all();
  bool flush();
  /// Reads the kernel's table into actual_; when that cannot be done, says why (once) and sees to another try.
  bool read();
  bool complain(const Error& error);
  void audit_after(Duration delay);
  void save_ledger();

  boost::asio::steady_timer soon_;
  boost::asio::steady_timer audit_;
  boost::asio::steady_timer step_;
  Tell tell_;
  std::string ledger_;
  IpvsGlobals globals_;
  Masquerading masquerading_;
  MarkTable mark_table_;
  ipvs::MarkMap marks_;
  std::set<ipvs::ServiceKey> masqueraded_;  // services with FULLNAT
  config::LvsDefs lvs_;
  std::unique_ptr<net::IpvsClient> client_;
  Pools pools_;
  struct Untold {
    ipvs::ServiceKey pool;
    ipvs::Pool::Events events;
    PoolMoment moment;
  };
  std::vector<Untold> untold_;  // of the configuration that is being put into force
  bool pools_share_services_ = false;
  std::set<ipvs::ServiceKey> changed_;  // pools of which something was said
  std::set<ipvs::ServiceKey> ramping_;  // pools whose weights were growing when last looked at: their steps may be due
  std::set<ipvs::ServiceKey> owned_;    // in the kernel through us, now or formerly
  std::string saved_;                   // the ledger's content
  std::optional<ipvs::Table> actual_;   // as last read and changed by us; none: to be read
  bool told_of_tunnels_ = false;
  std::string trouble_;  // the last complaint, so that it is said once
  bool soon_posted_ = false;
  bool configured_ = false;
  ServiceNames names_;
  bool rs_init_notifies_ = false;
  bool is_heard_ = false;  // somebody is to be told of pools: a script, a pipe, a mail
};

}  // namespace baton::daemon
