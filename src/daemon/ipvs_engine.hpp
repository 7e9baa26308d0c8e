// ipvs_engine.hpp - keeps the kernel's IPVS table as configuration and verdicts want it: read, diff, one batch.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/messages.hpp"
#include "daemon/service_plan.hpp"
#include "ipvs/diff.hpp"
#include "ipvs/quorum.hpp"
#include "net/ipvs_client.hpp"

namespace baton::daemon {

class IpvsEngine {
 public:
  /// `ledger`: its path.
  IpvsEngine(boost::asio::io_context& io, std::string ledger);

  /// Start and reload: pools keep who is down.  At the first call a server that a former process of ours had taken out
  /// of its service stays out until a check says otherwise.
  void configure(const config::Config& config);

  void on_verdict(const Verdict& verdict);

  /// What is down, for a checkers role that knows nothing.
  [[nodiscard]] std::vector<Verdict> snapshot() const;

  /// Takes away what is ours.  Nothing is programmed afterwards.
  void stop();

 private:
  struct PlannedPool {
    ipvs::Service service;  // without dests
    ipvs::Pool pool;
  };

  [[nodiscard]] std::map<ipvs::ServiceKey, std::set<ipvs::DestKey>> taken_out(
      const std::map<ipvs::ServiceKey, PlannedService>& plan) const;
  [[nodiscard]] ipvs::Table wanted() const;
  void reconcile();
  void reconcile_soon();
  void apply(const std::vector<ipvs::Operation>& operations);
  /// Reads the kernel's table into actual_; when that cannot be done, says why (once) and sees to another try.
  bool read();
  bool complain(const Error& error);
  void audit_after(Duration delay);
  void save_ledger();

  boost::asio::steady_timer soon_;
  boost::asio::steady_timer audit_;
  std::string ledger_;
  std::unique_ptr<net::IpvsClient> client_;
  std::map<ipvs::ServiceKey, PlannedPool> pools_;
  std::set<ipvs::ServiceKey> owned_;   // in the kernel through us, now or formerly
  std::set<ipvs::ServiceKey> saved_;   // the ledger's content
  std::optional<ipvs::Table> actual_;  // as last read and changed by us; none: to be read
  std::string trouble_;                // the last complaint, so that it is said once
  bool soon_posted_ = false;
  bool configured_ = false;
};

}  // namespace baton::daemon
