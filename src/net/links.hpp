// links.hpp - the machine's interfaces and their addresses, kept up to date from rtnetlink.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "net/link_delays.hpp"
#include "net/link_table.hpp"

namespace baton::net {

/// The observer is called from Links::run() and Links::refresh(), from set_delays() and when such a delay is over, and
/// for changes of primary address from set_virtual_addresses(); not from the constructor.  It must not destroy the
/// Links nor call it other than find().
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

  /// The addresses that instances hold as virtual ones: never chosen as primary address, nor is any that carries
  /// kBatonProtocol.  With an address owner (priority 255), leave its address out.
  void set_virtual_addresses(std::unordered_set<IpAddress> addresses);

  /// Whether some interface has this address.
  [[nodiscard]] bool has(const IpAddress& address) const;

  /// How long links must be down or up, by their names, before Link::up says so.
  void set_delays(std::unordered_map<std::string, LinkDelay> delays);

  /// Takes in everything the kernel has reported up to now; after lost notifications reads all anew.  To be called
  /// before a timer's silence is believed.  An error means that the picture may be old; run() tries again.
  Result<void> refresh();

  /// refresh() whenever there is something, until cancelled.  The owner keeps *this until it has completed.
  /// `on_error` may be empty.
  boost::asio::awaitable<void> run(std::function<void(const Error&)> on_error);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace baton::net
