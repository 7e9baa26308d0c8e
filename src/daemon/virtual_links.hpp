// virtual_links.hpp - VMACs and ipvlans: interfaces upon others that virtual routers want, made at the start, made
// again when they are gone, removed at the end.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/kernel_ledger.hpp"
#include "daemon/link_plan.hpp"
#include "net/address_leases.hpp"
#include "net/links.hpp"
#include "net/virtual_link.hpp"

namespace baton::daemon {

class VirtualLinks {
 public:
  using Removed = std::span<const std::pair<IfIndex, IpAddress>>;

  /// `links` and `ledger` outlive this; what a former process has left is known from the ledger.
  VirtualLinks(boost::asio::io_context& io, net::Links* links, KernelLedger* ledger);

  /// Removes what is wanted no more, makes what is missing; an equal one that is there is taken over.
  void set(WantedLinks wanted);
  /// Removes all.  Waits before for the farewells that ipvlans still hold, which nothing but an end may do.
  void end();

  /// Makes again what is gone, sets up what is down, puts back those of the `removed` addresses that are an interface's
  /// own; the names of what was made.  A parent that does not exist yet is waited for.
  std::set<std::string> restore(Removed removed);

 private:
  [[nodiscard]] bool is_as_wanted(const net::Link& link, const WantedLink& wanted) const;
  [[nodiscard]] std::optional<net::LeasedAddress> own_address(const std::string& name, const WantedLink& wanted) const;
  void remove_strays();
  std::vector<net::NewLink> find_missing(std::set<std::string>* made);
  void make(const std::vector<net::NewLink>& missing, std::set<std::string>* made);
  void prepare(const std::string& name, const WantedLink& wanted);
  void set_up();
  void add(const std::vector<net::LeasedAddress>& addresses);
  void put_back(Removed removed);
  void remove(const std::vector<std::string>& names);
  void own(const std::string& name, const std::string& description);
  void disown(const std::string& name);
  void refresh();
  void complain(const std::string& name, const std::string& trouble);

  net::Links* links_;
  KernelLedger* ledger_;
  net::VirtualLinkKernel kernel_;
  net::AddressLeases addresses_;
  WantedLinks wanted_;
  std::map<std::string, std::string> ours_;        // name and description; that may be missing in an old ledger
  std::map<std::string, std::string> complaints_;  // so that each is said once
};

}  // namespace baton::daemon
