#include "net/exchange.hpp"

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "checkers/conversations.hpp"
#include "unit/net/check_server.hpp"
#include "unit/net/probe_bench.hpp"

using namespace baton;
using namespace baton::net;
using namespace baton::test;
using namespace std::chrono_literals;
using checkers::CheckSpec;
using checkers::Outcome;
namespace asio = boost::asio;

TEST_CASE("a TCP check passes when the connection stands") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  CHECK(bench.probe(tcp_check(server.endpoint())) == "+ connected");
  CHECK(bench.result->latency > 0s);
  CHECK(bench.result->latency < 1s);
}

TEST_CASE("connections that do not come about") {
  Bench bench;
  bench.wait_limit = 150ms;
  SUBCASE("refused") {
    CHECK(bench.probe(tcp_check(refusing_endpoint())) == "- connection refused");
  }
  SUBCASE("unanswered") {
    const FullListener full;
    CHECK(bench.probe(tcp_check(full.endpoint())) == "- no connection within 0.15 s");
    CHECK(bench.result->latency >= 150ms);
    CHECK(bench.result->latency < 1s);
  }
  SUBCASE("no answer at all, by IPv6, to a network that is not there") {
    const auto found = bench.probe(tcp_check({IpAddress::parse("100::1").value(), 80}));
    CHECK(found.front() == '-');  // unreachable, or silent where there is a default route
  }
}

TEST_CASE("local trouble is told apart") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  auto spec = tcp_check(server.endpoint());
  SUBCASE("an address that this host has not") {
    spec.target.from = checkers::Endpoint{IpAddress::v4({192, 0, 2, 99}), 0};
    CHECK(bench.probe(spec) == "L cannot bind to 192.0.2.99 port 0: cannot assign requested address");
  }
  SUBCASE("an interface that is not there") {
    spec.target.bind_if = "nosuch0";
    CHECK(bench.probe(spec) == "L cannot use interface nosuch0: no such device");
  }
  CHECK(server.accepted() == 0);
}

TEST_CASE("without a TLS context a TLS check is local trouble") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  bench.tls.reset();
  CHECK(bench.probe(ssl_check(server.endpoint())) == "L TLS could not be set up");
}

TEST_CASE("a probe comes from where it is told to") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Bench bench;
  auto spec = tcp_check(server.endpoint());
  SUBCASE("bindto") {
    spec.target.from = checkers::Endpoint{IpAddress::v4({127, 0, 0, 77}), 0};
    CHECK(bench.probe(spec) == "+ connected");
    const auto peers = server.peers(1);
    REQUIRE(peers.size() == 1);
    CHECK(peers[0].address == IpAddress::v4({127, 0, 0, 77}));
  }
  SUBCASE("bind_port, again and again") {
    const auto port = refusing_endpoint().port;
    spec.target.from = checkers::Endpoint{IpAddress(), port};
    for (int count = 1; count <= 3; ++count)
      CHECK(bench.probe(spec) == "+ connected");
    const auto peers = server.peers(3);
    REQUIRE(peers.size() == 3);
    for (const auto& peer : peers)
      CHECK(peer.port == port);
  }
  SUBCASE("bind_if and fwmark") {
    spec.target.bind_if = "lo";
    spec.target.fwmark = 7;
    const auto found = bench.probe(spec);
    const bool allowed = ::geteuid() == 0;
    CHECK(found == (allowed ? "+ connected" : "L cannot set mark 7: operation not permitted"));
  }
}

TEST_CASE("an HTTP check asks and reads to the end") {
  Bench bench;
  std::string request;
  CheckServer server([&](Connection& connection) {
    request = connection.read_request();
    connection.write(kOk);
  });
  const auto spec = http_check(server.endpoint());
  CHECK(bench.probe(spec) == "+ status 200");
  const auto host = "127.0.0.1:" + std::to_string(server.endpoint().port);
  CHECK(request == "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: " + host + "\r\n\r\n");
}

TEST_CASE("replies over a real socket") {
  struct Row {
    std::string_view what;
    CheckServer::Behaviour server;
    std::string_view comes_to;
  };
  const auto paused = [](Connection& connection) {
    connection.read_request();
    for (const char* part : {"HTTP/1.0 200 OK\r\n", "X: y\r\n", "\r\n", "O", "K"}) {
      connection.write(part);
      connection.pause(50ms);
    }
  };
  const std::vector<Row> rows{
      {"a slow but steady server", paused, "+ status 200"},
      {"another status", answers("HTTP/1.0 503 no\r\n\r\n"), "- status 503, wanted 200-299"},
      {"closed without a word", answers(""), "- closed without an answer"},
      {"closed early", answers("HTTP/1.0 200 OK\r\n"), "- closed before the header ended"},
      {"lengths that disagree", answers("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nOK"),
       "+ status 200, Content-Length 9 but 2 octets came"},
      {"a broken chunk", answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"),
       "- broken chunk in the body"},
      {"10 MB of header", answers("HTTP/1.0 200 OK\r\nX: " + std::string(10U << 20U, 'y') + "\r\n\r\n"),
       "- header longer than 64 KiB"},
      {"endless header lines",
       [](Connection& connection) {
         connection.read_request();
         connection.write("HTTP/1.0 200 OK\r\n");
         while (connection.write("X-Again: and again\r\n")) {
         }
       },
       "- header longer than 64 KiB"},
      {"an endless body",
       [](Connection& connection) {
         connection.read_request();
         connection.write("HTTP/1.0 200 OK\r\n\r\n");
         const std::string part(65536, 'x');
         while (connection.write(part)) {
         }
       },
       "- body longer than 16 MiB"},
      {"nothing", holds_after(""), "- no answer within 0.2 s"},
      {"a status line and no more", holds_after("HTTP/1.0 200 OK\r\n"), "- answer stopped for 0.2 s"},
      {"all of it, but the connection stays open", holds_after(kOk), "- answer stopped for 0.2 s"},
      {"one octet at a time, for ever",
       [](Connection& connection) {
         connection.read_request();
         connection.write("HTTP/1.0 200 OK\r\n\r\n");
         while (connection.write("x"))
           connection.pause(20ms);
       },
       "- not over within 0.6 s"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    CheckServer server(row.server);
    Bench bench;
    bench.wait_limit = 200ms;
    bench.total_limit = 600ms;
    if (row.comes_to.find("within") == std::string_view::npos) bench.total_limit = 20s;
    CHECK(bench.probe(http_check(server.endpoint())) == row.comes_to);
    CHECK(bench.result->latency < 10s);
  }
}

TEST_CASE("a reset breaks the answer off, or the request") {
  CheckServer server([](Connection& connection) {
    connection.read_request();
    connection.write("HTTP/1.0 200 OK\r\n\r\nsome of it");
    connection.pause(30ms);
    connection.reset();
  });
  Bench bench;
  CHECK(bench.probe(http_check(server.endpoint())) == "- answer broken off: connection reset by peer");
}

TEST_CASE("a request that nobody takes") {
  CheckServer server([](Connection& connection) { connection.pause(5s); });
  Bench bench;
  bench.wait_limit = 200ms;
  auto spec = http_check(server.endpoint());
  std::get<checkers::HttpSpec>(spec.what).urls[0].path = '/' + std::string(32U << 20U, 'x');
  CHECK(bench.probe(spec) == "- request not taken within 0.2 s");
}

TEST_CASE("the digest, right and wrong") {
  CheckServer server(answers(kOk));
  Bench bench;
  CHECK(bench.probe(http_check(server.endpoint(), "e0aa021e21dddbd6d8cecec71e9cf564")) == "+ status 200");
  CHECK(bench.probe(http_check(server.endpoint(), "00000000000000000000000000000000")) ==
        "- digest differs: got e0aa021e21dddbd6d8cecec71e9cf564, wanted 00000000000000000000000000000000");
}

TEST_CASE("SSL_GET: any certificate will do, and the next handshake is a short one") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    TlsServer tls(version);
    Bench bench;
    {
      CheckServer server(tls.answers(kOk));
      auto spec = ssl_check(server.endpoint());
      std::get<checkers::HttpSpec>(spec.what).urls[0].server_name = "www.example.com";
      for (int probe = 0; probe < 10; ++probe) {
        CHECK(bench.probe(spec) == "+ status 200");
        CHECK(bench.result->resumed == (probe > 0));
      }
    }
    CHECK(tls.server_name() == "www.example.com");
    CHECK(tls.resumptions() == 9);
  }
}

TEST_CASE("TLS that ends without a goodbye ends all the same") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServer tls(version);
    CheckServer server(tls.answers(kOk, false));
    Bench bench;
    CHECK(bench.probe(ssl_check(server.endpoint())) == "+ status 200");
    CHECK(bench.probe(ssl_check(server.endpoint())) == "+ status 200");
    CHECK(bench.result->resumed);
  }
}

TEST_CASE("a large reply over TLS") {
  TlsServer tls(TLS1_3_VERSION);
  CheckServer server(tls.answers("HTTP/1.0 200 OK\r\n\r\n" + std::string(8U << 20U, 'x')));
  Bench bench;
  CHECK(bench.probe(ssl_check(server.endpoint())) == "+ status 200");
}

TEST_CASE("TLS handshakes that fail") {
  Bench bench;
  bench.wait_limit = 200ms;
  SUBCASE("an alert") {
    CheckServer server([](Connection& connection) {
      connection.pause(20ms);
      connection.write(std::string("\x15\x03\x03\x00\x02\x02\x28", 7));
      connection.hold();
    });
    CHECK(bench.probe(ssl_check(server.endpoint())) == "- TLS handshake: sslv3 alert handshake failure");
  }
  SUBCASE("no TLS there") {
    CheckServer server([](Connection& connection) {
      connection.write("HTTP/1.0 400 Bad Request\r\n\r\n");
      connection.hold();
    });
    CHECK(bench.probe(ssl_check(server.endpoint())) == "- TLS handshake: wrong version number");
  }
  SUBCASE("silence") {
    CheckServer server([](Connection& connection) { connection.hold(); });
    CHECK(bench.probe(ssl_check(server.endpoint())) == "- no TLS handshake within 0.2 s");
  }
  SUBCASE("closed") {
    CheckServer server([](Connection& connection) { connection.pause(20ms); });
    const auto found = bench.probe(ssl_check(server.endpoint()));
    CHECK((found == "- closed during the TLS handshake" || found == "- TLS handshake: the connection broke"));
  }
  SUBCASE("a flood that never makes a handshake") {
    CheckServer server([](Connection& connection) {
      std::string records;
      while (records.size() < 65536)
        records += std::string("\x16\x03\x03\x40\x00", 5) + std::string(16384, '\x00');
      while (connection.write(records)) {
      }
    });
    CHECK(bench.probe(ssl_check(server.endpoint())).starts_with("- TLS handshake: "));
  }
}

TEST_CASE("a stall of this process is no silence of the server") {
  std::atomic<bool> asked = false;
  CheckServer server([&](Connection& connection) {
    connection.read_request();
    asked = true;
    connection.pause(200ms);
    connection.write(kOk);
  });
  Bench bench;
  bench.wait_limit = 1s;
  asio::steady_timer look(bench.io);
  // Once the request is out the loop stands still, for longer than the answer may take, and meanwhile it comes.
  std::function<void(boost::system::error_code)> stall = [&](boost::system::error_code) {
    if (asked) {
      std::this_thread::sleep_for(2s);
      return;
    }
    look.expires_after(1ms);
    look.async_wait(stall);
  };
  stall({});
  CHECK(bench.probe(http_check(server.endpoint())) == "+ status 200");
  CHECK(bench.result->latency >= 2s);
}

namespace {

/// Gives a probe up after `after`, or lets its loop go; everything it held must be given back (the sanitizers watch).
void end_probe(const CheckSpec& spec, bool with_loop, Duration after) {
  Bench bench;
  auto exchange = bench.exchange(spec);
  exchange->begin();
  bench.io.run_for(after);
  CHECK_FALSE(bench.result.has_value());
  if (with_loop) return;  // the exchange goes, then the loop
  exchange.reset();
  bench.io.restart();
  bench.io.run_for(20ms);
  CHECK_FALSE(bench.result.has_value());
}

}  // namespace

TEST_CASE("a probe can be ended at every point where it waits") {
  const FullListener full;
  CheckServer silent([](Connection& connection) { connection.pause(5s); });
  CheckServer half(holds_after("HTTP/1.0 200 OK\r\n\r\n"));
  auto sending = http_check(silent.endpoint());
  std::get<checkers::HttpSpec>(sending.what).urls[0].path = '/' + std::string(32U << 20U, 'x');
  TlsServer tls(TLS1_3_VERSION);
  CheckServer half_tls([&](Connection& connection) {
    tls.answers("HTTP/1.0 200 OK\r\n\r\n", false)(connection);
    connection.hold();
  });
  const std::vector<CheckSpec> waits{
      tcp_check(full.endpoint()),      // for the connection
      ssl_check(silent.endpoint()),    // for the handshake
      sending,                         // for the request to be taken
      http_check(silent.endpoint()),   // for the answer
      http_check(half.endpoint()),     // for the rest of it
      ssl_check(half_tls.endpoint()),  // for the rest of it, over TLS
  };
  for (const bool with_loop : {false, true}) {
    for (std::size_t wait = 0; wait < waits.size(); ++wait) {
      CAPTURE(wait);
      CAPTURE(with_loop);
      end_probe(waits[wait], with_loop, 100ms);
    }
  }
}

TEST_CASE("an answer that has come with the deadline counts") {
  CheckServer server([](Connection& connection) {
    connection.read_request();
    connection.pause(100ms);
    connection.write(kOk);
  });
  const auto spec = http_check(server.endpoint());
  Bench bench;
  bench.wait_limit = 200ms;
  const auto exchange = bench.exchange(spec);
  exchange->begin();
  while (bench.io.run_one_for(50ms) > 0) {
  }
  // The loop stands still over the answer and the deadline, but not for as long as would be forgiven.
  std::this_thread::sleep_for(200ms);
  bench.io.restart();
  while (!bench.result && bench.io.run_one_for(1s) > 0) {
  }
  REQUIRE(bench.result.has_value());
  CHECK(bench.text() == "+ status 200");
}
