#include "daemon/channel.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <deque>
#include <span>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

/// Messages handled for one wake-up: then timers and other sockets have their turn.
constexpr int kBurst = 64;
/// What one socket can hold is far less; only a peer that goes on sending reaches this.
constexpr int kMaxDrained = 100'000;

struct Pending {
  std::vector<std::byte> bytes;
  FileDescriptor descriptor;
};

/// 0 or an errno.
int send_now(int socket, std::span<const std::byte> bytes, int descriptor) {
  iovec data{const_cast<std::byte*>(bytes.data()), bytes.size()};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
  }
  for (;;) {
    if (::sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

struct Received {
  std::size_t length = 0;  // 0: the other end is closed
  FileDescriptor descriptor;
  bool malformed = false;
};

/// Takes every descriptor that came along, so that none leaks; more than one is malformed.
void take_descriptors(msghdr& message, Received& received) {
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (std::size_t i = 0; i < count; ++i) {
      int number = -1;
      std::memcpy(&number, CMSG_DATA(header) + i * sizeof number, sizeof number);
      FileDescriptor descriptor(number);
      if (received.descriptor) received.malformed = true;
      if (!received.descriptor) received.descriptor = std::move(descriptor);
    }
  }
}

/// 0, or an errno; EAGAIN when nothing is there.
int receive_now(int socket, std::span<std::byte> buffer, Received& received) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  iovec data{buffer.data(), buffer.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  // A peer that closed without reading everything leaves one ECONNRESET before what it had sent.
  bool reset = false;
  for (;;) {
    const ssize_t length = ::recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (length >= 0) {
      received.length = static_cast<std::size_t>(length);
      take_descriptors(message, received);
      if ((message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0) received.malformed = true;
      return 0;
    }
    if (errno == EINTR) continue;
    if (errno != ECONNRESET || reset) return errno;
    reset = true;
  }
}

}  // namespace

Result<std::pair<FileDescriptor, FileDescriptor>> make_channel_pair() {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
    return system_failure("make a channel", errno);
  return std::pair{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// Kept alive by its own pending waits, so that a handler that comes late finds it and sees that it is closed.
struct Channel::Impl : std::enable_shared_from_this<Impl> {
  Impl(asio::io_context& io, FileDescriptor end) : socket(io, end.release()) {}

  void await_readable() {
    socket.async_wait(asio::posix::descriptor_base::wait_read,
                      [self = shared_from_this()](const boost::system::error_code& error) {
                        if (error || !self->open) return;
                        self->receive(kBurst);
                        if (self->open) self->await_readable();
                      });
  }

  void receive(int most) {
    std::array<std::byte, kMaxMessage> buffer{};
    for (int i = 0; i < most && open; ++i) {
      Received received;
      const int code = receive_now(socket.native_handle(), buffer, received);
      if (code == EAGAIN) return;
      if (code != 0) return fail(std::generic_category().message(code));
      if (received.length == 0) return fail("");
      if (received.malformed) return fail("a message was cut or brought more than one descriptor");
      const auto envelope = decode(std::span(buffer).first(received.length));
      if (!envelope) return fail(envelope.error().message);
      handlers.received(*envelope, std::move(received.descriptor));
    }
  }

  Result<void> send(const Envelope& envelope, int descriptor) {
    if (!open) return failure("the channel is closed");
    auto bytes = encode(envelope);
    if (!bytes) return tl::unexpected(bytes.error());
    if (queue.empty()) {
      const int code = send_now(socket.native_handle(), *bytes, descriptor);
      if (code == 0) return {};
      if (code != EAGAIN) return system_failure("send a message", code);
    }
    if (queued + bytes->size() > kMaxQueued) return failure("the other end does not read: the queue is full");
    FileDescriptor copy;
    if (descriptor >= 0) {
      copy = FileDescriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, 0));
      if (!copy) return system_failure("duplicate a descriptor", errno);
    }
    queued += bytes->size();
    queue.push_back({std::move(*bytes), std::move(copy)});
    if (queue.size() == 1) await_writable();
    return {};
  }

  void await_writable() {
    socket.async_wait(asio::posix::descriptor_base::wait_write,
                      [self = shared_from_this()](const boost::system::error_code& error) {
                        if (error || !self->open) return;
                        self->flush();
                        if (!self->queue.empty()) self->await_writable();
                      });
  }

  void flush() {
    while (!queue.empty()) {
      const auto& next = queue.front();
      const int code = send_now(socket.native_handle(), next.bytes, next.descriptor.number());
      if (code == EAGAIN) return;
      // Otherwise sent, or lost with the other end: that is for the receiving side to find out.
      queued -= next.bytes.size();
      queue.pop_front();
    }
  }

  void fail(const std::string& why) {
    close();
    if (handlers.closed) handlers.closed(why);
  }

  void close() {
    open = false;
    queue.clear();
    queued = 0;
    boost::system::error_code ignored;
    socket.close(ignored);  // NOLINT(bugprone-unused-return-value)
  }

  asio::posix::stream_descriptor socket;
  Handlers handlers;
  std::deque<Pending> queue;
  std::size_t queued = 0;
  bool open = true;
};

Channel::Channel(asio::io_context& io, FileDescriptor socket) : impl_(std::make_shared<Impl>(io, std::move(socket))) {}

Channel::~Channel() {
  if (impl_) impl_->close();
}

Channel::Channel(Channel&& other) noexcept = default;

Channel& Channel::operator=(Channel&& other) noexcept {
  if (impl_ && impl_ != other.impl_) impl_->close();
  impl_ = std::move(other.impl_);
  return *this;
}

void Channel::start(Handlers handlers) {
  impl_->handlers = std::move(handlers);
  impl_->await_readable();
}

Result<void> Channel::send(const Envelope& envelope, int descriptor) {
  return impl_->send(envelope, descriptor);
}

void Channel::drain() {
  const auto keep = impl_;
  if (keep->open) keep->receive(kMaxDrained);
}

void Channel::flush(Duration limit) {
  const auto deadline = Clock::now() + limit;
  while (impl_->open && impl_->queued > 0) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd wait{impl_->socket.native_handle(), POLLOUT, 0};
    if (left <= 0 || ::poll(&wait, 1, static_cast<int>(left)) == 0) return;
    impl_->flush();
  }
}

std::size_t Channel::queued() const {
  return impl_->queued;
}

bool Channel::is_open() const {
  return impl_->open;
}

void Channel::close() {
  impl_->close();
}

}  // namespace baton::daemon
