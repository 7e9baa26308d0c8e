#include "net/tls_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>

#include <sys/socket.h>

#include "core/assert.hpp"
#include "net/openssl_library.hpp"

namespace baton::net {

namespace {

/// From one peer in one turn of the loop; others wait meanwhile.
constexpr std::size_t kTurn = std::size_t{256} << 10U;
/// From one peer in one probe, handshake and all: more than the largest body that a check reads.
constexpr std::size_t kProbe = std::size_t{24} << 20U;

/// The socket under the TLS, with the peer's allowances.
struct Wire {
  int socket = -1;
  std::size_t turn = kTurn;
  std::size_t probe = kProbe;
  bool ended = false;
};

int write_wire(BIO* bio, const char* bytes, int size) {
  const auto& wire = *static_cast<const Wire*>(openssl().BIO_get_data(bio));
  openssl().BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  // MSG_NOSIGNAL is why this is not OpenSSL's own socket BIO: a peer that has gone must not end the process.
  const auto sent = ::send(wire.socket, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR))
    openssl().BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
  return static_cast<int>(sent);
}

int read_wire(BIO* bio, char* room, int size) {
  auto& wire = *static_cast<Wire*>(openssl().BIO_get_data(bio));
  openssl().BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
  if (wire.probe == 0) return -1;
  if (wire.turn == 0) {
    openssl().BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    return -1;
  }
  const auto wanted = std::min({static_cast<std::size_t>(size), wire.turn, wire.probe});
  const auto received = ::recv(wire.socket, room, wanted, 0);
  if (received < 0) {
    if (errno == EAGAIN || errno == EINTR) openssl().BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
    return -1;
  }
  wire.ended = received == 0;
  wire.turn -= static_cast<std::size_t>(received);
  wire.probe -= static_cast<std::size_t>(received);
  return static_cast<int>(received);
}

long control_wire(BIO* bio, int command, long /*number*/, void* /*pointer*/) {
  if (command == BIO_CTRL_EOF) return static_cast<const Wire*>(openssl().BIO_get_data(bio))->ended ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

/// One for the process, never freed: it outlives every stream.
const BIO_METHOD* wire_method() {
  static const BIO_METHOD* const kMethod = [] {
    BIO_METHOD* method = openssl().BIO_meth_new(openssl().BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "check");
    ASSERT(method != nullptr);
    openssl().BIO_meth_set_write(method, write_wire);
    openssl().BIO_meth_set_read(method, read_wire);
    openssl().BIO_meth_set_ctrl(method, control_wire);
    return method;
  }();
  return kMethod;
}

/// Where a stream keeps the pointer to its check's session.
int session_slot() {
  static const int kSlot =
      openssl().CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nullptr, nullptr, nullptr, nullptr);
  return kSlot;
}

int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* kept = static_cast<TlsSession*>(openssl().SSL_get_ex_data(ssl, session_slot()));
  if (kept == nullptr) return 0;
  kept->keep(session);
  return 1;  // the reference is ours
}

std::string openssl_error() {
  const auto code = openssl().ERR_peek_last_error();
  const char* words = code != 0 ? openssl().ERR_reason_error_string(code) : nullptr;
  return words != nullptr ? words : "the connection broke";
}

}  // namespace

void remember_sessions(ssl_ctx_st* context) {
  openssl().SSL_CTX_sess_set_new_cb(context, keep_session);
}

struct TlsStream::Impl {
  SSL* ssl = nullptr;
  Wire wire;
  std::string error;

  Impl() = default;
  ~Impl() {
    if (ssl == nullptr) return;
    openssl().SSL_shutdown(
        ssl);  // quiet: sends nothing, but a session of a stream that was not shut down is never resumed
    openssl().SSL_free(ssl);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
};

TlsStream::TlsStream(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsStream::~TlsStream() = default;

std::unique_ptr<TlsStream> TlsStream::create(const TlsContext& context, int socket, const Names& names,
                                             TlsSession* session) {
  auto impl = std::make_unique<Impl>();
  impl->wire.socket = socket;
  impl->ssl = openssl().SSL_new(context.native());
  BIO* bio = openssl().BIO_new(wire_method());
  if (impl->ssl == nullptr || bio == nullptr) {
    openssl().BIO_free(bio);
    return nullptr;
  }
  openssl().BIO_set_data(bio, &impl->wire);
  openssl().BIO_set_init(bio, 1);
  openssl().SSL_set_bio(impl->ssl, bio, bio);
  openssl().SSL_set_connect_state(impl->ssl);
  openssl().SSL_set_ex_data(impl->ssl, session_slot(), session);
  if (context.spec().verify && !names.certificate.empty()) {
    const std::string name(names.certificate);
    if (openssl().X509_VERIFY_PARAM_set1_ip_asc(openssl().SSL_get0_param(impl->ssl), name.c_str()) != 1)
      openssl().SSL_set1_host(impl->ssl, name.c_str());
  }
  if (!names.server.empty()) {
    std::string name(names.server);
    // SSL_set_tlsext_host_name is a macro with a C cast; this is the call it makes.
    openssl().SSL_ctrl(impl->ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, name.data());
  }
  if (session != nullptr && session->usable() != nullptr) openssl().SSL_set_session(impl->ssl, session->usable());
  return std::unique_ptr<TlsStream>(new TlsStream(std::move(impl)));
}

void TlsStream::begin_turn() {
  impl_->wire.turn = kTurn;
}

TlsStream::Status TlsStream::handshake() {
  openssl().ERR_clear_error();
  return progress(openssl().SSL_do_handshake(impl_->ssl), 0).status;
}

TlsStream::Progress TlsStream::read(std::span<std::byte> room) {
  openssl().ERR_clear_error();
  std::size_t count = 0;
  const int result = openssl().SSL_read_ex(impl_->ssl, room.data(), room.size(), &count);
  return progress(result, count);
}

TlsStream::Progress TlsStream::write(std::span<const std::byte> bytes) {
  openssl().ERR_clear_error();
  std::size_t count = 0;
  const int result = openssl().SSL_write_ex(impl_->ssl, bytes.data(), bytes.size(), &count);
  return progress(result, count);
}

TlsStream::Progress TlsStream::progress(int result, std::size_t count) {
  if (result == 1) return {Status::done, count};
  switch (openssl().SSL_get_error(impl_->ssl, result)) {
    case SSL_ERROR_WANT_READ: return {Status::want_read, 0};
    case SSL_ERROR_WANT_WRITE: return {Status::want_write, 0};
    case SSL_ERROR_ZERO_RETURN: return {Status::closed, 0};
    default: break;
  }
  impl_->error = impl_->wire.probe == 0 ? "more than 24 MiB came" : openssl_error();
  if (const long verified = openssl().SSL_get_verify_result(impl_->ssl);
      verified != X509_V_OK && openssl().SSL_get_verify_mode(impl_->ssl) != SSL_VERIFY_NONE)
    impl_->error += std::string(": ") + openssl().X509_verify_cert_error_string(verified);
  return {};
}

void TlsStream::notify_close() {
  openssl().ERR_clear_error();
  openssl().SSL_set_quiet_shutdown(impl_->ssl, 0);
  openssl().SSL_shutdown(impl_->ssl);
  openssl().SSL_set_quiet_shutdown(impl_->ssl, 1);
}

std::optional<std::chrono::sys_seconds> TlsStream::certificate_end() const {
  const X509* certificate = openssl().SSL_get0_peer_certificate(impl_->ssl);
  if (certificate == nullptr) return std::nullopt;
  std::tm time{};
  if (openssl().ASN1_TIME_to_tm(openssl().X509_get0_notAfter(certificate), &time) != 1) return std::nullopt;
  return std::chrono::sys_seconds(std::chrono::seconds(::timegm(&time)));
}

const std::string& TlsStream::error() const {
  return impl_->error;
}

bool TlsStream::resumed() const {
  return openssl().SSL_session_reused(impl_->ssl) == 1;
}

}  // namespace baton::net
