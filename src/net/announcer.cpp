#include "net/announcer.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baton::net {

namespace {

constexpr int kFrameBuffer = 4 << 20;                       // octets; the default holds some 250 frames
constexpr std::size_t kFramesTogether = 64;                 // frames in one system call
constexpr Duration kBreath = std::chrono::milliseconds{1};  // for a full device to drain

std::string describe(const vrrp::AnnouncementQueue::Loss& loss) {
  std::array<char, IF_NAMESIZE> buffer{};
  const bool is_known = if_indextoname(number(loss.link), buffer.data()) != nullptr;
  const auto name = is_known ? std::string(buffer.data()) : "interface " + std::to_string(number(loss.link));
  return "announce on " + name + ", " + std::to_string(loss.unsent) + " of " + std::to_string(loss.total) +
         " frames unsent";
}

}  // namespace

// Protocol 0: it never receives.
Announcer::Announcer(boost::asio::io_context& io, OnFailure failed)
    : failed_(std::move(failed)),
      descriptor_(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)),
      timer_(io) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "packet socket for announcements");
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows.
  if (setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUFFORCE, &kFrameBuffer, sizeof kFrameBuffer) != 0)
    setsockopt(descriptor_, SOL_SOCKET, SO_SNDBUF, &kFrameBuffer, sizeof kFrameBuffer);
}

Announcer::~Announcer() {
  close(descriptor_);
}

void Announcer::add(vrrp::AnnouncementBurst burst) {
  queue_.add(std::move(burst), Clock::now());
}

void Announcer::send() {
  while (transmit() && queue_.has_news(Clock::now())) {
  }
  arm();
}

/// One system call's worth; false when nothing more may go now.
bool Announcer::transmit() {
  const auto now = Clock::now();
  std::array<vrrp::AnnouncementQueue::Frame, kFramesTogether> frames;
  const auto count = queue_.ready(frames, now);
  if (count == 0) return false;
  std::array<sockaddr_ll, kFramesTogether> devices{};
  std::array<iovec, kFramesTogether> vectors{};
  std::array<mmsghdr, kFramesTogether> headers{};
  for (std::size_t i = 0; i < count; ++i) {
    const auto octets = frames[i].frame.octets();
    devices[i].sll_family = AF_PACKET;
    devices[i].sll_protocol = static_cast<std::uint16_t>(octets[13] << 8U | octets[12]);  // as it is in the frame
    devices[i].sll_ifindex = static_cast<int>(number(frames[i].link));
    devices[i].sll_halen = ETH_ALEN;
    // sendmsg(2) does not write through iov_base.
    vectors[i] = {.iov_base = const_cast<std::uint8_t*>(octets.data()), .iov_len = octets.size()};
    headers[i].msg_hdr.msg_name = &devices[i];
    headers[i].msg_hdr.msg_namelen = sizeof devices[i];
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  const int sent = sendmmsg(descriptor_, headers.data(), static_cast<unsigned>(count), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (sent > 0) {
    full_since_.reset();
    queue_.taken(static_cast<std::size_t>(sent), now);
    return true;
  }
  const int code = errno;
  if (code == EINTR) return true;
  const bool is_full = code == EAGAIN || code == ENOBUFS;
  if (is_full && !is_hopeless(now)) return false;
  full_since_.reset();
  const auto error = system_failure(describe(queue_.drop()), code);
  if (failed_) failed_(error.value());
  return true;
}

bool Announcer::is_hopeless(Instant now) {
  if (!full_since_) full_since_ = now;
  return now - *full_since_ >= kPatience;
}

void Announcer::arm() {
  const auto deadline = queue_.deadline();
  if (!deadline) return;
  timer_.expires_at(full_since_ ? Clock::now() + kBreath : *deadline);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) send();
  });
}

bool forwards_ipv6(const std::string& interface) {
  const auto path = "/proc/sys/net/ipv6/conf/" + interface + "/forwarding";
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;  // IPv6 is off
  char digit = '0';
  const bool is_on = read(fd, &digit, 1) == 1 && digit != '0';
  close(fd);
  return is_on;
}

}  // namespace baton::net
