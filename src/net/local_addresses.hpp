// local_addresses.hpp - which addresses this host has, IPv4 and IPv6, kept up to date.  Needs no privilege.
#pragma once

#include <functional>
#include <unordered_set>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace baton::net {

/// rtnetlink's notifications only wake it: what there is, is read anew each time, so that none can be missed.
class LocalAddresses {
 public:
  using OnChange = std::function<void()>;

  /// `on_change` may do anything but destroy it.
  LocalAddresses(boost::asio::io_context& io, OnChange on_change);

  /// Reads what there is and follows it from now on.
  Result<void> start();

  /// Whether one of `first` to `last` (both included, of one family) is here.
  [[nodiscard]] bool any_between(const IpAddress& first, const IpAddress& last) const;

 private:
  void await();
  void drain();
  void read_soon();
  void read();

  boost::asio::posix::stream_descriptor socket_;
  boost::asio::steady_timer soon_;
  bool soon_posted_ = false;
  OnChange on_change_;
  std::unordered_set<IpAddress> addresses_;
};

}  // namespace baton::net
