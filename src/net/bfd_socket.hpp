// bfd_socket.hpp - the UDP sockets of BFD (RFC 5881, 5883): one that hears all neighbours, one that speaks to each.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "net/file_descriptor.hpp"

namespace baton::net {

struct BfdDatagram {
  std::span<const std::uint8_t> octets;  // valid during the call
  IpAddress from, to;
  std::uint8_t ttl = 0;  // or hop limit
};

/// Hears one family and kind of session: port 3784, or 4784 of those over several hops.
class BfdReceiver {
 public:
  /// `on_readable` is called whenever something has arrived, and is to drain(); it may destroy the receiver.
  static Result<std::unique_ptr<BfdReceiver>> open(boost::asio::io_context& io, Family family, bool multihop,
                                                   std::function<void()> on_readable);

  /// Reads what has arrived without waiting, at most some thousand packets; `each` must not destroy the receiver.
  void drain(const std::function<void(const BfdDatagram&)>& each);

 private:
  BfdReceiver(boost::asio::io_context& io, int socket, Family family, std::function<void()> on_readable);
  void wait();

  boost::asio::posix::stream_descriptor descriptor_;
  Family family_;
  std::function<void()> on_readable_;
};

struct BfdSenderPlan {
  std::optional<IpAddress> source;  // need not be on this host yet
  IpAddress neighbor;
  std::uint8_t ttl = 255;
  bool multihop = false;
};

/// A socket with a source port of its own within 49152..65535 (RFC 5881 section 4), tried from `first_port` on.
Result<FileDescriptor> open_bfd_sender(const BfdSenderPlan& plan, std::uint16_t first_port);

/// Over that socket, to the neighbour of the same plan.  The error of the system, or 0; never waits.
int send_bfd(const FileDescriptor& sender, const BfdSenderPlan& plan, std::span<const std::uint8_t> octets);

}  // namespace baton::net
