// announcer.hpp - sends gratuitous ARP and unsolicited Neighbour Advertisements through one packet socket, without ever
// waiting for it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "vrrp/announcement_queue.hpp"

namespace baton::net {

class Announcer {
 public:
  /// "announce on eth0, 30 of 1250 frames unsent: Network is down".
  using OnFailure = std::function<void(const Error&)>;

  /// How long a full device is tried again before the burst at the head of the queue is given up.
  static constexpr Duration kPatience = std::chrono::seconds{1};

  /// Throws std::system_error when there is no packet socket (start-up only).
  Announcer(boost::asio::io_context& io, OnFailure failed);
  ~Announcer();
  Announcer(const Announcer&) = delete;
  Announcer& operator=(const Announcer&) = delete;

  /// Queued until send().
  void add(vrrp::AnnouncementBurst burst);

  /// What has not been announced yet goes, as fast as the device takes it; the repeats follow by themselves, some at a
  /// time, so that nothing else waits for them.
  void send();

  /// Nothing more of this owner.
  void cancel(const void* owner) { queue_.cancel(owner); }

 private:
  bool transmit();
  void arm();
  [[nodiscard]] bool is_hopeless(Instant now);

  OnFailure failed_;
  int descriptor_ = -1;
  vrrp::AnnouncementQueue queue_;
  boost::asio::steady_timer timer_;
  std::optional<Instant> full_since_;  // the device takes nothing
};

/// Whether the kernel forwards IPv6 packets that come in at this interface: its Neighbour Advertisements say "router".
[[nodiscard]] bool forwards_ipv6(const std::string& interface);

}  // namespace baton::net
