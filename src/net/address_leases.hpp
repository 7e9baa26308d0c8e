// address_leases.hpp - virtual addresses in the kernel, with a lifetime that we renew.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "net/batch.hpp"

namespace baton::net {

/// What Baton's addresses carry as IFA_PROTO (kernel 5.18 and newer; older ones ignore it).
inline constexpr std::uint8_t kBatonProtocol = 66;

struct LeasedAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  IfIndex link{};
  std::uint8_t scope = 0;                           // RT_SCOPE_*; IPv4 only: the kernel knows that of an IPv6 address
  std::string label{};                              // empty: the interface's name, by the kernel
  std::optional<IpAddress> broadcast{};             // none: none
  std::uint32_t flags = 0;                          // IFA_F_*: NODAD, NOPREFIXROUTE ...
  std::optional<std::chrono::seconds> preferred{};  // from now; 0: never chosen as a source by itself; none: all along
  std::uint8_t protocol = kBatonProtocol;           // IFA_PROTO
  std::optional<IpAddress> peer{};                  // the other end; the prefix is that of the peer then
  friend bool operator==(const LeasedAddress&, const LeasedAddress&) = default;
};

/// The kernel's answer about one address: code 0 or an errno, `what` as "add 192.0.2.1/32 to eth0: Invalid argument".
struct LeaseAnswer {
  int code = 0;
  std::string what;
  bool taken_over = false;  // acquire: somebody else had put the address there; it is a lease of ours now
};

/// An address as it is in the kernel.
struct HeldAddress {
  LeasedAddress lease;
  std::optional<std::chrono::seconds> remaining;  // none: for ever
  std::uint8_t protocol = 0;                      // kBatonProtocol when ours; 0 on older kernels
  bool secondary = false;
};

/// Every call is one batch, waits for the kernel at most Batch::limit(), and answers in the order of its argument.
class AddressLeases {
 public:
  /// Throws std::system_error when there is no netlink socket (start-up only).
  explicit AddressLeases(boost::asio::io_context& io);

  /// Puts them there for `lifetime`.  An address that is already there is renewed, whoever put it there; the kernel
  /// keeps its label, scope and broadcast address then.
  std::vector<LeaseAnswer> acquire(std::span<const LeasedAddress> addresses, std::chrono::seconds lifetime);

  /// Starts the lifetime anew; puts back what somebody has removed.
  std::vector<LeaseAnswer> renew(std::span<const LeasedAddress> addresses, std::chrono::seconds lifetime);

  /// Takes them away.  What is not there (any more) is no error.
  std::vector<LeaseAnswer> release(std::span<const LeasedAddress> addresses);

  /// Puts them there for ever, without being asked again.  EEXIST when it is there already, which stays as it is.
  std::vector<LeaseAnswer> add_permanent(std::span<const LeasedAddress> addresses);

  /// Lets them live without us: a wanted exit that keeps the addresses.
  std::vector<LeaseAnswer> make_permanent(std::span<const LeasedAddress> addresses);

  /// What the kernel holds on a link, in its order; IfIndex 0: on all.
  Result<std::vector<HeldAddress>> present(IfIndex link);

 private:
  NetlinkSocket socket_;
};

}  // namespace baton::net
