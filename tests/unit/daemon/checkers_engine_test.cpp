#include "daemon/checkers_engine.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

const IpAddress kLoopback = IpAddress::v4({127, 0, 0, 1});

/// A bound TCP port of loopback: refuses until it listens.
class Port {
 public:
  Port() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0);
    socklen_t size = sizeof(address);
    REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    number_ = ntohs(address.sin_port);
  }
  ~Port() { ::close(fd_); }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  void listen() const { REQUIRE(::listen(fd_, 64) == 0); }
  [[nodiscard]] std::uint16_t number() const { return number_; }

 private:
  int fd_;
  std::uint16_t number_ = 0;
};

config::Config watching(std::uint16_t port) {
  config::TcpCheck check;
  check.timing.delay_loop = 100ms;
  check.timing.delay_before_retry = 50ms;
  check.timing.warmup = 0s;
  config::RealServer server;
  server.address = kLoopback;
  server.port = port;
  server.checks = {check};
  config::VirtualServer service;
  service.identity = config::ServiceAddress{IpAddress::v4({192, 0, 2, 1}), 80};
  service.protocol = config::Protocol::tcp;
  service.real_servers = {server};
  config::Config config;
  config.virtual_servers = {service};
  return config;
}

struct Bench {
  boost::asio::io_context io;
  std::vector<Verdict> verdicts;
  std::vector<RunCheck> runs;
  CheckersEngine engine{io, outlets()};

  CheckersEngine::Outlets outlets() {
    CheckersEngine::Outlets outlets;
    outlets.verdict = [this](Verdict verdict) { verdicts.push_back(std::move(verdict)); };
    outlets.run_check = [this](RunCheck run) { runs.push_back(run); };
    return outlets;
  }

  /// Runs until there are `count` verdicts, or `limit` has passed.
  void await(std::size_t count, Duration limit) {
    const auto end = Clock::now() + limit;
    while (verdicts.size() < count && Clock::now() < end)
      io.run_for(10ms);
  }
  /// What the ipvs role would say of the only server.
  [[nodiscard]] static Verdict held(std::uint16_t port, bool up) {
    return {{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({192, 0, 2, 1}), 80, 0}, {kLoopback, port}, up, {}, ""};
  }
};

}  // namespace

TEST_CASE("a server that refuses goes at its first check and comes back with its first success") {
  const Port port;
  Bench bench;
  bench.engine.configure(1, watching(port.number()));
  bench.await(1, 5s);
  REQUIRE(bench.verdicts.size() == 1);
  CHECK_FALSE(bench.verdicts[0].up);
  CHECK(bench.verdicts[0].server == ipvs::DestKey{kLoopback, port.number()});
  port.listen();
  bench.await(2, 5s);
  REQUIRE(bench.verdicts.size() == 2);
  CHECK(bench.verdicts[1].up);
}

TEST_CASE("a restarted role believes what the ipvs role held, until it has looked itself") {
  const Port port;
  port.listen();
  Bench bench;
  bench.engine.configure(1, watching(port.number()));
  bench.engine.on_verdict(Bench::held(port.number(), false));
  CHECK(bench.verdicts.empty());
  bench.await(1, 5s);  // down as told; the first success is a change
  REQUIRE(bench.verdicts.size() == 1);
  CHECK(bench.verdicts[0].up);
  // From now on its own word counts.
  bench.engine.on_verdict(Bench::held(port.number(), false));
  REQUIRE(bench.verdicts.size() == 2);
  CHECK(bench.verdicts[1].up);
}

TEST_CASE("a reload that changes nothing keeps the verdicts; one that changes a check keeps the server as it was") {
  const Port port;
  Bench bench;
  bench.engine.configure(1, watching(port.number()));
  bench.await(1, 5s);
  REQUIRE(bench.verdicts.size() == 1);
  bench.engine.configure(1, watching(port.number()));
  bench.await(2, 300ms);
  CHECK(bench.verdicts.size() == 1);

  auto changed = watching(port.number());
  auto& check = std::get<config::TcpCheck>(changed.virtual_servers[0].real_servers[0].checks[0]);
  check.timing.connect_timeout = 3s;
  bench.engine.configure(1, changed);
  bench.await(2, 1500ms);
  CHECK(bench.verdicts.size() == 1);  // still down: nothing to say
  port.listen();
  bench.await(2, 5s);
  REQUIRE(bench.verdicts.size() == 2);
  CHECK(bench.verdicts[1].up);
}

TEST_CASE("an ipvs role that knows nothing is told of every server that was judged, and of no other") {
  const Port port;
  Bench bench;
  bench.engine.configure(1, watching(port.number()));
  bench.engine.tell_all();
  CHECK(bench.verdicts.empty());
  bench.await(1, 5s);
  bench.engine.tell_all();
  REQUIRE(bench.verdicts.size() == 2);
  CHECK_FALSE(bench.verdicts[1].up);
}

TEST_CASE("what left the configuration is forgotten") {
  const Port port;
  Bench bench;
  bench.engine.configure(1, watching(port.number()));
  bench.await(1, 5s);
  bench.engine.configure(1, {});
  bench.engine.tell_all();
  bench.engine.on_verdict(Bench::held(port.number(), false));
  bench.await(2, 300ms);
  CHECK(bench.verdicts.size() == 1);
}
