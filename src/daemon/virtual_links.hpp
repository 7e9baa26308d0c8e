// virtual_links.hpp - VMACs: an interface with the virtual router's MAC upon the instance's own, made at the start,
// made again when it is gone, removed at the end.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/instance_plan.hpp"
#include "daemon/kernel_ledger.hpp"
#include "net/address_leases.hpp"
#include "net/links.hpp"
#include "net/macvlan.hpp"

namespace baton::daemon {

class VirtualLinks {
 public:
  /// `links` and `ledger` outlive this; what a former process has left is known from the ledger.
  VirtualLinks(boost::asio::io_context& io, net::Links* links, KernelLedger* ledger);

  /// Removes what is wanted no more, makes what is missing; an equal one that is there is taken over.
  void set(const std::map<InstanceKey, PlannedInstance>& plan);

  /// Makes again what is gone; the names of what was made.  An interface that does not exist yet is waited for.
  std::set<std::string> restore();

 private:
  struct Wanted {
    std::string parent;
    vrrp::MacAddress mac{};
    Family family = Family::ipv4;
    bool has_ipv6 = false;  // addresses of the instance, wherever they are
    bool sends_adverts = true;
    friend bool operator==(const Wanted&, const Wanted&) = default;
  };

  void remove(const std::vector<std::string>& names);
  void prepare(const std::string& name, const Wanted& wanted);
  void complain(const std::string& name, const std::string& trouble);

  net::Links* links_;
  KernelLedger* ledger_;
  net::MacvlanKernel kernel_;
  net::AddressLeases addresses_;
  std::map<std::string, Wanted> wanted_;
  std::set<std::string> ours_;
  std::map<std::string, std::string> complaints_;  // so that each is said once
};

}  // namespace baton::daemon
