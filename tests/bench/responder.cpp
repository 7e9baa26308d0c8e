// The other end of the measured checks: accepts on every address of this namespace, answers, closes; counts into a
// file.
//   responder tcp|http|tls12|tls13 PORT COUNTERS [ADDRESS]
// COUNTERS holds two numbers of 64 bits, in the machine's order: connections, and TLS handshakes that were short.
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <unordered_map>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

namespace {

constexpr std::string_view kReply = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK";

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

std::uint64_t* map_counters(const char* path) {
  const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, 16) != 0) give_up(path);
  void* mapped = ::mmap(nullptr, 16, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (mapped == MAP_FAILED) give_up("mmap");
  return static_cast<std::uint64_t*>(mapped);
}

int listen_on(const char* address, int port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_port = htons(static_cast<std::uint16_t>(port));
  if (address != nullptr) ::inet_pton(AF_INET, address, &own.sin_addr);
  if (::bind(listener, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 || ::listen(listener, 65535) != 0)
    give_up("listen");
  return listener;
}

SSL_CTX* make_tls(int version) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  EVP_PKEY* key = EVP_RSA_gen(2048);
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 864000);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  if (SSL_CTX_use_certificate(context, certificate) != 1 || SSL_CTX_use_PrivateKey(context, key) != 1) give_up("TLS");
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  SSL_CTX_set_quiet_shutdown(context, 1);
  return context;
}

class Responder {
 public:
  Responder(bool is_tcp, SSL_CTX* tls, int listener, std::uint64_t* counters)
      : listener_(listener), counters_(counters), is_tcp_(is_tcp), tls_(tls) {
    watch(listener_);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events{};
    for (;;) {
      const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events.at(static_cast<std::size_t>(i)).data.fd;
        if (socket == listener_)
          accept_all();
        else
          serve(socket);
      }
    }
  }

 private:
  void watch(int socket) const {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = socket;
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event) != 0) give_up("epoll_ctl");
  }

  void accept_all() {
    for (;;) {
      const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      ++counters_[0];
      if (is_tcp_) {
        ::close(socket);
        continue;
      }
      watch(socket);
      if (tls_ == nullptr) continue;
      SSL* ssl = SSL_new(tls_);
      SSL_set_fd(ssl, socket);
      SSL_set_accept_state(ssl);
      streams_.emplace(socket, ssl);
    }
  }

  void serve(int socket) {
    std::array<char, 4096> room{};
    if (tls_ == nullptr) {
      if (::recv(socket, room.data(), room.size(), 0) > 0) ::send(socket, kReply.data(), kReply.size(), MSG_NOSIGNAL);
      ::close(socket);
      return;
    }
    SSL* ssl = streams_.at(socket);
    ERR_clear_error();
    const int count = SSL_read(ssl, room.data(), static_cast<int>(room.size()));
    if (count <= 0 && SSL_get_error(ssl, count) == SSL_ERROR_WANT_READ) return;
    if (count > 0) {
      counters_[1] += static_cast<std::uint64_t>(SSL_session_reused(ssl));
      SSL_write(ssl, kReply.data(), static_cast<int>(kReply.size()));
    }
    SSL_shutdown(ssl);
    SSL_free(ssl);
    streams_.erase(socket);
    ::close(socket);
  }

  int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  int listener_;
  std::uint64_t* counters_;
  bool is_tcp_;
  SSL_CTX* tls_;
  std::unordered_map<int, SSL*> streams_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  std::uint64_t* counters = map_counters(argv[3]);
  const std::string_view mode = argv[1];
  SSL_CTX* tls = nullptr;  // made before anybody can connect: a key takes its time
  if (mode == "tls12") tls = make_tls(TLS1_2_VERSION);
  if (mode == "tls13") tls = make_tls(TLS1_3_VERSION);
  const int listener = listen_on(argc > 4 ? argv[4] : nullptr, std::atoi(argv[2]));
  Responder(mode == "tcp", tls, listener, counters).run();
}
