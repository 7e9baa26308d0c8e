// static_addresses.hpp - static_ipaddress: on their interfaces as long as the daemon runs and the file names them.
#pragma once

#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "config/model.hpp"
#include "daemon/instance_plan.hpp"
#include "daemon/kernel_ledger.hpp"
#include "daemon/ledger.hpp"
#include "net/address_leases.hpp"
#include "net/links.hpp"

namespace baton::daemon {

class StaticAddresses {
 public:
  /// `links` and `ledger` outlive this; what a former process has left is known from the ledger.
  StaticAddresses(boost::asio::io_context& io, const net::Links& links, KernelLedger* ledger);

  /// Adds what is new, takes away what is named no more.  An address that somebody else has put there is left to him.
  void set(const config::Config& config);

  /// Puts back those that are to be there: an interface has come, or addresses were removed.
  void restore();

 private:
  struct Planned {
    PlannedAddress address;
    bool is_restored = true;  // not with no_track
  };

  void add(bool only_restored);
  [[nodiscard]] std::vector<net::LeasedAddress> located(std::span<const HeldAddress> addresses) const;

  const net::Links& links_;
  KernelLedger* ledger_;
  net::AddressLeases kernel_;
  std::vector<Planned> plan_;
  std::set<HeldAddress> held_;     // by us
  std::set<HeldAddress> foreign_;  // there before us
};

}  // namespace baton::daemon
