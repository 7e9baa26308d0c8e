// real_server_host.hpp - reads and changes what a real server needs of its machine: addresses, devices, routes,
// sysctls.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "core/result.hpp"
#include "net/batch.hpp"
#include "realserver/diff.hpp"
#include "realserver/model.hpp"

namespace baton::net {

class RealServerHost {
 public:
  /// One call to the kernel, whatever it is about.
  static constexpr Duration kKernelLimit = std::chrono::seconds{2};

  /// Throws std::system_error when there is no netlink socket (start-up only).
  explicit RealServerHost(boost::asio::io_context& io);

  /// All addresses, devices and routes to hosts or by default of the main table; of the sysctls those named.  One that
  /// does not exist is left out.
  Result<realserver::Machine> read(const std::vector<std::string>& sysctls);

  /// One after the other.  What is already so is no error.
  Result<void> carry_out(const realserver::Operation& operation);

  /// Calls `changed` whenever addresses or devices have changed, until cancelled; several changes of one
  /// moment are one call.  The owner keeps *this until it has completed.
  boost::asio::awaitable<void> watch(std::function<void()> changed);

 private:
  NetlinkSocket socket_;
  boost::asio::posix::stream_descriptor notifications_;
};

}  // namespace baton::net
