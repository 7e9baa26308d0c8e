// claim_watch.hpp - hears on one interface when somebody says that he has an address (ARP, Neighbour Advertisements).
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "vrrp/address_claim.hpp"

namespace baton::net {

class ClaimWatch {
 public:
  using OnClaim = std::function<void(const vrrp::AddressClaim&)>;
  ~ClaimWatch() { *alive_ = false; }
  ClaimWatch(const ClaimWatch&) = delete;
  ClaimWatch& operator=(const ClaimWatch&) = delete;

  /// Of these addresses on this interface; over IPv6 of all.  Packets of this machine are not heard.  `on_claim` must
  /// not destroy the watch.
  static Result<std::unique_ptr<ClaimWatch>> open(boost::asio::io_context& io, const std::string& interface,
                                                  IfIndex link, std::span<const IpAddress> addresses, OnClaim on_claim);

 private:
  ClaimWatch(boost::asio::io_context& io, OnClaim on_claim);
  Result<void> open_arp(IfIndex link, std::span<const IpAddress> addresses);
  Result<void> open_neighbours(const std::string& interface);
  void await(boost::asio::posix::stream_descriptor* socket);
  void drain(boost::asio::posix::stream_descriptor* socket);

  boost::asio::posix::stream_descriptor arp_, neighbours_;
  OnClaim on_claim_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // for what is already due when this ends
};

}  // namespace baton::net
