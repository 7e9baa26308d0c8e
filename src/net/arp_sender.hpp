// arp_sender.hpp - bursts of gratuitous ARP through one packet socket.
#pragma once

#include <cstdint>
#include <span>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "vrrp/arp.hpp"

namespace baton::net {

class ArpSender {
 public:
  /// Frames of one burst: 1,600 addresses five times.  With more addresses the repeats become fewer, never the
  /// addresses announced.
  static constexpr std::size_t kMaxFrames = 8192;
  /// How long a burst may wait for the device to take frames.
  static constexpr Duration kLimit = std::chrono::milliseconds{20};

  /// Throws std::system_error when there is no packet socket (start-up only).
  ArpSender();
  ~ArpSender();
  ArpSender(const ArpSender&) = delete;
  ArpSender& operator=(const ArpSender&) = delete;

  /// Announces IPv4 `addresses` at `mac`: all of them, then all again, `repeat` times, back to back as keepalived does.
  /// "announce on eth0, 30 of 1250 frames unsent: No buffer space available".
  Result<void> send_gratuitous(IfIndex link, const vrrp::MacAddress& mac, std::span<const IpAddress> addresses,
                               unsigned repeat);

 private:
  int descriptor_ = -1;
};

}  // namespace baton::net
