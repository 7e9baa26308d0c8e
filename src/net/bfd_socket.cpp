#include "net/bfd_socket.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.hpp"

namespace baton::net {

namespace {

constexpr std::uint16_t kSingleHop = 3784, kMultihop = 4784;
constexpr std::uint16_t kFirstPort = 49152;
constexpr int kPorts = 65536 - kFirstPort;
constexpr int kPortTries = 1000;          // of ports that others have
constexpr int kMostPackets = 4096;        // of one drain()
constexpr std::size_t kPacketRoom = 256;  // octets of a packet; we take 24, authenticated ones have 54

IpAddress any(Family family) {
  return family == Family::ipv4 ? IpAddress() : IpAddress::v6({});
}

IpAddress address_of(const void* octets, Family family) {
  if (family == Family::ipv4) {
    std::array<std::uint8_t, 4> four{};
    std::memcpy(four.data(), octets, four.size());
    return IpAddress::v4(four);
  }
  std::array<std::uint8_t, 16> sixteen{};
  std::memcpy(sixteen.data(), octets, sixteen.size());
  return IpAddress::v6(sixteen);
}

bool set(int socket, int level, int option, int value) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

Result<FileDescriptor> udp_socket(Family family) {
  const int domain = family == Family::ipv4 ? AF_INET : AF_INET6;
  FileDescriptor socket(::socket(domain, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
  if (!socket) return system_failure("open a socket for BFD", errno);
  if (family == Family::ipv6 && !set(socket.number(), IPPROTO_IPV6, IPV6_V6ONLY, 1))
    return system_failure("open a socket for BFD", errno);
  return socket;
}

/// What the kernel tells beside a datagram.
void read_controls(msghdr* header, Family family, BfdDatagram* datagram) {
  for (auto* control = CMSG_FIRSTHDR(header); control != nullptr; control = CMSG_NXTHDR(header, control)) {
    const auto* data = CMSG_DATA(control);
    if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_TTL) {
      int ttl = 0;
      std::memcpy(&ttl, data, sizeof ttl);
      datagram->ttl = static_cast<std::uint8_t>(ttl);
    } else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
      datagram->to = address_of(data + offsetof(in_pktinfo, ipi_addr), family);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_HOPLIMIT) {
      int hops = 0;
      std::memcpy(&hops, data, sizeof hops);
      datagram->ttl = static_cast<std::uint8_t>(hops);
    } else if (control->cmsg_level == IPPROTO_IPV6 && control->cmsg_type == IPV6_PKTINFO) {
      datagram->to = address_of(data + offsetof(in6_pktinfo, ipi6_addr), family);
    }
  }
}

}  // namespace

BfdReceiver::BfdReceiver(boost::asio::io_context& io, int socket, Family family, std::function<void()> on_readable)
    : descriptor_(io, socket), family_(family), on_readable_(std::move(on_readable)) {
  wait();
}

Result<std::unique_ptr<BfdReceiver>> BfdReceiver::open(boost::asio::io_context& io, Family family, bool multihop,
                                                       std::function<void()> on_readable) {
  auto socket = udp_socket(family);
  if (!socket) return tl::unexpected(socket.error());
  const int fd = socket->number();
  const auto port = multihop ? kMultihop : kSingleHop;
  const auto what = "hear BFD on UDP port " + std::to_string(port);
  const bool is_set = family == Family::ipv4
                          ? set(fd, IPPROTO_IP, IP_RECVTTL, 1) && set(fd, IPPROTO_IP, IP_PKTINFO, 1)
                          : set(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) && set(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  if (!is_set) return system_failure(what, errno);
  const auto local = socket_address(any(family), port);
  if (::bind(fd, local.get(), local.size) != 0) return system_failure(what, errno);
  return std::unique_ptr<BfdReceiver>(new BfdReceiver(io, socket->release(), family, std::move(on_readable)));
}

void BfdReceiver::wait() {
  descriptor_.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                         [this](const boost::system::error_code& error) {
                           if (error) return;  // closed: *this is gone
                           wait();
                           on_readable_();
                         });
}

void BfdReceiver::drain(const std::function<void(const BfdDatagram&)>& each) {
  std::array<std::uint8_t, kPacketRoom> room;  // NOLINT(cppcoreguidelines-pro-type-member-init): the kernel writes it
  alignas(cmsghdr) std::array<std::uint8_t, 256> controls;  // NOLINT(cppcoreguidelines-pro-type-member-init): likewise
  for (int i = 0; i < kMostPackets; ++i) {
    sockaddr_storage source{};
    iovec part{room.data(), room.size()};
    msghdr header{};
    header.msg_name = &source;
    header.msg_namelen = sizeof source;
    header.msg_iov = &part;
    header.msg_iovlen = 1;
    header.msg_control = controls.data();
    header.msg_controllen = controls.size();
    const auto received = ::recvmsg(descriptor_.native_handle(), &header, MSG_DONTWAIT);
    if (received < 0 && errno == EINTR) continue;
    if (received < 0) return;
    BfdDatagram datagram;
    datagram.octets = std::span<const std::uint8_t>(room).first(static_cast<std::size_t>(received));
    const auto* octets = reinterpret_cast<const std::uint8_t*>(&source);
    datagram.from = address_of(
        octets + (family_ == Family::ipv4 ? offsetof(sockaddr_in, sin_addr) : offsetof(sockaddr_in6, sin6_addr)),
        family_);
    read_controls(&header, family_, &datagram);
    each(datagram);
  }
}

Result<FileDescriptor> open_bfd_sender(const BfdSenderPlan& plan, std::uint16_t first_port) {
  const auto family = plan.neighbor.family();
  auto socket = udp_socket(family);
  if (!socket) return socket;
  const int fd = socket->number();
  const auto what = "speak BFD to " + plan.neighbor.to_string();
  const bool is_set =
      family == Family::ipv4
          ? set(fd, IPPROTO_IP, IP_TTL, plan.ttl) && set(fd, IPPROTO_IP, IP_FREEBIND, 1)
          : set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, plan.ttl) && set(fd, IPPROTO_IPV6, IPV6_FREEBIND, 1);
  if (!is_set) return system_failure(what, errno);
  constexpr int kInternetControl = 0xc0;  // DSCP CS6, as routers mark what keeps the network up
  (void)(family == Family::ipv4 ? set(fd, IPPROTO_IP, IP_TOS, kInternetControl)
                                : set(fd, IPPROTO_IPV6, IPV6_TCLASS, kInternetControl));
  const auto source = plan.source.value_or(any(family));
  int trouble = EADDRINUSE;
  for (int i = 0; i < kPortTries && trouble == EADDRINUSE; ++i) {
    const auto port = static_cast<std::uint16_t>(kFirstPort + (first_port + i) % kPorts);
    const auto local = socket_address(source, port);
    trouble = ::bind(fd, local.get(), local.size) == 0 ? 0 : errno;
  }
  if (trouble != 0) return system_failure(what, trouble);
  return socket;
}

int send_bfd(const FileDescriptor& sender, const BfdSenderPlan& plan, std::span<const std::uint8_t> octets) {
  const auto remote = socket_address(plan.neighbor, plan.multihop ? kMultihop : kSingleHop);
  const auto sent =
      ::sendto(sender.number(), octets.data(), octets.size(), MSG_DONTWAIT | MSG_NOSIGNAL, remote.get(), remote.size);
  return sent >= 0 ? 0 : errno;
}

}  // namespace baton::net
