// tls_context.hpp - what all TLS checks share, and what one check keeps from its last connection.
#pragma once

#include <map>
#include <memory>
#include <utility>

#include "checkers/spec.hpp"
#include "core/result.hpp"
#include "core/shared.hpp"

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

/// A client's settings: unless asked for, names and chains are not verified; the end needs no close_notify, as
/// keepalived has it; no renegotiation; versions and ciphers as the system's OpenSSL configuration says.
class TlsContext {
 public:
  /// Reads the files that the specification names.  Fails when one is missing or broken, or when the system's OpenSSL
  /// configuration is.
  static Result<std::shared_ptr<TlsContext>> create(const checkers::TlsSpec& spec = {});
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  [[nodiscard]] ssl_ctx_st* native() const { return context_; }
  [[nodiscard]] const checkers::TlsSpec& spec() const { return spec_; }

 private:
  TlsContext(ssl_ctx_st* context, checkers::TlsSpec spec) : context_(context), spec_(std::move(spec)) {}
  ssl_ctx_st* context_;
  checkers::TlsSpec spec_;
};

/// One context for all checks that want the same.
class TlsContexts {
 public:
  /// `usual` is for those that want nothing special; null: the first of them has it made.
  explicit TlsContexts(std::shared_ptr<const TlsContext> usual) : usual_(std::move(usual)) {}

  /// A failure is tried anew each time: the file may be there by then.
  Result<std::shared_ptr<const TlsContext>> of(const Shared<checkers::TlsSpec>& spec);
  /// Certificates and keys are read anew from now on.
  void reread() { contexts_.clear(); }

 private:
  std::shared_ptr<const TlsContext> usual_;
  std::map<checkers::TlsSpec, std::shared_ptr<const TlsContext>> contexts_;
};

}  // namespace baton::net
