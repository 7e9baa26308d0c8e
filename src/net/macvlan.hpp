// macvlan.hpp - makes, finds out about and removes interfaces with a MAC of their own upon another one.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "net/batch.hpp"
#include "vrrp/announcement.hpp"

namespace baton::net {

struct Macvlan {
  std::string name;
  IfIndex parent{};
  vrrp::MacAddress mac{};
};

/// Every call is one batch, waits for the kernel at most kKernelLimit, and answers in the order of its argument.
class MacvlanKernel {
 public:
  static constexpr Duration kKernelLimit = std::chrono::seconds{2};

  /// Throws std::system_error when there is no netlink socket (start-up only).
  explicit MacvlanKernel(boost::asio::io_context& io);

  /// Of mode private, down, without an IPv6 address of the kernel's making.
  std::vector<Answer> make(std::span<const Macvlan> links);
  std::vector<Answer> set_up(std::span<const IfIndex> links);
  std::vector<Answer> remove(std::span<const IfIndex> links);

 private:
  NetlinkSocket socket_;
};

}  // namespace baton::net
