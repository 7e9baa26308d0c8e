#include "unit/net/check_server.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace baton::test {

namespace {

using namespace std::chrono_literals;
using checkers::Endpoint;

/// How often a waiting thread looks whether it should stop.
constexpr int kLookMs = 10;

int listen_on_loopback(int backlog) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  REQUIRE(listener >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  REQUIRE(::bind(listener, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  REQUIRE(::listen(listener, backlog) == 0);
  return listener;
}

Endpoint from_system(const sockaddr_in& address) {
  return {IpAddress::v4(ntohl(address.sin_addr.s_addr)), ntohs(address.sin_port)};
}

Endpoint own_name(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  REQUIRE(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  return from_system(address);
}

bool ready(int socket, short events, int timeout_ms) {
  pollfd wanted{.fd = socket, .events = events, .revents = 0};
  return ::poll(&wanted, 1, timeout_ms) > 0;
}

}  // namespace

std::string Connection::read_request() {
  std::string request;
  std::array<char, 4096> room{};
  while (request.find("\r\n\r\n") == std::string::npos && !server_.stopping()) {
    if (!ready(socket_, POLLIN, kLookMs)) continue;
    const auto count = ::recv(socket_, room.data(), room.size(), 0);
    if (count <= 0) break;
    request.append(room.data(), static_cast<std::size_t>(count));
  }
  return request;
}

bool Connection::write(std::string_view text) const {
  while (!text.empty()) {
    if (server_.stopping()) return false;
    const auto count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EAGAIN) {
      ready(socket_, POLLOUT, kLookMs);
      continue;
    }
    if (count < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

void Connection::hold() const {
  std::array<char, 4096> room{};
  while (!server_.stopping()) {
    if (!ready(socket_, POLLIN, kLookMs)) continue;
    if (::recv(socket_, room.data(), room.size(), 0) <= 0) return;
  }
}

void Connection::pause(std::chrono::milliseconds duration) const {
  const auto end = std::chrono::steady_clock::now() + duration;
  while (!server_.stopping() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(1ms);
}

void Connection::reset() const {
  const linger abrupt{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &abrupt, sizeof abrupt);
}

CheckServer::CheckServer(Behaviour behaviour)
    : behaviour_(std::move(behaviour)), listener_(listen_on_loopback(4096)), acceptor_([this] { accept_all(); }) {}

CheckServer::~CheckServer() {
  stopping_ = true;
  acceptor_.join();
  connections_.clear();
  ::close(listener_);
}

Endpoint CheckServer::endpoint() const {
  return own_name(listener_);
}

std::vector<Endpoint> CheckServer::peers(int count) const {
  for (int looks = 0; looks < 1000 && accepted_ < count; ++looks)
    std::this_thread::sleep_for(2ms);
  const std::lock_guard lock(mutex_);
  return peers_;
}

void CheckServer::accept_all() {
  while (!stopping_) {
    if (!ready(listener_, POLLIN, kLookMs)) continue;
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    const int socket = ::accept4(listener_, reinterpret_cast<sockaddr*>(&peer), &size, SOCK_CLOEXEC);
    if (socket < 0) continue;
    {
      const std::lock_guard lock(mutex_);
      peers_.push_back(from_system(peer));
    }
    ++accepted_;
    if (behaviour_ == nullptr) {
      ::close(socket);
      continue;
    }
    connections_.emplace_back([this, socket] {
      Connection connection(*this, socket);
      behaviour_(connection);
      ::close(socket);
    });
  }
}

CheckServer::Behaviour answers(std::string reply) {
  return [reply = std::move(reply)](Connection& connection) {
    connection.read_request();
    connection.write(reply);
  };
}

CheckServer::Behaviour holds_after(std::string reply) {
  return [reply = std::move(reply)](Connection& connection) {
    connection.read_request();
    connection.write(reply);
    connection.hold();
  };
}

Endpoint refusing_endpoint() {
  const int listener = listen_on_loopback(1);
  const auto endpoint = own_name(listener);
  ::close(listener);
  return endpoint;
}

FullListener::FullListener() : listener_(listen_on_loopback(0)) {
  const auto address = [&] {
    sockaddr_in made{};
    socklen_t size = sizeof made;
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&made), &size) == 0);
    return made;
  }();
  for (int i = 0; i < 4; ++i) {
    const int filler = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    REQUIRE(filler >= 0);
    ::connect(filler, reinterpret_cast<const sockaddr*>(&address), sizeof address);
    fillers_.push_back(filler);
  }
  std::this_thread::sleep_for(20ms);
}

FullListener::~FullListener() {
  for (const int filler : fillers_)
    ::close(filler);
  ::close(listener_);
}

Endpoint FullListener::endpoint() const {
  return own_name(listener_);
}

TlsServer::TlsServer(int version) : context_(SSL_CTX_new(TLS_server_method())) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  REQUIRE(key != nullptr);
  REQUIRE(certificate != nullptr);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* name = X509_get_subject_name(certificate);
  const std::string common = "check.test";
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>(common.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate, name);
  REQUIRE(X509_sign(certificate, key, EVP_sha256()) > 0);
  REQUIRE(SSL_CTX_use_certificate(context_, certificate) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context_, key) == 1);
  SSL_CTX_set_min_proto_version(context_, version);
  SSL_CTX_set_max_proto_version(context_, version);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TlsServer::~TlsServer() {
  SSL_CTX_free(context_);
}

void TlsServer::save(const std::string& path) const {
  BIO* file = BIO_new_file(path.c_str(), "w");
  REQUIRE(file != nullptr);
  CHECK(PEM_write_bio_X509(file, SSL_CTX_get0_certificate(context_)) == 1);
  CHECK(PEM_write_bio_PrivateKey(file, SSL_CTX_get0_privatekey(context_), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  BIO_free(file);
}

void TlsServer::ask_for_certificate() {
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_), SSL_CTX_get0_certificate(context_));
  SSL_CTX_set_verify(context_, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
}

CheckServer::Behaviour TlsServer::answers(std::string reply, bool close_notify) {
  return
      [this, reply = std::move(reply), close_notify](Connection& connection) { talk(connection, reply, close_notify); };
}

std::string TlsServer::server_name() const {
  return server_name_;
}

void TlsServer::talk(Connection& connection, const std::string& reply, bool close_notify) {
  const timeval limit{.tv_sec = 5, .tv_usec = 0};  // a test that goes wrong ends all the same
  ::setsockopt(connection.socket(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  SSL* ssl = SSL_new(context_);
  SSL_set_fd(ssl, connection.socket());
  if (SSL_accept(ssl) == 1) {
    const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (name != nullptr) server_name_ = name;  // a short handshake need not tell it
    resumptions_ += SSL_session_reused(ssl);
    std::array<char, 4096> room{};
    SSL_read(ssl, room.data(), static_cast<int>(room.size()));
    std::string_view left = reply;
    while (!left.empty()) {
      const int count = SSL_write(ssl, left.data(), static_cast<int>(std::min<std::size_t>(left.size(), 16384)));
      if (count <= 0) break;
      left.remove_prefix(static_cast<std::size_t>(count));
    }
    if (close_notify && SSL_shutdown(ssl) == 0)
      told_goodbye_ =
          SSL_read(ssl, room.data(), 1) == 0 && SSL_get_shutdown(ssl) == (SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
  SSL_free(ssl);
}

}  // namespace baton::test
