// vrrp_socket.hpp - the raw sockets that VRRP packets are heard from and sent through, over IPv4 and IPv6.
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

/// What is heard on an interface in one family and protocol.
struct ReceiverPlan {
  Family family = Family::ipv4;
  bool has_authentication_header = false;  // IPv4: protocol 51 instead of 112
  bool takes_unicast = false;              // with whatever TTL
  bool takes_unknown = false;              // VRIDs that nobody wants, too
  std::vector<Vrid> wanted{};
  std::vector<IpAddress> groups{};  // multicast groups to be member of
};

/// Hears the plan's multicast groups, and unicast, on one interface.  The kernel's filter lets through what carries a
/// wanted VRID and TTL 255 (vrrp/socket_filter.hpp); all else never wakes us.  Survives the link's going down, up and
/// being renamed; when the link is deleted and made again, open another.
class VrrpReceiver {
 public:
  static constexpr std::size_t kMaxPackets = 4096;  // of one drain(); the rest is left to the next

  static Result<std::unique_ptr<VrrpReceiver>> open(boost::asio::io_context& io, const std::string& interface,
                                                    IfIndex index, ReceiverPlan plan);

  /// Another plan of the same family and protocol from now on; what has arrived under the old filter stays.
  Result<void> set_plan(ReceiverPlan plan);

  struct Drained {
    std::size_t packets = 0;
    bool emptied = true;  // false: kMaxPackets were read and there may be more
  };
  /// Reads all that has arrived without waiting.  `each` gets whole IP packets (valid during the call, longer ones cut
  /// at some 4 KiB; the header of an IPv6 packet is made from what the kernel tells of it) and when it arrived: at most
  /// 10 ms ago, so that a stall of ours is never taken for silence of others.  It must not destroy the receiver.
  using OnPacket = std::function<void(std::span<const std::uint8_t> packet, Instant arrived)>;
  Result<Drained> drain(const OnPacket& each);

  /// Until there is something to read; the error is that of cancellation.  The owner keeps *this until it completed.
  boost::asio::awaitable<boost::system::error_code> readable();

  /// Ends readable() with operation_aborted.
  void cancel();

 private:
  VrrpReceiver(boost::asio::io_context& io, int descriptor, std::string interface, IfIndex index, ReceiverPlan plan);

  boost::asio::posix::stream_descriptor descriptor_;
  std::string interface_;
  IfIndex index_;
  ReceiverPlan plan_;
  Instant last_arrival_;  // packets are told of in order, whatever two clocks make of it
};

/// A whole IPv4 or IPv6 packet, destination and identification in its header.
struct OutgoingPacket {
  IfIndex link{};
  std::span<const std::uint8_t> bytes;
};

/// One socket per family for all interfaces; never waits.  Multicast is not looped back to our own receivers.
class VrrpSender {
 public:
  /// Throws std::system_error when there is no raw socket for IPv4 (start-up only).  That for IPv6 is opened when it is
  /// needed, as a machine may be without.
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
  Result<int> descriptor_for(const OutgoingPacket& packet);

  int ipv4_ = -1, ipv6_ = -1;
};

}  // namespace baton::net
