#include "net/tls_context.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include "net/tls_stream.hpp"

namespace baton::net {

void TlsSession::keep(ssl_session_st* session) {
  forget();
  session_ = session;
}

void TlsSession::forget() {
  SSL_SESSION_free(session_);
  session_ = nullptr;
}

ssl_session_st* TlsSession::usable() const {
  return session_ != nullptr && SSL_SESSION_is_resumable(session_) == 1 ? session_ : nullptr;
}

Result<std::shared_ptr<TlsContext>> TlsContext::create() {
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) {
    const char* why = ERR_reason_error_string(ERR_get_error());
    return failure(std::string("TLS cannot be set up: ") + (why != nullptr ? why : "no memory"));
  }
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_quiet_shutdown(context, 1);
  // Each check remembers its own session: OpenSSL's cache would be searched by nobody.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  remember_sessions(context);
  return std::shared_ptr<TlsContext>(new TlsContext(context));
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

}  // namespace baton::net
