#include "net/tls_context.hpp"

#include <cstring>
#include <string>

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

namespace {

std::string openssl_words() {
  const auto code = ERR_peek_last_error();
  const char* words = code != 0 ? ERR_reason_error_string(code) : nullptr;
  return words != nullptr ? words : "no memory";
}

tl::unexpected<Error> trouble(const std::string& what) {
  return failure(what + ": " + openssl_words());
}

/// Hands the key's passphrase over; `user` is the specification.
int give_password(char* room, int size, int /*writing*/, void* user) {
  const auto& password = static_cast<const checkers::TlsSpec*>(user)->password;
  if (size < 0 || password.size() > static_cast<std::size_t>(size)) return -1;
  std::memcpy(room, password.data(), password.size());
  return static_cast<int>(password.size());
}

Result<void> use_certificate(SSL_CTX* context, const checkers::TlsSpec& spec) {
  if (spec.certificate.empty() && spec.key.empty()) return {};
  const auto& certificate = spec.certificate.empty() ? spec.key : spec.certificate;
  const auto& key = spec.key.empty() ? spec.certificate : spec.key;
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return trouble("cannot use certificate " + certificate);
  checkers::TlsSpec copy = spec;
  SSL_CTX_set_default_passwd_cb(context, give_password);
  SSL_CTX_set_default_passwd_cb_userdata(context, &copy);
  const bool used = SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  SSL_CTX_set_default_passwd_cb(context, nullptr);
  if (!used) return trouble("cannot use key " + key);
  if (SSL_CTX_check_private_key(context) != 1) return trouble("key " + key + " is not of " + certificate);
  return {};
}

Result<void> use_authorities(SSL_CTX* context, const checkers::TlsSpec& spec) {
  if (!spec.verify) return {};
  const bool loaded = spec.ca_file.empty() ? SSL_CTX_set_default_verify_paths(context) == 1
                                           : SSL_CTX_load_verify_file(context, spec.ca_file.c_str()) == 1;
  if (!loaded) return trouble("cannot use authorities " + (spec.ca_file.empty() ? "of the system" : spec.ca_file));
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return {};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::create(const checkers::TlsSpec& spec) {
  ERR_clear_error();
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  if (context == nullptr) return trouble("TLS cannot be set up");
  auto made = std::shared_ptr<TlsContext>(new TlsContext(context, spec));
  SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_quiet_shutdown(context, 1);
  // Each check remembers its own session: OpenSSL's cache would be searched by nobody.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  remember_sessions(context);
  if (spec.minimum != 0 && SSL_CTX_set_min_proto_version(context, spec.minimum) != 1)
    return trouble("cannot ask for this version of TLS");
  if (auto used = use_certificate(context, spec); !used) return tl::unexpected(used.error());
  if (auto used = use_authorities(context, spec); !used) return tl::unexpected(used.error());
  return made;
}

Result<std::shared_ptr<const TlsContext>> TlsContexts::of(const Shared<checkers::TlsSpec>& spec) {
  if (!spec) return usual_;
  if (const auto found = contexts_.find(*spec); found != contexts_.end()) return found->second;
  auto made = TlsContext::create(*spec);
  if (!made) return tl::unexpected(made.error());
  return contexts_.emplace(*spec, std::move(*made)).first->second;
}

TlsContext::~TlsContext() {
  SSL_CTX_free(context_);
}

}  // namespace baton::net
