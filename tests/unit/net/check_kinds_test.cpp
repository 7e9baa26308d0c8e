// Every kind of check but TCP_CHECK and HTTP_GET, against real sockets.
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "unit/net/own_namespace.hpp"
#include "unit/net/probe_bench.hpp"

using namespace baton;
using namespace baton::checkers;
using namespace baton::test;
using namespace std::chrono_literals;

namespace {

/// A UDP socket on loopback; `answer` makes replies of what comes, one datagram each.
class DatagramServer {
 public:
  using Answer = std::function<std::vector<std::string>(const std::string&)>;

  explicit DatagramServer(Answer answer) : answer_(std::move(answer)) {
    socket_ = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    socklen_t size = sizeof address;
    REQUIRE(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    const timeval limit{.tv_sec = 0, .tv_usec = 50'000};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    thread_ = std::thread([this] { serve(); });
  }
  ~DatagramServer() {
    stop_ = true;
    thread_.join();
    ::close(socket_);
  }
  DatagramServer(const DatagramServer&) = delete;
  DatagramServer& operator=(const DatagramServer&) = delete;

  [[nodiscard]] Endpoint endpoint() const { return {IpAddress::v4({127, 0, 0, 1}), port_}; }

 private:
  void serve() {
    std::string room(2000, 0);
    while (!stop_) {
      sockaddr_in from{};
      socklen_t size = sizeof from;
      const auto count = ::recvfrom(socket_, room.data(), room.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      if (count < 0) continue;
      for (const auto& reply : answer_(room.substr(0, static_cast<std::size_t>(count))))
        ::sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
    }
  }

  Answer answer_;
  int socket_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

template <class What>
CheckSpec check(const Endpoint& to, What what) {
  CheckSpec spec;
  spec.target.to = to;
  spec.what = std::move(what);
  return spec;
}

UdpSpec udp(bool require_reply, std::string_view pattern = {}) {
  UdpSpec spec;
  spec.payload = {'h', 'i'};
  spec.require_reply = require_reply;
  for (const char c : pattern)
    spec.reply.push_back({static_cast<std::uint8_t>(c), 0xff});
  return spec;
}

/// What a name server says to a query: its id, then these flags and the rest of it.
std::string dns_reply(const std::string& query, unsigned flags, unsigned other_id = 0) {
  std::string reply = query;
  reply[1] = static_cast<char>(static_cast<unsigned char>(reply[1]) ^ other_id);
  reply[2] = static_cast<char>(flags >> 8U);
  reply[3] = static_cast<char>(flags & 0xffU);
  return reply;
}

void bring_loopback_up() {
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ifreq request{};
  request.ifr_name[0] = 'l';
  request.ifr_name[1] = 'o';
  request.ifr_flags = IFF_UP;
  REQUIRE(::ioctl(socket, SIOCSIFFLAGS, &request) == 0);
  ::close(socket);
}

}  // namespace

TEST_CASE("UDP_CHECK") {
  Bench bench;
  bench.wait_limit = bench.total_limit = 200ms;
  SUBCASE("silence is as good as a reply, unless one is required") {
    DatagramServer server([](const std::string&) { return std::vector<std::string>{}; });
    CHECK(bench.probe(check(server.endpoint(), udp(false))) == "+ no error");
    CHECK(bench.result->latency >= 200ms);
    CHECK(bench.probe(check(server.endpoint(), udp(true))) == "- no answer within 0.2 s");
  }
  SUBCASE("replies are compared") {
    DatagramServer server([](const std::string& sent) { return std::vector<std::string>{sent + "!"}; });
    CHECK(bench.probe(check(server.endpoint(), udp(true))) == "+ reply");
    CHECK(bench.probe(check(server.endpoint(), udp(true, "hi!"))) == "+ reply");
    CHECK(bench.probe(check(server.endpoint(), udp(true, "ho"))) == "- the reply differs from the pattern at octet 1");
    CHECK(bench.result->latency < 150ms);
  }
  SUBCASE("an empty datagram is a reply") {
    DatagramServer server([](const std::string&) { return std::vector<std::string>{""}; });
    CHECK(bench.probe(check(server.endpoint(), udp(true))) == "+ reply");
  }
  SUBCASE("a port where nobody listens is told of at once") {
    CHECK(bench.probe(check(refusing_endpoint(), udp(false))) == "- connection refused");
    CHECK(bench.result->latency < 150ms);
  }
}

TEST_CASE("DNS_CHECK") {
  Bench bench;
  bench.wait_limit = bench.total_limit = 300ms;
  const auto answers = [](unsigned flags, unsigned other_id) {
    return [=](const std::string& query) { return std::vector<std::string>{dns_reply(query, flags, other_id)}; };
  };
  SUBCASE("the RCODE decides") {
    DatagramServer good(answers(0x8180, 0));
    CHECK(bench.probe(check(good.endpoint(), DnsSpec{})) == "+ NOERROR");
    DatagramServer bad(answers(0x8183, 0));
    CHECK(bench.probe(check(bad.endpoint(), DnsSpec{1, "www.example.com"})) == "- NXDOMAIN");
  }
  SUBCASE("what is no answer does not count, and does not prolong the wait") {
    DatagramServer server([](const std::string& query) {
      return std::vector<std::string>{"", "short", dns_reply(query, 0x8180, 1), dns_reply(query, 0x0100)};
    });
    CHECK(bench.probe(check(server.endpoint(), DnsSpec{})) == "- no answer within 0.3 s");
    CHECK(bench.result->latency < 600ms);
  }
  SUBCASE("an answer behind others counts") {
    DatagramServer server([](const std::string& query) {
      return std::vector<std::string>{dns_reply(query, 0x8180, 1), dns_reply(query, 0x8180)};
    });
    CHECK(bench.probe(check(server.endpoint(), DnsSpec{})) == "+ NOERROR");
  }
}

TEST_CASE("SMTP_CHECK") {
  Bench bench;
  bench.wait_limit = 300ms;
  std::string heard;
  const auto says = [&](std::vector<std::string> lines) {
    return [&heard, lines = std::move(lines)](Connection& connection) {
      for (const auto& line : lines) {
        if (!connection.write(line)) return;
        std::array<char, 200> room{};
        const auto count = ::recv(connection.socket(), room.data(), room.size(), 0);
        if (count <= 0) return;
        heard.append(room.data(), static_cast<std::size_t>(count));
      }
    };
  };
  SUBCASE("a server that greets has passed") {
    {
      CheckServer server(says({"220 hi\r\n", "250 hello\r\n", "221 bye\r\n"}));
      CHECK(bench.probe(check(server.endpoint(), SmtpSpec{"me.example"})) == "+ 220, 250");
    }
    CHECK(heard == "HELO me.example\r\nQUIT\r\n");
  }
  SUBCASE("a greeting of several lines fails") {
    CheckServer server(says({"220-hi\r\n220 there\r\n"}));
    CHECK(bench.probe(check(server.endpoint(), SmtpSpec{"me.example"})) == "- greeting is not 220: 220-hi");
  }
  SUBCASE("a server that says nothing") {
    CheckServer server([](Connection& connection) { connection.hold(); });
    CHECK(bench.probe(check(server.endpoint(), SmtpSpec{"me.example"})) == "- no answer within 0.3 s");
  }
}

TEST_CASE("PING_CHECK") {
  const auto here = Endpoint{IpAddress::v4({127, 0, 0, 1}), 80};
  const auto here_v6 = Endpoint{IpAddress::parse("::1").value(), 80};
  const bool allowed = own_namespace::run([&] {
    bring_loopback_up();
    Bench bench;
    bench.wait_limit = bench.total_limit = 300ms;
    const auto reach = [&](const char* range) {
      // The namespace's range: "1 0" allows nobody a datagram socket, so that a raw one is opened.
      FILE* file = std::fopen("/proc/sys/net/ipv4/ping_group_range", "w");
      if (file != nullptr) {
        std::fputs(range, file);
        std::fclose(file);
      }
      CHECK(bench.probe(check(here, PingSpec{})) == "+ echo reply");
      CHECK(bench.probe(check(here_v6, PingSpec{})) == "+ echo reply");
      auto bound = check(here, PingSpec{});
      bound.target.from = Endpoint{IpAddress::v4({127, 0, 0, 9}), 0};
      bound.target.bind_if = "lo";
      bound.target.fwmark = 7;
      CHECK(bench.probe(bound) == "+ echo reply");
      CHECK(bench.probe(check({IpAddress::v4({192, 0, 2, 1}), 80}, PingSpec{})) == "- network is unreachable");
    };
    reach("1 0");
    reach("0 2147483647");
  });
  if (!allowed) MESSAGE("skipped: needs a network namespace");
}
