// Against the kernel of this machine, in network namespaces of the test's own.
#include "net/real_server_host.hpp"

#include <algorithm>
#include <cerrno>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <doctest/doctest.h>

#include "unit/net/namespaces.hpp"

namespace {

using namespace std::chrono_literals;
using namespace baton;
using namespace baton::net;
using namespace baton::test;
using realserver::Operation;
using Kind = Operation::Kind;

const IpAddress kVip = IpAddress::v4({192, 0, 2, 80});
const std::string kSysctl = "net/ipv4/conf/lo/arp_ignore";

realserver::Machine read(RealServerHost& host) {
  const auto machine = host.read({kSysctl, "net/ipv4/conf/nosuch/arp_ignore"});
  REQUIRE_MESSAGE(machine.has_value(), machine.error().message);
  return *machine;
}

bool done(RealServerHost& host, const Operation& operation) {
  const auto answer = host.carry_out(operation);
  if (!answer) MESSAGE(answer.error().message);
  return answer.has_value();
}

}  // namespace

TEST_CASE("an address on lo comes without a lifetime, stays when put there again, and goes") {
  in_namespace([] {
    boost::asio::io_context io;
    RealServerHost host(io);
    ip("link set lo up");
    const IpAddress six = *IpAddress::parse("2001:db8::80");
    const realserver::OwnAddress wanted{kVip, "lo", 32, true};
    CHECK(done(host, {Kind::add_address, "lo", kVip}));
    CHECK(done(host, {Kind::add_address, "lo", six}));
    CHECK(done(host, {Kind::add_address, "lo", kVip}));
    CHECK(read(host).addresses.contains(wanted));
    CHECK(read(host).addresses.contains({six, "lo", 128, true}));
    CHECK(done(host, {Kind::remove_address, "lo", kVip}));
    CHECK(done(host, {Kind::remove_address, "lo", kVip}));
    CHECK_FALSE(read(host).addresses.contains(wanted));
  });
}

TEST_CASE("a lease of somebody else on lo is read as such and made permanent") {
  in_namespace([] {
    boost::asio::io_context io;
    RealServerHost host(io);
    ip("link set lo up");
    ip("addr add 192.0.2.80/32 dev lo valid_lft 100 preferred_lft 100");
    CHECK(read(host).addresses.contains({kVip, "lo", 32, false}));
    CHECK(done(host, {Kind::add_address, "lo", kVip}));
    CHECK(read(host).addresses.contains({kVip, "lo", 32, true}));
  });
}

TEST_CASE("a host route comes and goes, and the default gateway is read") {
  in_namespace([] {
    const Cable cable;
    boost::asio::io_context io;
    RealServerHost host(io);
    ip("link set lo up");
    ip("route add default via 10.0.0.2");
    ip("route add 198.51.100.1/32 via 10.0.0.2 table 77");
    CHECK(done(host, {Kind::add_route, "lo", kVip}));
    const auto machine = read(host);
    CHECK(machine.routes == std::set<realserver::Placed>{{kVip, "lo"}});
    CHECK(machine.gateways == std::vector{IpAddress::v4({10, 0, 0, 2})});
    CHECK(done(host, {Kind::remove_route, "lo", kVip}));
    CHECK(done(host, {Kind::remove_route, "lo", kVip}));
    CHECK(read(host).routes.empty());
  });
}

TEST_CASE("devices are set up and down; what is missing is an error only where something is to be added") {
  in_namespace([] {
    boost::asio::io_context io;
    RealServerHost host(io);
    CHECK_FALSE(read(host).devices.at("lo"));
    CHECK(done(host, {.kind = Kind::set_up, .name = "lo"}));
    CHECK(read(host).devices.at("lo"));
    CHECK(done(host, {.kind = Kind::set_down, .name = "lo"}));
    CHECK_FALSE(read(host).devices.at("lo"));
    CHECK(done(host, {Kind::remove_address, "nosuch0", kVip}));
    const auto failed = host.carry_out({Kind::add_address, "nosuch0", kVip});
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().system_code == ENODEV);
  });
}

TEST_CASE("a change by somebody else is told of") {
  in_namespace([] {
    boost::asio::io_context io;
    RealServerHost host(io);
    ip("link set lo up");
    int changes = 0;
    boost::asio::steady_timer limit(io, 5s);
    limit.async_wait([&io](auto) { io.stop(); });
    boost::asio::co_spawn(io, host.watch([&] {
      ++changes;
      io.stop();
    }),
                          [](const std::exception_ptr&) {});
    ip("addr add 192.0.2.80/32 dev lo");
    io.run();
    CHECK(changes == 1);
  });
}
