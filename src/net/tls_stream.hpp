// tls_stream.hpp - TLS over a non-blocking socket: each call does what can be done now and says what it waits for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "net/tls_context.hpp"

namespace baton::net {

class TlsStream {
 public:
  enum class Status : std::uint8_t { done, want_read, want_write, closed, failed };
  struct Progress {
    Status status = Status::failed;
    std::size_t count = 0;  // octets read or written
  };

  /// Null when out of memory.  `context` and `session` outlive the stream; the socket stays the caller's.
  static std::unique_ptr<TlsStream> create(const TlsContext& context, int socket, std::string_view server_name,
                                           TlsSession* session);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// Gives the peer a new allowance of octets; what it sends beyond that waits for the next turn.
  void begin_turn();

  Status handshake();
  Progress read(std::span<std::byte> room);
  Progress write(std::span<const std::byte> bytes);

  /// Why the last call failed: "wrong version number".
  [[nodiscard]] const std::string& error() const;
  /// The handshake was a short one.
  [[nodiscard]] bool resumed() const;

 private:
  struct Impl;
  explicit TlsStream(std::unique_ptr<Impl> impl);
  Progress progress(int result, std::size_t count);

  std::unique_ptr<Impl> impl_;
};

/// Makes streams of `context` hand the sessions they are given to their check's TlsSession.
void remember_sessions(ssl_ctx_st* context);

}  // namespace baton::net
