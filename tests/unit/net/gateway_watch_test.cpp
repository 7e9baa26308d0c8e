#include "net/gateway_watch.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <doctest/doctest.h>

#include "unit/net/check_server.hpp"
#include "unit/net/own_namespace.hpp"
#include "unit/net/probe_bench.hpp"

using namespace baton;
using namespace baton::net;
using namespace baton::test;
using namespace std::chrono_literals;

namespace {

TrackedGateway gateway(const std::string& name, const checkers::Endpoint& to, std::uint32_t rise = 1,
                       std::uint32_t fall = 1) {
  TrackedGateway made{name, {}, rise, fall};
  made.check.target.to = to;
  made.check.what = checkers::PingSpec{};
  if (to.port != 0) made.check.what = checkers::TcpSpec{};
  made.check.schedule.delay_loop = 50ms;
  made.check.schedule.connect_timeout = 50ms;
  return made;
}

struct Watched {
  boost::asio::io_context io;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{io.get_executor()};
  std::vector<std::string> told;  // "+uplink connected"
  GatewayWatch watch{io, [this](const std::string& name, bool up, const std::string& reason) {
                       told.push_back((up ? "+" : "-") + name + " " + reason);
                     }};

  bool has_told(std::size_t count, Duration limit = 5s) {
    const auto end = Clock::now() + limit;
    while (told.size() < count && Clock::now() < end)
      io.run_one_for(10ms);
    return told.size() >= count;
  }
  void run_for(Duration limit) {
    const auto end = Clock::now() + limit;
    while (Clock::now() < end)
      io.run_one_for(5ms);
  }
};

}  // namespace

TEST_CASE("gateway watch: a connection; the first result counts alone, and only changes are told") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Watched watched;
  watched.watch.follow({gateway("up", server.endpoint(), 3, 3), gateway("down", refusing_endpoint(), 3, 3)});
  CHECK_FALSE(watched.watch.up("up"));
  REQUIRE(watched.has_told(2));
  std::ranges::sort(watched.told);
  CHECK(watched.told == std::vector<std::string>{"+up connected", "-down connection refused"});
  CHECK(watched.watch.up("up") == true);
  CHECK(watched.watch.up("down") == false);
  CHECK_FALSE(watched.watch.up("nobody"));
  watched.run_for(300ms);
  CHECK(watched.told.size() == 2);
  CHECK(server.accepted() >= 3);
}

TEST_CASE("gateway watch: it goes after as many failures as it may have, and comes back") {
  auto server = std::make_unique<CheckServer>([](Connection& connection) { connection.hold(); });
  Watched watched;
  const auto to = server->endpoint();
  watched.watch.follow({gateway("g", to, 2, 4)});
  REQUIRE(watched.has_told(1));
  server.reset();
  const auto begin = Clock::now();
  REQUIRE(watched.has_told(2));
  CHECK(Clock::now() - begin >= 100ms);  // the last of four attempts, 50 ms apart
  CHECK(watched.told[1].starts_with("-g "));
}

TEST_CASE("gateway watch: one that never answers is tried again without a gap, and holds up no other") {
  const FullListener full;
  CheckServer server([](Connection& connection) { connection.hold(); });
  Watched watched;
  watched.watch.follow({gateway("silent", full.endpoint()), gateway("up", server.endpoint())});
  REQUIRE(watched.has_told(2));
  CHECK(watched.watch.up("silent") == false);
  CHECK(watched.watch.up("up") == true);
}

TEST_CASE("gateway watch: a reload keeps what is known as long as the check is the same") {
  CheckServer server([](Connection& connection) { connection.hold(); });
  Watched watched;
  watched.watch.follow({gateway("a", server.endpoint()), gateway("b", server.endpoint())});
  REQUIRE(watched.has_told(2));
  auto slower = gateway("b", server.endpoint());
  slower.check.schedule.delay_loop = 60ms;
  watched.watch.follow({slower, gateway("a", server.endpoint(), 5, 5), gateway("c", server.endpoint())});
  CHECK(watched.watch.up("a") == true);
  CHECK_FALSE(watched.watch.up("b"));
  CHECK_FALSE(watched.watch.up("c"));
  REQUIRE(watched.has_told(4));
  watched.watch.follow({});
  CHECK_FALSE(watched.watch.up("a"));
  watched.run_for(200ms);  // those under way may still be accepted
  const auto accepted = server.accepted();
  watched.run_for(500ms);
  CHECK(server.accepted() <= accepted + 1);
  watched.watch.follow({gateway("a", server.endpoint())});
  CHECK(watched.has_told(5));
}

TEST_CASE("gateway watch: a ping of loopback, and of what cannot be reached, in a namespace of its own") {
  const bool ran = own_namespace::run([] {
    Watched watched;
    auto bound = gateway("nowhere", {*IpAddress::parse("127.0.0.1"), 0});
    bound.check.target.bind_if = "nosuch0";
    // lo is down here: nothing is reached.
    watched.watch.follow(
        {gateway("v4", {*IpAddress::parse("127.0.0.1"), 0}), gateway("v6", {*IpAddress::parse("::1"), 0}), bound});
    REQUIRE(watched.has_told(3));
    for (const auto* name : {"v4", "v6", "nowhere"})
      CHECK(watched.watch.up(name) == false);
    REQUIRE(std::system("ip link set lo up") == 0);  // NOLINT(cert-env33-c,concurrency-mt-unsafe)
    REQUIRE(watched.has_told(5));
    CHECK(watched.watch.up("v4") == true);
    CHECK(watched.watch.up("v6") == true);
    CHECK(watched.watch.up("nowhere") == false);
  });
  if (!ran) MESSAGE("no network namespace can be made here");
}
