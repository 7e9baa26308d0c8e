// virtual_link.hpp - makes and removes interfaces upon another one: macvlans, which have a MAC of their own, and
// ipvlans, which have not.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "net/batch.hpp"
#include "vrrp/announcement.hpp"

namespace baton::net {

enum class LinkKind : std::uint8_t { macvlan, ipvlan };

/// As the kernel names it: Link::kind.
[[nodiscard]] const char* name(LinkKind kind);

struct NewLink {
  std::string name;
  IfIndex parent{};
  LinkKind kind = LinkKind::macvlan;
  vrrp::MacAddress mac{};          // of a macvlan
  std::uint16_t ipvlan_flags = 0;  // IPVLAN_F_*; the kernel has one setting for all ipvlans of a parent
  std::uint32_t group = 0;         // IFLA_GROUP; 0 is the default one
};

/// Every call is one batch, waits for the kernel at most kKernelLimit, and answers in the order of its argument.
class VirtualLinkKernel {
 public:
  static constexpr Duration kKernelLimit = std::chrono::seconds{2};

  /// Throws std::system_error when there is no netlink socket (start-up only).
  explicit VirtualLinkKernel(boost::asio::io_context& io);

  /// Down; macvlans of mode private, ipvlans of mode L2.
  std::vector<Answer> make(std::span<const NewLink> links);
  std::vector<Answer> set_up(std::span<const IfIndex> links);
  std::vector<Answer> remove(std::span<const IfIndex> links);
  /// Before ipvlans are removed: the kernel sends their multicasts a little later, and forgets them with the link.
  /// Waits kTimeToLeave, so that a farewell goes out.
  static void let_packets_out();
  static constexpr std::chrono::milliseconds kTimeToLeave{100};

 private:
  NetlinkSocket socket_;
};

}  // namespace baton::net
