#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <ctime>
#include <utility>

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/assert.hpp"
#include "net/vrrp_socket.hpp"
#include "vrrp/packet.hpp"
#include "vrrp/socket_filter.hpp"

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr int kAdvertisementBuffer = 4 << 20;  // octets; some 10,000 packets wait in it while we are stalled
constexpr std::size_t kReceivedTogether = 16;  // packets in one system call
constexpr std::size_t kHeaderRoom = vrrp::kIpv6HeaderSize;
constexpr Duration kLongestWait = std::chrono::milliseconds{10};  // that is believed of a packet in the socket
constexpr std::size_t kLongestPacket = 4096 + 256;  // octets; a VRRP packet with 255 IPv6 addresses has 4,128

/// Closes on the way out unless released.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

template <class T>
Result<void> set_option(int fd, int level, int option, const T& value, const std::string& what) {
  if (setsockopt(fd, level, option, &value, sizeof value) != 0) return system_failure(what, errno);
  return {};
}

Result<void> attach(int fd, std::span<sock_filter> program, const std::string& interface) {
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  return set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, "filter VRRP packets of " + interface);
}

Result<void> attach(int fd, const ReceiverPlan& plan, const std::string& interface) {
  auto program = vrrp::socket_filter({.family = plan.family,
                                      .has_authentication_header = plan.has_authentication_header,
                                      .takes_unicast = plan.takes_unicast,
                                      .takes_unknown = plan.takes_unknown,
                                      .wanted = plan.wanted});
  return attach(fd, program, interface);
}

/// Joins a multicast group, or leaves it.
Result<void> set_membership(int fd, const IpAddress& group, IfIndex index, bool join, const std::string& interface) {
  const auto what = (join ? "join " : "leave ") + group.to_string() + " on " + interface;
  if (group.is_v4()) {
    ip_mreqn request{};
    std::ranges::copy(group.octets(), reinterpret_cast<std::uint8_t*>(&request.imr_multiaddr));
    request.imr_ifindex = static_cast<int>(number(index));
    return set_option(fd, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP, request, what);
  }
  ipv6_mreq request{};
  std::ranges::copy(group.octets(), request.ipv6mr_multiaddr.s6_addr);
  request.ipv6mr_interface = number(index);
  return set_option(fd, IPPROTO_IPV6, join ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP, request, what);
}

/// Groups of our own only; over IPv6 what the missing header would have said.
Result<void> set_options(int fd, Family family, const std::string& interface) {
  const int off = 0, on = 1;
  if (auto set = set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, on, "times of packets on " + interface); !set) return set;
  const auto what = "limit groups on " + interface;
  if (family == Family::ipv4) return set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, off, what);
  if (auto set = set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_ALL, off, what); !set) return set;
  if (auto set = set_option(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, on, what); !set) return set;
  return set_option(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, on, what);
}

/// Everything that must hold before the first packet is let through.
Result<void> prepare(int fd, const std::string& interface, IfIndex index, const ReceiverPlan& plan) {
  // A raw socket hears all interfaces from the moment it exists.  So: let nothing in, throw away what was quicker, and
  // open the door last.
  std::array<sock_filter, 1> nothing{BPF_STMT(BPF_RET | BPF_K, 0)};
  if (auto set = attach(fd, nothing, interface); !set) return set;
  std::array<std::byte, 1> octet{};
  for (int i = 0; i < 10'000 && recv(fd, octet.data(), octet.size(), MSG_DONTWAIT | MSG_TRUNC) >= 0; ++i) {
  }
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size() + 1)) != 0)
    return system_failure("bind a VRRP socket to " + interface, errno);
  if (auto set = set_options(fd, plan.family, interface); !set) return set;
  for (const auto& group : plan.groups)
    if (auto joined = set_membership(fd, group, index, true, interface); !joined) return joined;
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kAdvertisementBuffer, sizeof kAdvertisementBuffer) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kAdvertisementBuffer, sizeof kAdvertisementBuffer);
  return attach(fd, plan, interface);
}

IpAddress address_of(const in6_addr& from) {
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), &from, octets.size());
  return IpAddress::v6(octets);
}

/// Where recvmmsg(2) puts kReceivedTogether packets.
class Inbox {
 public:
  Inbox() {
    for (std::size_t i = 0; i < kReceivedTogether; ++i)
      vectors_[i] = {.iov_base = buffers_[i].data() + kHeaderRoom, .iov_len = buffers_[i].size() - kHeaderRoom};
  }

  int receive(int fd, Family family) {
    for (std::size_t i = 0; i < kReceivedTogether; ++i) {
      auto& header = headers_[i].msg_hdr;
      header = {};
      header.msg_iov = &vectors_[i];
      header.msg_iovlen = 1;
      header.msg_control = controls_[i].bytes;
      header.msg_controllen = sizeof controls_[i].bytes;
      if (family == Family::ipv4) continue;
      header.msg_name = &sources_[i];
      header.msg_namelen = sizeof sources_[i];
    }
    return recvmmsg(fd, headers_.data(), kReceivedTogether, MSG_DONTWAIT, nullptr);
  }

  /// When the packet reached this host, which is when the timers that it sets begin; not long before `now`, whatever
  /// the wall clock does meanwhile.
  Instant arrival(std::size_t position, Instant now, timespec wall_clock) {
    auto* header = &headers_[position].msg_hdr;
    for (auto* control = CMSG_FIRSTHDR(header); control != nullptr; control = CMSG_NXTHDR(header, control)) {
      if (control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_TIMESTAMPNS) continue;
      timespec stamp{};
      std::memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
      const auto waited = std::chrono::seconds(wall_clock.tv_sec - stamp.tv_sec) +
                          std::chrono::nanoseconds(wall_clock.tv_nsec - stamp.tv_nsec);
      return now - std::clamp<Duration>(waited, Duration::zero(), kLongestWait);
    }
    return now;
  }

  /// The packet with its header.
  std::span<const std::uint8_t> packet(std::size_t position, Family family) {
    const std::size_t length = headers_[position].msg_len;
    const std::span<std::uint8_t> whole(buffers_[position]);
    if (family == Family::ipv4) return whole.subspan(kHeaderRoom, length);
    IpAddress destination = IpAddress::v6({});
    std::uint8_t hop_limit = 0;
    auto* header = &headers_[position].msg_hdr;
    for (auto* control = CMSG_FIRSTHDR(header); control != nullptr; control = CMSG_NXTHDR(header, control)) {
      if (control->cmsg_level != IPPROTO_IPV6) continue;
      if (control->cmsg_type == IPV6_PKTINFO) {
        in6_pktinfo info{};
        std::memcpy(&info, CMSG_DATA(control), sizeof info);
        destination = address_of(info.ipi6_addr);
      } else if (control->cmsg_type == IPV6_HOPLIMIT) {
        int limit = 0;
        std::memcpy(&limit, CMSG_DATA(control), sizeof limit);
        hop_limit = static_cast<std::uint8_t>(limit);
      }
    }
    vrrp::write_ipv6_header(whole, address_of(sources_[position].sin6_addr), destination, hop_limit, length);
    return whole.first(kHeaderRoom + length);
  }

 private:
  union Control {
    cmsghdr alignment;
    char bytes[CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int))];
  };
  std::array<std::array<std::uint8_t, kHeaderRoom + kLongestPacket>, kReceivedTogether>
      buffers_;  // that only the kernel fills
  std::array<iovec, kReceivedTogether> vectors_{};
  std::array<mmsghdr, kReceivedTogether> headers_{};
  std::array<sockaddr_in6, kReceivedTogether> sources_{};
  std::array<Control, kReceivedTogether> controls_{};
};

}  // namespace

Result<std::unique_ptr<VrrpReceiver>> VrrpReceiver::open(asio::io_context& io, const std::string& interface,
                                                         IfIndex index, ReceiverPlan plan) {
  const int family = plan.family == Family::ipv4 ? AF_INET : AF_INET6;
  const int protocol = plan.has_authentication_header ? vrrp::kAhProtocol : vrrp::kIpProtocol;
  Descriptor fd(::socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol));
  if (fd.get() < 0) return system_failure("VRRP socket for " + interface, errno);
  if (auto prepared = prepare(fd.get(), interface, index, plan); !prepared)
    return tl::unexpected<Error>(prepared.error());
  return std::unique_ptr<VrrpReceiver>(new VrrpReceiver(io, fd.release(), interface, index, std::move(plan)));
}

VrrpReceiver::VrrpReceiver(asio::io_context& io, int descriptor, std::string interface, IfIndex index,
                           ReceiverPlan plan)
    : descriptor_(io, descriptor), interface_(std::move(interface)), index_(index), plan_(std::move(plan)) {}

Result<void> VrrpReceiver::set_plan(ReceiverPlan plan) {
  ASSERT(plan.family == plan_.family && plan.has_authentication_header == plan_.has_authentication_header);
  const int fd = descriptor_.native_handle();
  const auto before = std::exchange(plan_, std::move(plan));
  const auto is_in = [](const std::vector<IpAddress>& groups, const IpAddress& group) {
    return std::ranges::find(groups, group) != groups.end();
  };
  Result<void> outcome;
  for (const auto& group : plan_.groups)
    if (!is_in(before.groups, group))
      if (auto joined = set_membership(fd, group, index_, true, interface_); !joined) outcome = joined;
  for (const auto& group : before.groups)
    if (!is_in(plan_.groups, group))
      (void)set_membership(fd, group, index_, false, interface_);  // the link may be gone
  if (auto attached = attach(fd, plan_, interface_); !attached) outcome = attached;
  return outcome;
}

Result<VrrpReceiver::Drained> VrrpReceiver::drain(const OnPacket& each) {
  Inbox inbox;
  Drained drained;
  while (drained.packets < kMaxPackets) {
    const int count = inbox.receive(descriptor_.native_handle(), plan_.family);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return drained;
      return system_failure("receive VRRP packets on " + interface_, errno);
    }
    const Instant now = Clock::now();
    timespec wall_clock{};
    ::clock_gettime(CLOCK_REALTIME, &wall_clock);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      each(inbox.packet(i, plan_.family), last_arrival_ = std::max(last_arrival_, inbox.arrival(i, now, wall_clock)));
    drained.packets += static_cast<std::size_t>(count);
    if (static_cast<std::size_t>(count) < kReceivedTogether)
      return drained;  // what comes from here on is for the next time
  }
  drained.emptied = false;
  return drained;
}

asio::awaitable<boost::system::error_code> VrrpReceiver::readable() {
  const auto [ec] =
      co_await descriptor_.async_wait(asio::posix::stream_descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
  co_return ec;
}

void VrrpReceiver::cancel() {
  boost::system::error_code ignored;  // there is nothing to cancel when nobody waits
  descriptor_.cancel(ignored);
}

}  // namespace baton::net
