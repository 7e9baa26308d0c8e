#include "net/tls_context.hpp"

#include <cstring>
#include <string>

#include "net/openssl_library.hpp"
#include "net/tls_stream.hpp"

namespace baton::net {

void TlsSession::keep(ssl_session_st* session) {
  forget();
  session_ = session;
}

void TlsSession::forget() {
  if (session_ != nullptr) openssl().SSL_SESSION_free(session_);
  session_ = nullptr;
}

ssl_session_st* TlsSession::usable() const {
  return session_ != nullptr && openssl().SSL_SESSION_is_resumable(session_) == 1 ? session_ : nullptr;
}

namespace {

std::string openssl_words() {
  const auto code = openssl().ERR_peek_last_error();
  const char* words = code != 0 ? openssl().ERR_reason_error_string(code) : nullptr;
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
  if (openssl().SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1)
    return trouble("cannot use certificate " + certificate);
  checkers::TlsSpec copy = spec;
  openssl().SSL_CTX_set_default_passwd_cb(context, give_password);
  openssl().SSL_CTX_set_default_passwd_cb_userdata(context, &copy);
  const bool used = openssl().SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) == 1;
  openssl().SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  openssl().SSL_CTX_set_default_passwd_cb(context, nullptr);
  if (!used) return trouble("cannot use key " + key);
  if (openssl().SSL_CTX_check_private_key(context) != 1) return trouble("key " + key + " is not of " + certificate);
  return {};
}

Result<void> use_authorities(SSL_CTX* context, const checkers::TlsSpec& spec) {
  if (!spec.verify) return {};
  const bool loaded = spec.ca_file.empty() ? openssl().SSL_CTX_set_default_verify_paths(context) == 1
                                           : openssl().SSL_CTX_load_verify_file(context, spec.ca_file.c_str()) == 1;
  if (!loaded) return trouble("cannot use authorities " + (spec.ca_file.empty() ? "of the system" : spec.ca_file));
  openssl().SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return {};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::create(const checkers::TlsSpec& spec) {
  if (openssl_library() == nullptr) return failure("TLS needs OpenSSL 3: libssl.so.3 cannot be opened");
  openssl().ERR_clear_error();
  SSL_CTX* context = openssl().SSL_CTX_new(openssl().TLS_client_method());
  if (context == nullptr) return trouble("TLS cannot be set up");
  auto made = std::shared_ptr<TlsContext>(new TlsContext(context, spec));
  openssl().SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
  openssl().SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  openssl().SSL_CTX_ctrl(context, SSL_CTRL_MODE, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS, nullptr);
  openssl().SSL_CTX_ctrl(context, SSL_CTRL_SET_READ_AHEAD, 1, nullptr);
  openssl().SSL_CTX_set_quiet_shutdown(context, 1);
  // Each check remembers its own session: OpenSSL's cache would be searched by nobody.
  openssl().SSL_CTX_ctrl(context, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL,
                         nullptr);
  remember_sessions(context);
  if (spec.minimum != 0 && openssl().SSL_CTX_ctrl(context, SSL_CTRL_SET_MIN_PROTO_VERSION, spec.minimum, nullptr) != 1)
    return trouble("cannot ask for this version of TLS");
  if (auto used = use_certificate(context, spec); !used) return tl::unexpected(used.error());
  if (auto used = use_authorities(context, spec); !used) return tl::unexpected(used.error());
  return made;
}

namespace {

const checkers::TlsSpec kNothingSpecial;

}  // namespace

Result<std::shared_ptr<const TlsContext>> TlsContexts::of(const Shared<checkers::TlsSpec>& spec) {
  if (!spec && usual_) return usual_;
  const auto& wanted = spec ? *spec : kNothingSpecial;
  if (const auto found = contexts_.find(wanted); found != contexts_.end()) return found->second;
  auto made = TlsContext::create(wanted);
  if (!made) return tl::unexpected(made.error());
  return contexts_.emplace(wanted, std::move(*made)).first->second;
}

TlsContext::~TlsContext() {
  openssl().SSL_CTX_free(context_);
}

}  // namespace baton::net
