#include "net/links.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <system_error>
#include <utility>
#include <vector>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/assert.hpp"
#include "net/address_leases.hpp"
#include "net/rtnetlink.hpp"

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kLinkDatagram = 64 * 1024;  // a dump comes in parts of at most 32 KiB, a notification in a few
constexpr int kDatagramsPerRefresh = 20'000;      // of one refresh; what is left keeps the socket readable
constexpr int kMaxDumps = 8;                      // of one refresh
constexpr std::chrono::milliseconds kRetryPause{200};

int open_link_socket(int receive_buffer) {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "netlink socket for links");
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof receive_buffer) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  sockaddr_nl local{};
  local.nl_family = AF_NETLINK;
  local.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
    const int code = errno;
    close(fd);
    throw std::system_error(code, std::generic_category(), "netlink groups of links and addresses");
  }
  return fd;
}

}  // namespace

/// Dumps and notifications come through one socket: the kernel queues each as it stood at that moment, so that working
/// through the queue in order never steps back in time.
struct Links::Impl {
  Impl(asio::io_context& io, int receive_buffer) : socket(io, open_link_socket(receive_buffer)), delay_timer(io) {}

  enum class Dump : std::uint8_t { none, links, addresses };

  Result<void> drain();
  /// One datagram, empty when it is of no use; none when the queue is empty.
  Result<std::optional<std::span<const std::byte>>> receive();
  Result<void> start(Dump what);
  Result<void> take(std::span<const std::byte> datagram);
  Result<void> take_end_of_dump(std::span<const std::byte> message);
  void take_due();

  asio::posix::stream_descriptor socket;
  LinkTable table{kBatonProtocol};
  LinkDelays delays;
  asio::steady_timer delay_timer;
  Dump dump = Dump::none;
  std::uint32_t sequence = 0;  // of the dump under way
  bool is_stale = true;        // notifications were lost, or the table changed under the dump: read all anew
  bool is_draining = false;
  std::unique_ptr<std::byte[]> buffer = std::make_unique_for_overwrite<std::byte[]>(kLinkDatagram);
};

Links::Links(asio::io_context& io, LinkObserver observer, int receive_buffer)
    : impl_(std::make_unique<Impl>(io, receive_buffer)) {
  if (const auto done = refresh(); !done)
    throw std::system_error(done.error().system_code, std::generic_category(), done.error().message);
  impl_->table.set_observer(std::move(observer));
}

Links::~Links() = default;

const Link* Links::find(std::string_view name) const {
  return impl_->table.find(name);
}

const Link* Links::find(IfIndex index) const {
  return impl_->table.find(index);
}

void Links::set_virtual_addresses(std::unordered_set<IpAddress> addresses) {
  impl_->table.set_virtual_addresses(std::move(addresses));
}

bool Links::has(const IpAddress& address) const {
  return impl_->table.has(address);
}

void Links::set_delays(std::unordered_map<std::string, LinkDelay> delays) {
  impl_->delays.set(std::move(delays), Clock::now());
  impl_->take_due();
}

Result<void> Links::refresh() {
  ASSERT(!impl_->is_draining);
  impl_->is_draining = true;
  const auto done = impl_->drain();
  impl_->is_draining = false;
  impl_->take_due();
  if (!done) impl_->is_stale = true;
  return done;
}

asio::awaitable<void> Links::run(std::function<void(const Error&)> on_error) {
  asio::steady_timer pause(impl_->socket.get_executor());
  for (;;) {
    if (impl_->is_stale) {  // nothing may ever arrive that would wake us
      pause.expires_after(kRetryPause);
      const auto [ec] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
    } else {
      const auto [ec] = co_await impl_->socket.async_wait(asio::posix::stream_descriptor::wait_read,
                                                          asio::as_tuple(asio::use_awaitable));
      if (ec) co_return;
    }
    if (const auto done = refresh(); !done && on_error) on_error(done.error());
  }
}

Result<void> Links::Impl::drain() {
  int dumps = 0;
  for (int datagrams = 0; datagrams < kDatagramsPerRefresh; ++datagrams) {
    if (is_stale && dump == Dump::none) {
      if (++dumps > kMaxDumps) return failure("reading links and addresses: they change all the time", EINTR);
      is_stale = false;
      table.begin_dump();
      if (auto started = start(Dump::links); !started) return started;
    }
    const auto received = receive();
    if (!received) return tl::unexpected<Error>(received.error());
    if (!*received) {
      if (dump == Dump::none) return {};
      dump = Dump::none;  // the kernel makes each part as the one before is taken: it ought to be there
      return failure("reading links and addresses: the kernel's answer has no end", ETIMEDOUT);
    }
    if (auto taken = take(**received); !taken) return taken;
  }
  return {};
}

/// Changes of links that have lasted long enough by now; and wakes for the next one.
void Links::Impl::take_due() {
  for (const auto& message : delays.due(Clock::now()))
    table.apply(message);
  const auto next = delays.deadline();
  if (!next) return;
  delay_timer.expires_at(*next);
  delay_timer.async_wait([this](const boost::system::error_code& error) {
    if (!error) take_due();
  });
}

Result<std::optional<std::span<const std::byte>>> Links::Impl::receive() {
  sockaddr_nl sender{};
  iovec vector{.iov_base = buffer.get(), .iov_len = kLinkDatagram};
  msghdr header{};
  header.msg_name = &sender;
  header.msg_namelen = sizeof sender;
  header.msg_iov = &vector;
  header.msg_iovlen = 1;
  const std::span<const std::byte> nothing;
  const auto count = recvmsg(socket.native_handle(), &header, MSG_DONTWAIT);
  if (count < 0) {
    const int code = errno;
    if (code == EAGAIN) return std::nullopt;
    if (code == ENOBUFS) is_stale = true;  // the queue ran over: what it still holds is true, but not all
    if (code == ENOBUFS || code == EINTR) return nothing;
    return system_failure("reading links and addresses", code);
  }
  if (sender.nl_pid != 0) return nothing;  // not from the kernel
  if ((header.msg_flags & MSG_TRUNC) != 0) {
    is_stale = true;
    return nothing;
  }
  return std::span<const std::byte>(buffer.get(), static_cast<std::size_t>(count));
}

Result<void> Links::Impl::start(Dump what) {
  ++sequence;
  const auto request = what == Dump::links ? link_dump_request(sequence) : address_dump_request(sequence);
  if (send(socket.native_handle(), request.data(), request.size(), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
    return system_failure("asking for links and addresses", errno);
  dump = what;
  return {};
}

Result<void> Links::Impl::take(std::span<const std::byte> datagram) {
  Result<void> outcome;
  const auto each = [this, &outcome](const nlmsghdr& header, std::span<const std::byte> message) {
    const bool is_ours = dump != Dump::none && header.nlmsg_seq == sequence;
    if (is_ours && (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0) is_stale = true;
    if (header.nlmsg_type == NLMSG_DONE || header.nlmsg_type == NLMSG_ERROR) {
      if (!is_ours) return;
      if (auto ended = take_end_of_dump(message); !ended) outcome = ended;
    } else if (const auto link = parse_link(message)) {
      table.apply(delays.filter(*link, Clock::now()));
    } else if (const auto address = parse_address(message)) {
      table.apply(*address);
    }
  };
  for_each_message(datagram, each);
  return outcome;
}

Result<void> Links::Impl::take_end_of_dump(std::span<const std::byte> message) {
  const auto ended = std::exchange(dump, Dump::none);
  if (const int code = error_code(message); code != 0) return system_failure("reading links and addresses", code);
  if (ended == Dump::links) return start(Dump::addresses);
  // A dump that lost something proves no disappearance; the next one will.
  if (!is_stale) table.end_dump();
  return {};
}

}  // namespace baton::net
