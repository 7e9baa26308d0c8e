#include "net/process_connector.hpp"

#include <array>
#include <cerrno>
#include <random>
#include <utility>

#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/netlink.h>
#include <sys/socket.h>

namespace baton::net {

namespace asio = boost::asio;

namespace {

/// Messages of one system call, and of one turn of the loop.
constexpr std::size_t kEventsTogether = 64;
constexpr std::size_t kEventsPerTurn = 512;
/// What comes after so long a silence is taken at once; on a busy machine it is gathered for a while instead: that
/// costs few wakes, and processes that have ended by then need no look.
constexpr std::chrono::milliseconds kSilence{25};
constexpr std::chrono::milliseconds kEventPause{5};
/// Room for some 2,000 messages; the system's default has 280, and a machine that stops a thousand at once has more.
constexpr int kEventBuffer = 1 << 20;

}  // namespace

ProcessConnector::ProcessConnector(asio::io_context& io, Hooks hooks)
    : socket_(io), pause_(io), hooks_(std::move(hooks)), token_(std::random_device()()) {}

Result<std::unique_ptr<ProcessConnector>> ProcessConnector::open(asio::io_context& io, Hooks hooks) {
  std::unique_ptr<ProcessConnector> connector(new ProcessConnector(io, std::move(hooks)));
  if (const auto listening = connector->listen(); !listening) return tl::unexpected(listening.error());
  connector->await();
  return connector;
}

Result<void> ProcessConnector::listen() {
  const int fd = ::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_CONNECTOR);
  if (fd < 0) return system_failure("open the connector", errno);
  socket_.assign(fd);
  auto program = process_event_filter();
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    return system_failure("filter what the kernel tells of processes", errno);
  if (::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kEventBuffer, sizeof kEventBuffer) != 0)
    ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &kEventBuffer, sizeof kEventBuffer);
  sockaddr_nl address{};
  address.nl_family = AF_NETLINK;
  address.nl_groups = CN_IDX_PROC;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return system_failure("bind the connector", errno);
  const auto request = process_request(true, token_);
  if (::send(fd, request.data(), request.size(), 0) < 0) return system_failure("ask the connector", errno);
  // The answer is there when the request is through; none comes in another pid namespace.  What comes before it is
  // other people's, and older than the look at all processes that follows.
  for (std::size_t messages = 0; !is_listening_ && messages < kEventsPerTurn;) {
    const auto before = events_.size();
    if (drain(kEventsTogether)) break;
    messages += kEventsTogether + events_.size() - before;
  }
  if (!is_listening_) return system_failure("hear from the connector", EOPNOTSUPP);
  return {};
}

/// Kernels before 6.6 count their listeners, and tell on without one that has not taken its leave.
ProcessConnector::~ProcessConnector() {
  *alive_ = false;
  if (!is_listening_) return;
  const auto request = process_request(false, token_);
  (void)::send(socket_.native_handle(), request.data(), request.size(), MSG_DONTWAIT);
}

void ProcessConnector::await() {
  socket_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, alive = alive_](const boost::system::error_code& error) {
                       if (error || !*alive) return;
                       const auto former = std::exchange(last_wake_, Clock::now());
                       const bool is_busy = last_wake_ - former < kSilence;
                       if (!drain(kEventsPerTurn) || !is_busy) return await();
                       pause();
                     });
}

void ProcessConnector::pause() {
  pause_.expires_after(kEventPause);
  pause_.async_wait([this, alive = alive_](const boost::system::error_code& error) {
    if (!error && *alive) await();
  });
}

bool ProcessConnector::drain(std::size_t most) {
  std::array<std::array<std::uint8_t, kLongestProcessMessage>, kEventsTogether> bytes{};
  std::array<iovec, kEventsTogether> parts{};
  std::array<sockaddr_nl, kEventsTogether> senders{};
  std::array<mmsghdr, kEventsTogether> headers{};
  events_.clear();
  bool is_empty = false, is_lossy = false;
  for (std::size_t messages = 0; !is_empty && messages < most;) {
    for (std::size_t i = 0; i < kEventsTogether; ++i) {
      parts[i] = {bytes[i].data(), bytes[i].size()};
      headers[i].msg_hdr = {};
      headers[i].msg_hdr.msg_name = &senders[i];
      headers[i].msg_hdr.msg_namelen = sizeof senders[i];
      headers[i].msg_hdr.msg_iov = &parts[i];
      headers[i].msg_hdr.msg_iovlen = 1;
    }
    const int count = ::recvmmsg(socket_.native_handle(), headers.data(), kEventsTogether, MSG_DONTWAIT, nullptr);
    if (count < 0) {
      if (errno == EINTR) continue;
      is_lossy = is_lossy || errno == ENOBUFS;
      is_empty = errno != ENOBUFS;
      messages += kEventsTogether;
      continue;
    }
    messages += kEventsTogether;
    is_empty = static_cast<std::size_t>(count) < kEventsTogether;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      if (senders[i].nl_pid != 0) continue;  // the kernel alone is believed
      const auto event = decode_process_event(std::span(bytes[i]).first(headers[i].msg_len), token_);
      if (!event) continue;
      if (event->kind == ProcessEvent::Kind::listening)
        is_listening_ = true;
      else if (is_listening_)
        events_.push_back(*event);
    }
  }
  if (!events_.empty() && hooks_.on_events) hooks_.on_events(events_);
  if (is_lossy && hooks_.on_loss) hooks_.on_loss();
  return is_empty;
}

}  // namespace baton::net
