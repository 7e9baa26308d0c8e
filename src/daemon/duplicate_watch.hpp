// duplicate_watch.hpp - hears of strangers that claim virtual addresses, on every interface that has some.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "daemon/instance_plan.hpp"
#include "net/claim_watch.hpp"
#include "net/links.hpp"

namespace baton::daemon {

class DuplicateWatch {
 public:
  /// A claim with another MAC than the interface's own.
  using OnClaim = std::function<void(const std::string& device, const vrrp::AddressClaim& claim)>;

  /// `links` outlives the watch.  `on_claim` must not call it.
  DuplicateWatch(boost::asio::io_context& io, const net::Links& links, OnClaim on_claim);

  /// The addresses of these instances from now on.
  void set(const std::map<InstanceKey, PlannedInstance>& plan);
  /// Interfaces have come or gone.
  void follow_links();
  void stop();

 private:
  struct Watched {
    std::vector<IpAddress> addresses;
    IfIndex link{};
    std::unique_ptr<net::ClaimWatch> watch;
  };

  void open(const std::string& device, Watched* watched);

  boost::asio::io_context& io_;
  const net::Links& links_;
  OnClaim on_claim_;
  std::map<std::string, Watched> devices_;
};

}  // namespace baton::daemon
