// tls_stream.hpp - TLS over a non-blocking socket: each call does what can be done now and says what it waits for.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
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

  /// Whom we mean to speak with.
  struct Names {
    std::string_view server;       // SNI; empty: none
    std::string_view certificate;  // a name or an address, compared where the context verifies
  };

  /// Null when out of memory.  `context` and `session` outlive the stream; the socket stays the caller's.
  static std::unique_ptr<TlsStream> create(const TlsContext& context, int socket, const Names& names,
                                           TlsSession* session);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  /// Gives the peer a new allowance of octets; what it sends beyond that waits for the next turn.
  void begin_turn();

  Status handshake();
  Progress read(std::span<std::byte> room);
  Progress write(std::span<const std::byte> bytes);
  /// Tells the peer, if it can be told at once, that this is the end; the last call.
  void notify_close();

  /// Why the last call failed: "wrong version number".
  [[nodiscard]] const std::string& error() const;
  /// The handshake was a short one.
  [[nodiscard]] bool resumed() const;
  /// When the peer's certificate, of this handshake or of the one that it resumes, expires.
  [[nodiscard]] std::optional<std::chrono::sys_seconds> certificate_end() const;

 private:
  struct Impl;
  explicit TlsStream(std::unique_ptr<Impl> impl);
  Progress progress(int result, std::size_t count);

  std::unique_ptr<Impl> impl_;
};

/// Makes streams of `context` hand the sessions they are given to their check's TlsSession.
void remember_sessions(ssl_ctx_st* context);

}  // namespace baton::net
