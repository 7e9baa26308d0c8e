#include "net/vrrp_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>
#include <utility>

#include <linux/filter.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/assert.hpp"
#include "vrrp/packet.hpp"
#include "vrrp/socket_filter.hpp"

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr std::uint32_t kVrrpGroup = 0xe0000012;  // 224.0.0.18 (RFC 9568 5.1.1.2)
constexpr int kReceiveBuffer = 4 << 20;           // octets; some 10,000 packets wait in it while we are stalled
constexpr int kSendBuffer = 1 << 20;
constexpr int kControlPriority = 7;     // TC_PRIO_CONTROL: ahead of all else in the queue of the device
constexpr std::size_t kTogether = 32;   // packets in one system call
constexpr std::size_t kLongest = 2048;  // octets; a VRRP packet with 255 addresses has 1,096
constexpr std::size_t kDestination = offsetof(iphdr, daddr);

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

Result<void> attach(int fd, std::span<sock_filter> program, const std::string& what) {
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  return set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter, what);
}

/// Everything that must hold before the first packet is let through.
Result<void> prepare(int fd, const std::string& interface, IfIndex index, std::span<const Vrid> wanted) {
  // A raw socket hears all interfaces from the moment it exists.  So: let nothing in, throw away what was quicker, and
  // open the door last.
  std::array<sock_filter, 1> nothing{BPF_STMT(BPF_RET | BPF_K, 0)};
  if (auto set = attach(fd, nothing, "filter VRRP packets of " + interface); !set) return set;
  std::array<std::byte, 1> octet{};
  for (int i = 0; i < 10'000 && recv(fd, octet.data(), octet.size(), MSG_DONTWAIT | MSG_TRUNC) >= 0; ++i) {
  }
  if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size() + 1)) != 0)
    return system_failure("bind a VRRP socket to " + interface, errno);
  const int off = 0;
  if (auto set = set_option(fd, IPPROTO_IP, IP_MULTICAST_ALL, off, "limit groups on " + interface); !set) return set;
  ip_mreqn group{};
  group.imr_multiaddr.s_addr = htonl(kVrrpGroup);
  group.imr_ifindex = static_cast<int>(number(index));
  if (auto set = set_option(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, group, "join 224.0.0.18 on " + interface); !set)
    return set;
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer, sizeof kReceiveBuffer) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
  auto program = vrrp::socket_filter(wanted);
  return attach(fd, program, "filter VRRP packets of " + interface);
}

std::string name_of(IfIndex index) {
  std::array<char, IF_NAMESIZE> buffer{};
  if (if_indextoname(number(index), buffer.data()) != nullptr) return buffer.data();
  return "interface " + std::to_string(number(index));
}

Error send_error(const OutgoingPacket& packet, int code) {
  return system_failure("send advertisement on " + name_of(packet.link), code).value();
}

/// What sendmmsg(2) wants to be told about kTogether packets.
class Envelopes {
 public:
  void fill(std::size_t position, const OutgoingPacket& packet) {
    ASSERT(packet.bytes.size() >= sizeof(iphdr));
    auto& destination = destinations_[position];
    destination = {};
    destination.sin_family = AF_INET;
    std::memcpy(&destination.sin_addr, packet.bytes.data() + kDestination, sizeof destination.sin_addr);
    // sendmsg(2) does not write through iov_base.
    vectors_[position] = {.iov_base = const_cast<std::uint8_t*>(packet.bytes.data()), .iov_len = packet.bytes.size()};
    auto& header = headers_[position].msg_hdr;
    header = {};
    header.msg_name = &destination;
    header.msg_namelen = sizeof destination;
    header.msg_iov = &vectors_[position];
    header.msg_iovlen = 1;
    header.msg_control = controls_[position].bytes;
    header.msg_controllen = sizeof controls_[position].bytes;
    cmsghdr* const control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
    in_pktinfo where{};
    where.ipi_ifindex = static_cast<int>(number(packet.link));
    std::memcpy(CMSG_DATA(control), &where, sizeof where);
  }
  mmsghdr* at(std::size_t position) { return &headers_[position]; }

 private:
  union Control {
    cmsghdr alignment;
    char bytes[CMSG_SPACE(sizeof(in_pktinfo))];
  };
  std::array<mmsghdr, kTogether> headers_{};
  std::array<iovec, kTogether> vectors_{};
  std::array<sockaddr_in, kTogether> destinations_{};
  std::array<Control, kTogether> controls_{};
};

}  // namespace

Result<std::unique_ptr<VrrpReceiver>> VrrpReceiver::open(asio::io_context& io, const std::string& interface,
                                                         IfIndex index, std::span<const Vrid> wanted) {
  Descriptor fd(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, vrrp::kIpProtocol));
  if (fd.get() < 0) return system_failure("VRRP socket for " + interface, errno);
  if (auto prepared = prepare(fd.get(), interface, index, wanted); !prepared)
    return tl::unexpected<Error>(prepared.error());
  return std::unique_ptr<VrrpReceiver>(new VrrpReceiver(io, fd.release(), interface));
}

VrrpReceiver::VrrpReceiver(asio::io_context& io, int descriptor, std::string interface)
    : descriptor_(io, descriptor), interface_(std::move(interface)) {}

Result<void> VrrpReceiver::set_wanted(std::span<const Vrid> wanted) {
  auto program = vrrp::socket_filter(wanted);
  return attach(descriptor_.native_handle(), program, "filter VRRP packets of " + interface_);
}

Result<VrrpReceiver::Drained> VrrpReceiver::drain(const OnPacket& each) {
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): 64 KiB that only the kernel fills
  std::array<std::array<std::uint8_t, kLongest>, kTogether> buffers;
  std::array<iovec, kTogether> vectors{};
  std::array<mmsghdr, kTogether> headers{};
  for (std::size_t i = 0; i < kTogether; ++i) {
    vectors[i] = {.iov_base = buffers[i].data(), .iov_len = buffers[i].size()};
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  Drained drained;
  while (drained.packets < kMaxPackets) {
    const int count = recvmmsg(descriptor_.native_handle(), headers.data(), kTogether, MSG_DONTWAIT, nullptr);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return drained;
      return system_failure("receive VRRP packets on " + interface_, errno);
    }
    const Instant now = Clock::now();
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i)
      each(std::span<const std::uint8_t>(buffers[i]).first(headers[i].msg_len), now);
    drained.packets += static_cast<std::size_t>(count);
    if (static_cast<std::size_t>(count) < kTogether) return drained;  // what comes from here on is for the next time
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

VrrpSender::VrrpSender() : descriptor_(::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "raw socket for advertisements");
  const int off = 0;
  // Of IPPROTO_RAW nothing is ever received; IP_HDRINCL is implied.  The rest are improvements, not conditions, but for
  // the loop: a receiver of ours must not hear us.
  if (setsockopt(descriptor_, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof off) != 0) {
    const int code = errno;
    close(descriptor_);
    throw std::system_error(code, std::generic_category(), "raw socket for advertisements");
  }
  setsockopt(descriptor_, SOL_SOCKET, SO_PRIORITY, &kControlPriority, sizeof kControlPriority);
  setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
}

VrrpSender::~VrrpSender() {
  close(descriptor_);
}

Result<void> VrrpSender::send(const OutgoingPacket& packet) {
  Result<void> outcome;
  send(std::span(&packet, 1), [&outcome](std::size_t, const Error& error) { outcome = tl::unexpected<Error>(error); });
  return outcome;
}

void VrrpSender::send(std::span<const OutgoingPacket> packets, const OnFailure& failed) {
  Envelopes envelopes;
  for (std::size_t first = 0; first < packets.size(); first += kTogether) {
    const auto group = packets.subspan(first, std::min(kTogether, packets.size() - first));
    for (std::size_t i = 0; i < group.size(); ++i)
      envelopes.fill(i, group[i]);
    // The kernel stops at the first that fails; the one behind it is next.
    for (std::size_t done = 0; done < group.size();) {
      const int sent = sendmmsg(descriptor_, envelopes.at(done), static_cast<unsigned>(group.size() - done),
                                MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) {
        done += static_cast<std::size_t>(sent);
        continue;
      }
      const int code = errno;
      if (code == EINTR) continue;
      failed(first + done, send_error(group[done], code));
      ++done;
    }
  }
}

}  // namespace baton::net
