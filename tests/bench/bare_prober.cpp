// The least that checks can cost: one thread, one epoll, N targets, each asked once per period, nothing decided.
//   bare_prober tcp|http|tls PORT N PERIOD_MS SECONDS
// Prints one line of JSON: checks, failures, CPU seconds, resumed handshakes, peak memory in KiB.
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::string_view kRequest = "GET / HTTP/1.0\r\nUser-Agent: bare\r\nHost: x\r\n\r\n";

struct Target {
  int socket = -1;
  bool is_asked = false;
  SSL* ssl = nullptr;
  SSL_SESSION* session = nullptr;
  Clock::time_point due;
};

int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* target = static_cast<Target*>(SSL_get_app_data(ssl));
  SSL_SESSION_free(target->session);
  target->session = session;
  return 1;
}

class Prober {
 public:
  Prober(std::string_view mode, int port, std::size_t count, std::chrono::milliseconds period)
      : port_(port), period_(period), targets_(count), is_http_(mode != "tcp") {
    const auto start = Clock::now();
    for (std::size_t i = 0; i < count; ++i)
      targets_[i].due = start + period * i / count;
    if (mode != "tls") return;
    tls_ = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(tls_, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_options(tls_, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_quiet_shutdown(tls_, 1);
    SSL_CTX_set_read_ahead(tls_, 1);
    SSL_CTX_set_session_cache_mode(tls_, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(tls_, keep_session);
  }

  void run(std::chrono::seconds time) {
    const auto end = Clock::now() + time;
    std::array<epoll_event, 256> events{};
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      for (; targets_[next_].due <= now && targets_[next_].socket < 0; next_ = (next_ + 1) % targets_.size())
        begin(next_);
      const auto pause = std::chrono::ceil<std::chrono::milliseconds>(targets_[next_].due - now).count();
      const int limit = pause < 0 ? 1 : pause > 100 ? 100 : static_cast<int>(pause);
      const int count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), limit);
      for (int i = 0; i < count; ++i)
        go_on(targets_[events.at(static_cast<std::size_t>(i)).data.u64]);
    }
  }

  unsigned long checks = 0, failures = 0, resumed = 0;

 private:
  void begin(std::size_t index) {
    Target& target = targets_[index];
    target.due += period_;
    target.is_asked = false;
    target.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port_));
    to.sin_addr.s_addr = htonl((127U << 24U) + (1U << 16U) + 1U + static_cast<std::uint32_t>(index));
    if (::connect(target.socket, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0 && errno != EINPROGRESS)
      return end(target, false);
    watch(target, EPOLL_CTL_ADD, EPOLLOUT, index);
  }

  void watch(const Target& target, int operation, std::uint32_t what, std::uint64_t index) const {
    epoll_event event{};
    event.events = what;
    event.data.u64 = index;
    ::epoll_ctl(poll_, operation, target.socket, &event);
  }

  void go_on(Target& target) {
    int error = 0;
    socklen_t size = sizeof error;
    if (!target.is_asked && target.ssl == nullptr) {
      ::getsockopt(target.socket, SOL_SOCKET, SO_ERROR, &error, &size);
      if (error != 0 || !is_http_) return end(target, error == 0);
      watch(target, EPOLL_CTL_MOD, EPOLLIN, static_cast<std::uint64_t>(&target - targets_.data()));
      if (tls_ == nullptr) {
        target.is_asked = ::send(target.socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL) > 0;
        return;
      }
      target.ssl = SSL_new(tls_);
      SSL_set_fd(target.ssl, target.socket);
      SSL_set_connect_state(target.ssl);
      SSL_set_app_data(target.ssl, &target);
      if (target.session != nullptr && SSL_SESSION_is_resumable(target.session) == 1)
        SSL_set_session(target.ssl, target.session);
    }
    std::array<char, 16384> room{};
    if (target.ssl == nullptr) {
      const auto count = ::recv(target.socket, room.data(), room.size(), 0);
      if (count <= 0) end(target, count == 0);
      return;
    }
    talk_tls(target, room);
  }

  void talk_tls(Target& target, std::array<char, 16384>& room) {
    ERR_clear_error();
    if (!target.is_asked) {
      const int done = SSL_do_handshake(target.ssl);
      if (done != 1) return wait_or_end(target, done);
      resumed += static_cast<unsigned long>(SSL_session_reused(target.ssl));
      SSL_write(target.ssl, kRequest.data(), static_cast<int>(kRequest.size()));
      target.is_asked = true;
    }
    int count = 0;
    do
      count = SSL_read(target.ssl, room.data(), static_cast<int>(room.size()));
    while (count > 0);
    wait_or_end(target, count);
  }

  void wait_or_end(Target& target, int result) {
    const int error = SSL_get_error(target.ssl, result);
    if (error != SSL_ERROR_WANT_READ) end(target, error == SSL_ERROR_ZERO_RETURN);
  }

  void end(Target& target, bool passed) {
    if (target.ssl != nullptr) {
      SSL_shutdown(target.ssl);
      SSL_free(target.ssl);
      target.ssl = nullptr;
    }
    ::close(target.socket);
    target.socket = -1;
    ++checks;
    failures += passed ? 0 : 1;
  }

  int poll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::size_t next_ = 0;  // the targets are due in this order, round and round
  int port_;
  std::chrono::milliseconds period_;
  std::vector<Target> targets_;
  bool is_http_;
  SSL_CTX* tls_ = nullptr;
};

double cpu_seconds(const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  const std::chrono::milliseconds period(std::atoi(argv[4]));
  Prober prober(argv[1], std::atoi(argv[2]), std::strtoul(argv[3], nullptr, 10), period);
  prober.run(std::chrono::duration_cast<std::chrono::seconds>(2 * period));  // first handshakes, first memory
  rusage before{}, after{};
  ::getrusage(RUSAGE_SELF, &before);
  prober.checks = prober.failures = prober.resumed = 0;
  prober.run(std::chrono::seconds(std::atoi(argv[5])));
  ::getrusage(RUSAGE_SELF, &after);
  std::printf("{\"checks\": %lu, \"failures\": %lu, \"cpu\": %.6f, \"resumed\": %lu, \"rss\": %ld}\n", prober.checks,
              prober.failures, cpu_seconds(after) - cpu_seconds(before), prober.resumed, after.ru_maxrss);
}
