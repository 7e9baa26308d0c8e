// links.hpp - the machine's interfaces and their IPv4 addresses, kept up to date from rtnetlink.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "vrrp/arp.hpp"

namespace baton::net {

struct Link {
  IfIndex index{};
  std::string name;
  bool exists = true;      // false only in a report of disappearance
  bool up = false;         // IFF_UP and IFF_RUNNING
  vrrp::MacAddress mac{};  // zero when the link has none of 6 octets
  unsigned mtu = 0;
  std::optional<IpAddress> primary_ipv4;
  friend bool operator==(const Link&, const Link&) = default;
};

/// Called from Links::run() and Links::refresh(), in the order the kernel reported; not from the constructor.  Must not
/// destroy the Links or call it other than find().  Empty functions are not called.
struct LinkObserver {
  /// Any field changed, or the link appeared.  Gone: `exists` and `up` are false, the rest as it last was.  A rename is
  /// the old name gone, then the new name there.
  std::function<void(const Link&)> on_change;
  /// An address that was not there; renewals of a lifetime are not reported.
  std::function<void(IfIndex, const IpAddress&, std::uint8_t prefix_length)> on_address_added;
  std::function<void(IfIndex, const IpAddress&, std::uint8_t prefix_length)> on_address_removed;
};

class Links {
 public:
  static constexpr int kReceiveBuffer = 4 << 20;  // octets; some 5,000 notifications wait in it while we are busy

  /// Reads what there is.  Throws std::system_error when it cannot (start-up only).
  Links(boost::asio::io_context& io, LinkObserver observer, int receive_buffer = kReceiveBuffer);
  ~Links();
  Links(const Links&) = delete;
  Links& operator=(const Links&) = delete;

  /// None when no interface has this name or index.  Valid until the next refresh() or turn of the event loop.
  [[nodiscard]] const Link* find(std::string_view name) const;
  [[nodiscard]] const Link* find(IfIndex index) const;

  /// The addresses that instances hold as virtual ones: never chosen as primary address, unless nothing else is left
  /// and it is a permanent one that Baton did not put there (the address owner, priority 255).  Reports the changes of
  /// primary address that follow.
  void set_virtual_addresses(std::unordered_set<IpAddress> addresses);

  /// Takes in everything the kernel has reported up to now; after lost notifications reads all anew.  To be called
  /// before a timer's silence is believed.  An error means that the picture may be old; run() tries again.
  Result<void> refresh();

  /// refresh() whenever there is something, until cancelled.  The owner keeps *this until it has completed.
  /// `on_error` may be empty.
  boost::asio::awaitable<void> run(std::function<void(const Error&)> on_error);

 private:
  class Table;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::net
