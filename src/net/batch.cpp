#include "net/batch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <linux/netlink.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/msg.h>

#include "net/rtnetlink.hpp"

namespace baton::net {
namespace {

constexpr std::size_t kWindow = 256;  // requests in one send; all of them may fail at once and answer
constexpr std::size_t kSendBytes =
    std::size_t{64} * 1024;                // in one send; a socket's default send buffer holds three times this
constexpr std::size_t kAnswerCost = 2048;  // of receive buffer for one answer, with the kernel's own overhead
constexpr int kAnswerBuffer = 4 * 1024 * 1024;
constexpr std::size_t kPartBytes = std::size_t{32} * 1024;             // the kernel never makes a larger part of a dump
constexpr std::size_t kParts = 4;                                      // read in one system call
constexpr int kAttempts = 10;                                          // at a table that changes while it is being read
constexpr std::size_t kMaxDumpBytes = std::size_t{256} * 1024 * 1024;  // a full Internet routing table is half of it
constexpr int kNoAnswer = -1;

std::string describe(const std::string& what, int code, std::string_view detail) {
  std::string text = what.empty() ? std::string() : what + ": ";
  text += std::generic_category().message(code);
  if (!detail.empty()) text.append(" (").append(detail).append(")");
  return text;
}

nlmsghdr header_at(std::span<const std::byte> bytes) {
  nlmsghdr header{};
  std::memcpy(&header, bytes.data(), sizeof header);
  return header;
}

/// Cuts the first message off `bytes`; nothing when the rest is no whole message.
std::optional<std::span<const std::byte>> next_message(std::span<const std::byte>& bytes) {
  if (bytes.size() < sizeof(nlmsghdr)) return std::nullopt;
  const std::size_t length = header_at(bytes).nlmsg_len;
  if (length < sizeof(nlmsghdr) || length > bytes.size()) return std::nullopt;
  const auto message = bytes.first(length);
  bytes = bytes.subspan(std::min(bytes.size(), std::size_t{NLMSG_ALIGN(length)}));
  return message;
}

/// The kernel's own words about an error (NETLINK_EXT_ACK), if it has any.
std::string_view error_text(std::span<const std::byte> message) {
  const auto header = header_at(message);
  if (header.nlmsg_type != NLMSG_ERROR || (header.nlmsg_flags & NLM_F_ACK_TLVS) == 0) return {};
  std::size_t offset = NLMSG_HDRLEN + sizeof(nlmsgerr);
  if (message.size() < offset) return {};
  if ((header.nlmsg_flags & NLM_F_CAPPED) == 0) {  // then the whole request lies in between
    nlmsgerr error{};
    std::memcpy(&error, message.data() + NLMSG_HDRLEN, sizeof error);
    offset += NLMSG_ALIGN(std::max<std::size_t>(error.msg.nlmsg_len, NLMSG_HDRLEN)) - NLMSG_HDRLEN;
  }
  while (offset + sizeof(nlattr) <= message.size()) {
    nlattr attribute{};
    std::memcpy(&attribute, message.data() + offset, sizeof attribute);
    if (attribute.nla_len < sizeof(nlattr) || attribute.nla_len > message.size() - offset) return {};
    if ((attribute.nla_type & NLA_TYPE_MASK) == NLMSGERR_ATTR_MSG) {
      const auto* const text = reinterpret_cast<const char*>(message.data() + offset + sizeof(nlattr));
      return {text, strnlen(text, attribute.nla_len - sizeof(nlattr))};
    }
    offset += NLA_ALIGN(attribute.nla_len);
  }
  return {};
}

}  // namespace

void Batch::add(nl_msg* message, std::string what) {
  const nlmsghdr* const header = nlmsg_hdr(message);
  const std::size_t offset = bytes_.size();
  bytes_.resize(offset + NLMSG_ALIGN(header->nlmsg_len));
  std::memcpy(bytes_.data() + offset, header, header->nlmsg_len);
  requests_.push_back({offset, header->nlmsg_len, std::move(what)});
}

struct NetlinkSocket::Impl {
  explicit Impl(int protocol);
  ~Impl() { close(fd); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  int send(std::span<const std::byte> bytes) const;
  /// Reads what has arrived, waiting for it if need be; 0 or an errno (ETIMEDOUT, ENOBUFS: answers were lost).
  int receive(Instant deadline);
  [[nodiscard]] int wait(Instant deadline) const;
  /// After an answer that was not read to its end: the kernel refuses a new dump until the old one is taken.
  void drain(Instant deadline);

  int fd = -1;
  bool is_unfinished = false;
  std::size_t window = kWindow;
  std::uint32_t next_sequence = 1;
  std::vector<std::byte> outgoing;
  // Never written before the kernel does: most sockets touch a part of it.
  std::unique_ptr<std::byte[]> incoming = std::make_unique_for_overwrite<std::byte[]>(kParts * kPartBytes);
  std::vector<std::span<const std::byte>> parts;  // of `incoming`, each from the kernel
};

NetlinkSocket::Impl::Impl(int protocol) : fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol)) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "netlink socket");
  const int on = 1;
  const int wanted = kAnswerBuffer;
  // Without CAP_NET_ADMIN the plain option gives what the system's limit allows; the window follows the outcome.
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &wanted, sizeof wanted) != 0)
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &wanted, sizeof wanted);
  int buffer = 0;
  socklen_t length = sizeof buffer;
  getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, &length);
  window = std::clamp(static_cast<std::size_t>(buffer) / kAnswerCost, std::size_t{1}, kWindow);
  // Old kernels lack these two: then errors are longer, and without the kernel's words.
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof on);
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on);
  // Connected to port 0, the kernel: it then refuses what other processes send to this socket.
  const sockaddr_nl kernel{.nl_family = AF_NETLINK, .nl_pad = 0, .nl_pid = 0, .nl_groups = 0};
  if (connect(fd, reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) != 0) {
    const int code = errno;
    close(fd);
    throw std::system_error(code, std::generic_category(), "netlink socket");
  }
}

int NetlinkSocket::Impl::send(std::span<const std::byte> bytes) const {
  for (;;) {
    if (::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0) return 0;
    if (errno != EINTR) return errno;
  }
}

int NetlinkSocket::Impl::wait(Instant deadline) const {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return ETIMEDOUT;
    pollfd descriptor{.fd = fd, .events = POLLIN, .revents = 0};
    const int ready = poll(&descriptor, 1, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
    if (ready > 0) return 0;
    if (ready < 0 && errno != EINTR) return errno;
  }
}

int NetlinkSocket::Impl::receive(Instant deadline) {
  std::array<mmsghdr, kParts> headers{};
  std::array<iovec, kParts> vectors{};
  std::array<sockaddr_nl, kParts> senders{};
  for (std::size_t i = 0; i < kParts; ++i) {
    vectors[i] = {.iov_base = incoming.get() + i * kPartBytes, .iov_len = kPartBytes};
    headers[i].msg_hdr.msg_name = &senders[i];
    headers[i].msg_hdr.msg_namelen = sizeof senders[i];
    headers[i].msg_hdr.msg_iov = &vectors[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  parts.clear();
  int count = 0;
  // The first look needs no poll: the kernel answers inside send(2).  A dump's next part is made as one is taken, so
  // that several parts come out of one call.
  while ((count = recvmmsg(fd, headers.data(), kParts, MSG_DONTWAIT, nullptr)) < 0) {
    if (errno == EINTR) continue;
    if (errno != EAGAIN) return errno;
    if (const int code = wait(deadline); code != 0) return code;
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if ((headers[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) return EMSGSIZE;
    if (senders[i].nl_pid != 0 || senders[i].nl_family != AF_NETLINK) continue;
    parts.push_back(std::span<const std::byte>(incoming.get() + i * kPartBytes, headers[i].msg_len));
  }
  return 0;
}

void NetlinkSocket::Impl::drain(Instant deadline) {
  while (is_unfinished && Clock::now() < deadline) {
    const auto count = recv(fd, incoming.get(), kParts * kPartBytes, MSG_DONTWAIT);
    is_unfinished = count >= 0 || errno != EAGAIN;
  }
}

NetlinkSocket::NetlinkSocket(int protocol) : impl_(std::make_unique<Impl>(protocol)) {}
NetlinkSocket::NetlinkSocket(boost::asio::io_context& /*io*/, int protocol) : NetlinkSocket(protocol) {}
NetlinkSocket::~NetlinkSocket() = default;

/// Requests of a batch that went out in one send.
struct NetlinkSocket::Window {
  std::size_t first = 0, count = 0;
  std::uint32_t sequence = 0;  // of the first

  /// Notes the answer in `message`, if it is one to these requests.
  void note(const Batch& batch, std::span<const std::byte> message, std::vector<Answer>& answers) const {
    const auto header = header_at(message);
    const std::uint32_t index = header.nlmsg_seq - sequence;  // wraps with the sequence
    if (header.nlmsg_type != NLMSG_ERROR || index >= count) return;
    auto& answer = answers[first + index];
    answer = {error_code(message), {}};
    if (answer.code != 0) answer.what = describe(batch.requests_[first + index].what, answer.code, error_text(message));
  }

  /// Gives the requests without an answer this one.
  void settle(const Batch& batch, int code, std::string_view detail, std::vector<Answer>& answers) const {
    for (std::size_t i = first; i < first + count; ++i) {
      if (answers[i].code != kNoAnswer) continue;
      answers[i] = {code, code == 0 ? std::string() : describe(batch.requests_[i].what, code, detail)};
    }
  }
};

std::vector<Answer> NetlinkSocket::run(const Batch& batch, Duration limit) {
  const Instant deadline = Clock::now() + limit;
  std::vector<Answer> answers(batch.size(), Answer{kNoAnswer, {}});
  impl_->drain(deadline);
  for (std::size_t first = 0; first < batch.size();) {
    const auto window = send_some(batch, first, answers);
    gather(batch, window, deadline, answers);
    first += window.count;
    if (Clock::now() >= deadline) break;
  }
  Window{0, batch.size(), 0}.settle(batch, ETIMEDOUT, {}, answers);
  return answers;
}

NetlinkSocket::Window NetlinkSocket::send_some(const Batch& batch, std::size_t first, std::vector<Answer>& answers) {
  Window window{first, 0, impl_->next_sequence};
  auto& outgoing = impl_->outgoing;
  outgoing.clear();
  std::size_t last_offset = 0;
  while (first + window.count < batch.size() && window.count < impl_->window) {
    const auto& request = batch.requests_[first + window.count];
    const std::size_t padded = NLMSG_ALIGN(request.length);
    if (window.count != 0 && outgoing.size() + padded > kSendBytes) break;
    last_offset = outgoing.size();
    const auto bytes = std::span(batch.bytes_).subspan(request.offset, padded);
    outgoing.insert(outgoing.end(), bytes.begin(), bytes.end());
    auto header = header_at(bytes);
    header.nlmsg_flags = static_cast<std::uint16_t>((header.nlmsg_flags | NLM_F_REQUEST) & ~NLM_F_ACK);
    header.nlmsg_seq = impl_->next_sequence++;
    header.nlmsg_pid = 0;
    std::memcpy(outgoing.data() + last_offset, &header, sizeof header);
    ++window.count;
  }
  // The kernel works through a send in order and always answers a failure, so one acknowledgement, of the last request,
  // stands for all before it that did not fail.  One for each would cost a third more.
  auto last = header_at(std::span(outgoing).subspan(last_offset));
  last.nlmsg_flags |= NLM_F_ACK;
  std::memcpy(outgoing.data() + last_offset, &last, sizeof last);
  if (const int code = impl_->send(outgoing); code != 0) window.settle(batch, code, {}, answers);
  return window;
}

void NetlinkSocket::gather(const Batch& batch, const Window& window, Instant deadline, std::vector<Answer>& answers) {
  const auto& last = answers[window.first + window.count - 1];
  while (last.code == kNoAnswer) {
    if (const int trouble = impl_->receive(deadline); trouble != 0) {
      impl_->is_unfinished = true;
      // ENOBUFS and the like: what is not known by now never will be.
      if (trouble != ETIMEDOUT) window.settle(batch, trouble, "its answer was lost", answers);
      return;
    }
    for (auto part : impl_->parts) {
      while (const auto message = next_message(part))
        window.note(batch, *message, answers);
    }
  }
  window.settle(batch, 0, {}, answers);
}

/// What has come of one answer.
struct NetlinkSocket::Reading {
  std::uint32_t sequence = 0;
  std::vector<std::byte> messages;
  std::optional<int> end;  // the errno that it ended with, or 0
  std::string detail;
  bool is_interrupted = false;  // the table changed while it was read
  bool is_lost = false;         // there was no room for a part

  void take(std::span<const std::byte> part) {
    while (const auto message = next_message(part)) {
      const auto header = header_at(*message);
      if (header.nlmsg_seq != sequence) continue;
      is_interrupted |= (header.nlmsg_flags & NLM_F_DUMP_INTR) != 0;
      if (header.nlmsg_type == NLMSG_ERROR || header.nlmsg_type == NLMSG_DONE) {
        end = error_code(*message);
        detail = error_text(*message);
        return;
      }
      messages.insert(messages.end(), message->begin(), message->end());
      messages.resize(NLMSG_ALIGN(messages.size()));
    }
  }

  [[nodiscard]] int outcome() const {
    if (*end != 0) return *end;
    if (is_lost) return ENOBUFS;
    return is_interrupted ? EINTR : 0;
  }
};

Result<void> NetlinkSocket::query(nl_msg* request, Duration limit, const std::function<void(const nlmsghdr&)>& each) {
  const Instant deadline = Clock::now() + limit;
  Reading reading;
  int code = EINTR;
  // Interrupted or with a part lost, it wants another reading.
  for (int attempt = 0; attempt < kAttempts && (code == EINTR || code == ENOBUFS); ++attempt) {
    impl_->drain(deadline);
    reading = {};
    code = ask(request, deadline, reading);
  }
  if (code != 0) return failure(describe({}, code, reading.detail), code);
  std::span<const std::byte> rest = reading.messages;
  while (const auto message = next_message(rest))
    each(*reinterpret_cast<const nlmsghdr*>(message->data()));
  return {};
}

int NetlinkSocket::ask(nl_msg* request, Instant deadline, Reading& reading) {
  nlmsghdr* const header = nlmsg_hdr(request);
  const bool is_dump = (header->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
  reading.sequence = impl_->next_sequence++;
  header->nlmsg_flags |= static_cast<std::uint16_t>(is_dump ? NLM_F_REQUEST : NLM_F_REQUEST | NLM_F_ACK);
  header->nlmsg_seq = reading.sequence;
  header->nlmsg_pid = 0;
  impl_->is_unfinished = true;
  const auto bytes = std::as_bytes(std::span(reinterpret_cast<const char*>(header), header->nlmsg_len));
  if (const int code = impl_->send(bytes); code != 0) return code;
  while (!reading.end) {
    const int trouble = impl_->receive(deadline);
    // A dump that lost a part is read to its end all the same: before, the kernel refuses the next one.
    reading.is_lost |= trouble == ENOBUFS;
    if (trouble != 0 && (!is_dump || trouble != ENOBUFS)) return trouble;
    for (const auto& part : impl_->parts)
      reading.take(part);
    if (reading.messages.size() > kMaxDumpBytes) return EMSGSIZE;
    // A long dump comes without waiting, and must end as well.
    if (!reading.end && Clock::now() >= deadline) return ETIMEDOUT;
  }
  impl_->is_unfinished = false;
  return reading.outcome();
}

}  // namespace baton::net
