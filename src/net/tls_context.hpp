// tls_context.hpp - what all TLS checks share, and what one check keeps from its last connection.
#pragma once

#include <memory>

#include "core/result.hpp"

struct ssl_ctx_st;
struct ssl_session_st;

namespace baton::net {

/// The ticket or session id that lets a check's next handshake be a short one.
class TlsSession {
 public:
  TlsSession() = default;
  ~TlsSession() { forget(); }
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Takes over one reference.
  void keep(ssl_session_st* session);
  void forget();
  /// Null when there is none, or none that can be resumed.
  [[nodiscard]] ssl_session_st* usable() const;

 private:
  ssl_session_st* session_ = nullptr;
};

/// A client's settings: names and chains are not verified and the end needs no close_notify, as keepalived has it; no
/// renegotiation; versions and ciphers as the system's OpenSSL configuration says.
class TlsContext {
 public:
  /// Fails when the system's OpenSSL configuration is broken.
  static Result<std::shared_ptr<TlsContext>> create();
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* native() const { return context_; }

 private:
  explicit TlsContext(ssl_ctx_st* context) : context_(context) {}
  ssl_ctx_st* context_;
};

}  // namespace baton::net
