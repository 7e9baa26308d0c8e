#include "net/arp_sender.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <string>
#include <system_error>
#include <vector>

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baton::net {
namespace {

constexpr std::size_t kTogether = 64;  // frames in one system call
constexpr int kSendBuffer = 4 << 20;   // octets: a whole burst waits in the device's queue, not with us

std::string describe(IfIndex link, std::size_t unsent, std::size_t total) {
  std::array<char, IF_NAMESIZE> buffer{};
  const bool is_known = if_indextoname(number(link), buffer.data()) != nullptr;
  const auto name = is_known ? std::string(buffer.data()) : "interface " + std::to_string(number(link));
  return "announce on " + name + ", " + std::to_string(unsent) + " of " + std::to_string(total) + " frames unsent";
}

/// Until our buffer has room (EAGAIN), or a moment for the device's queue to drain, which nothing announces (ENOBUFS).
/// False at the deadline.
bool wait_for_room(int fd, int code, Instant deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (left <= 0) return false;
  pollfd descriptor{.fd = fd, .events = POLLOUT, .revents = 0};
  if (code == ENOBUFS) return poll(nullptr, 0, 1) == 0;
  return poll(&descriptor, 1, static_cast<int>(left)) > 0;
}

}  // namespace

// Protocol 0: it never receives.
ArpSender::ArpSender() : descriptor_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "packet socket for ARP");
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows.
  if (setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUFFORCE, &kSendBuffer, sizeof kSendBuffer) != 0)
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
}

ArpSender::~ArpSender() {
  close(descriptor_);
}

Result<void> ArpSender::send_gratuitous(IfIndex link, const vrrp::MacAddress& mac, std::span<const IpAddress> addresses,
                                        unsigned repeat) {
  if (addresses.empty() || repeat == 0) return {};
  const Instant deadline = Clock::now() + kLimit;
  std::vector<vrrp::ArpFrame> frames;
  frames.reserve(addresses.size());
  for (const auto& address : addresses)
    frames.push_back(vrrp::gratuitous_arp(mac, address));
  const std::size_t rounds = std::clamp<std::size_t>(kMaxFrames / frames.size(), 1, repeat);
  const std::size_t total = rounds * frames.size();

  sockaddr_ll device{};
  device.sll_family = AF_PACKET;
  device.sll_protocol = htons(ETH_P_ARP);
  device.sll_ifindex = static_cast<int>(number(link));
  device.sll_halen = ETH_ALEN;
  std::array<iovec, kTogether> vectors{};
  std::array<mmsghdr, kTogether> headers{};
  for (std::size_t done = 0; done < total;) {
    const std::size_t count = std::min(kTogether, total - done);
    for (std::size_t i = 0; i < count; ++i) {
      vectors[i] = {.iov_base = frames[(done + i) % frames.size()].data(), .iov_len = frames[0].size()};
      headers[i].msg_hdr.msg_name = &device;
      headers[i].msg_hdr.msg_namelen = sizeof device;
      headers[i].msg_hdr.msg_iov = &vectors[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = sendmmsg(descriptor_, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      done += static_cast<std::size_t>(sent);
      continue;
    }
    const int code = errno;
    if (code == EINTR) continue;
    const bool is_full = code == EAGAIN || code == ENOBUFS;
    if (is_full && wait_for_room(descriptor_, code, deadline)) continue;
    return system_failure(describe(link, total - done, total), code);
  }
  return {};
}

}  // namespace baton::net
