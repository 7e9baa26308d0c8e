// vrrp_socket.hpp - the raw sockets that VRRP packets (IPv4, protocol 112) are heard from and sent through.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/system/error_code.hpp>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace baton::net {

/// Hears 224.0.0.18 and unicast on one interface.  The kernel's filter lets through what carries TTL 255 and a wanted
/// VRID; all else never wakes us.  Survives the link's going down, up and being renamed; when the link is deleted and
/// made again, open another.
class VrrpReceiver {
 public:
  static constexpr std::size_t kMaxPackets = 4096;  // of one drain(); the rest is left to the next

  static Result<std::unique_ptr<VrrpReceiver>> open(boost::asio::io_context& io, const std::string& interface,
                                                    IfIndex index, std::span<const Vrid> wanted);

  /// Other VRIDs from now on; what has arrived under the old filter stays.
  Result<void> set_wanted(std::span<const Vrid> wanted);

  struct Drained {
    std::size_t packets = 0;
    bool emptied = true;  // false: kMaxPackets were read and there may be more
  };
  /// Reads all that has arrived without waiting.  `each` gets whole IPv4 packets (valid during the call, longer ones
  /// cut at 2048 octets) and the time of reading; it must not destroy the receiver.
  using OnPacket = std::function<void(std::span<const std::uint8_t> packet, Instant now)>;
  Result<Drained> drain(const OnPacket& each);

  /// Until there is something to read; the error is that of cancellation.  The owner keeps *this until it completed.
  boost::asio::awaitable<boost::system::error_code> readable();

  /// Ends readable() with operation_aborted.
  void cancel();

 private:
  VrrpReceiver(boost::asio::io_context& io, int descriptor, std::string interface);

  boost::asio::posix::stream_descriptor descriptor_;
  std::string interface_;
};

/// A whole IPv4 packet, destination and identification in its header; the kernel fills in the header checksum.
struct OutgoingPacket {
  IfIndex link{};
  std::span<const std::uint8_t> bytes;
};

/// One socket for all interfaces; never waits.  Multicast is not looped back to our own receivers.
class VrrpSender {
 public:
  /// Throws std::system_error when there is no raw socket (start-up only).
  VrrpSender();
  ~VrrpSender();
  VrrpSender(const VrrpSender&) = delete;
  VrrpSender& operator=(const VrrpSender&) = delete;

  /// "send advertisement on eth0: Network is down".
  Result<void> send(const OutgoingPacket& packet);

  /// Many in as few system calls as possible, in order.  One that fails is reported with its position and does not keep
  /// the others back.
  using OnFailure = std::function<void(std::size_t position, const Error& error)>;
  void send(std::span<const OutgoingPacket> packets, const OnFailure& failed);

 private:
  int descriptor_ = -1;
};

}  // namespace baton::net
