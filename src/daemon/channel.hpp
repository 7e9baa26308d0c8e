// channel.hpp - one end of the socket pair between the supervisor and a role: whole messages, in order.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/messages.hpp"

namespace baton::daemon {

/// Two connected ends (SOCK_SEQPACKET, close-on-exec, non-blocking).
Result<std::pair<FileDescriptor, FileDescriptor>> make_channel_pair();

/// Sends without blocking: what the socket does not take waits in a bounded queue.  May be destroyed at any time, from
/// its own handlers too; no handler is called afterwards.
class Channel {
 public:
  struct Handlers {
    /// A message, and the descriptor that came with it or an empty one.
    std::function<void(const Envelope&, FileDescriptor)> received;
    /// Called once: the other end is gone (`why` is empty), an error struck, or a malformed message came in.
    std::function<void(const std::string& why)> closed;
  };

  Channel(boost::asio::io_context& io, FileDescriptor socket);
  ~Channel();
  Channel(Channel&& other) noexcept;
  Channel& operator=(Channel&& other) noexcept;
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// Begins to receive.
  void start(Handlers handlers);

  /// `descriptor` (-1: none) is duplicated.  An error when the message cannot be encoded, the queue is full (the other
  /// end no longer reads), or the channel is closed; the message is then lost.
  Result<void> send(const Envelope& envelope, int descriptor = -1);

  /// Handles at once, on the caller's stack, all that has already arrived: before a dead process is judged.
  void drain();

  /// Waits, blocking, until the socket has taken all, no longer than `limit`: for the last words of a process.
  void flush(Duration limit);

  /// Octets not yet taken by the socket.
  [[nodiscard]] std::size_t queued() const;
  [[nodiscard]] bool is_open() const;
  void close();

  /// What may wait: 50,000 verdicts with their reasons.  A reader that is so far behind is hung.
  static constexpr std::size_t kMaxQueued = 16U << 20U;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace baton::daemon
