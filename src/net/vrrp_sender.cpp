#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <system_error>

#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/assert.hpp"
#include "net/vrrp_socket.hpp"

namespace baton::net {
namespace {

constexpr int kPacketBuffer = 1 << 20;
constexpr int kControlPriority = 7;        // TC_PRIO_CONTROL: ahead of all else in the queue of the device
constexpr std::size_t kSentTogether = 32;  // packets in one system call

std::string name_of(IfIndex index) {
  std::array<char, IF_NAMESIZE> buffer{};
  if (if_indextoname(number(index), buffer.data()) != nullptr) return buffer.data();
  return "interface " + std::to_string(number(index));
}

Error send_error(const OutgoingPacket& packet, int code) {
  return system_failure("send advertisement on " + name_of(packet.link), code).value();
}

bool is_v6(const OutgoingPacket& packet) {
  ASSERT(packet.bytes.size() >= sizeof(iphdr));
  return packet.bytes[0] >> 4U == 6;
}

/// A socket that is given headers: of IPPROTO_RAW nothing is ever received, and IP_HDRINCL is implied.  -1 and errno
/// when there is none.
int open_raw_socket(int family) {
  const int fd = ::socket(family, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_RAW);
  if (fd < 0) return fd;
  const int off = 0;
  // The rest are improvements, not conditions, but for the loop: a receiver of ours must not hear us.
  const bool is_v4 = family == AF_INET;
  if (setsockopt(fd, is_v4 ? IPPROTO_IP : IPPROTO_IPV6, is_v4 ? IP_MULTICAST_LOOP : IPV6_MULTICAST_LOOP, &off,
                 sizeof off) != 0) {
    const int code = errno;
    close(fd);
    errno = code;
    return -1;
  }
  setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &kControlPriority, sizeof kControlPriority);
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &kPacketBuffer, sizeof kPacketBuffer);
  return fd;
}

/// What sendmmsg(2) wants to be told about kSentTogether packets.
class Envelopes {
 public:
  void fill(std::size_t position, const OutgoingPacket& packet) {
    // sendmsg(2) does not write through iov_base.
    vectors_[position] = {.iov_base = const_cast<std::uint8_t*>(packet.bytes.data()), .iov_len = packet.bytes.size()};
    auto& header = headers_[position].msg_hdr;
    header = {};
    header.msg_name = &destinations_[position];
    header.msg_iov = &vectors_[position];
    header.msg_iovlen = 1;
    header.msg_control = controls_[position].bytes;
    if (is_v6(packet))
      address_ipv6(position, packet);
    else
      address_ipv4(position, packet);
  }
  mmsghdr* at(std::size_t position) { return &headers_[position]; }

 private:
  union Destination {
    sockaddr_in ipv4;
    sockaddr_in6 ipv6;
  };
  union Control {
    cmsghdr alignment;
    char bytes[CMSG_SPACE(sizeof(in6_pktinfo))];
  };

  template <class Information>
  void set_interface(std::size_t position, int level, int type, const Information& information) {
    auto& header = headers_[position].msg_hdr;
    header.msg_controllen = CMSG_SPACE(sizeof information);
    cmsghdr* const control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = level;
    control->cmsg_type = type;
    control->cmsg_len = CMSG_LEN(sizeof information);
    std::memcpy(CMSG_DATA(control), &information, sizeof information);
  }

  void address_ipv4(std::size_t position, const OutgoingPacket& packet) {
    auto& to = destinations_[position].ipv4;
    to = {};
    to.sin_family = AF_INET;
    std::memcpy(&to.sin_addr, packet.bytes.data() + offsetof(iphdr, daddr), sizeof to.sin_addr);
    headers_[position].msg_hdr.msg_namelen = sizeof to;
    in_pktinfo where{};
    where.ipi_ifindex = static_cast<int>(number(packet.link));
    set_interface(position, IPPROTO_IP, IP_PKTINFO, where);
  }

  void address_ipv6(std::size_t position, const OutgoingPacket& packet) {
    ASSERT(packet.bytes.size() >= sizeof(ip6_hdr));
    auto& to = destinations_[position].ipv6;
    to = {};
    to.sin6_family = AF_INET6;
    std::memcpy(&to.sin6_addr, packet.bytes.data() + offsetof(ip6_hdr, ip6_dst), sizeof to.sin6_addr);
    to.sin6_scope_id = number(packet.link);
    headers_[position].msg_hdr.msg_namelen = sizeof to;
    in6_pktinfo where{};
    where.ipi6_ifindex = number(packet.link);
    set_interface(position, IPPROTO_IPV6, IPV6_PKTINFO, where);
  }

  std::array<mmsghdr, kSentTogether> headers_{};
  std::array<iovec, kSentTogether> vectors_{};
  std::array<Destination, kSentTogether> destinations_{};
  std::array<Control, kSentTogether> controls_{};
};

}  // namespace

VrrpSender::VrrpSender() : ipv4_(open_raw_socket(AF_INET)) {
  if (ipv4_ < 0) throw std::system_error(errno, std::generic_category(), "raw socket for advertisements");
}

VrrpSender::~VrrpSender() {
  close(ipv4_);
  if (ipv6_ >= 0) close(ipv6_);
}

Result<void> VrrpSender::send(const OutgoingPacket& packet) {
  Result<void> outcome;
  send(std::span(&packet, 1), [&outcome](std::size_t, const Error& error) { outcome = tl::unexpected<Error>(error); });
  return outcome;
}

Result<int> VrrpSender::descriptor_for(const OutgoingPacket& packet) {
  if (!is_v6(packet)) return ipv4_;
  if (ipv6_ < 0) ipv6_ = open_raw_socket(AF_INET6);
  if (ipv6_ < 0) return tl::unexpected<Error>(send_error(packet, errno));
  return ipv6_;
}

void VrrpSender::send(std::span<const OutgoingPacket> packets, const OnFailure& failed) {
  Envelopes envelopes;
  for (std::size_t first = 0; first < packets.size();) {
    // As many of one family as fit.
    const auto rest = packets.subspan(first, std::min(kSentTogether, packets.size() - first));
    const auto other = [&](const OutgoingPacket& packet) { return is_v6(packet) != is_v6(rest.front()); };
    const auto group = rest.first(static_cast<std::size_t>(std::ranges::find_if(rest, other) - rest.begin()));
    const auto fd = descriptor_for(group.front());
    for (std::size_t i = 0; i < group.size(); ++i)
      envelopes.fill(i, group[i]);
    // The kernel stops at the first that fails; the one behind it is next.
    for (std::size_t done = 0; done < group.size();) {
      if (!fd) {
        failed(first + done++, fd.error());
        continue;
      }
      const int sent =
          sendmmsg(*fd, envelopes.at(done), static_cast<unsigned>(group.size() - done), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent > 0) {
        done += static_cast<std::size_t>(sent);
        continue;
      }
      const int code = errno;
      if (code == EINTR) continue;
      failed(first + done, send_error(group[done], code));
      ++done;
    }
    first += group.size();
  }
}

}  // namespace baton::net
