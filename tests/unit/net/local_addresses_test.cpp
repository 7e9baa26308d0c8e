#include "net/local_addresses.hpp"

#include <cstdlib>

#include <doctest/doctest.h>

#include "unit/net/own_namespace.hpp"

using namespace baton;
using namespace baton::net;
using namespace std::chrono_literals;

TEST_CASE("local addresses: what is there, what comes, what goes, of both families") {
  const bool allowed = own_namespace::run([] {
    boost::asio::io_context io;
    int changes = 0;
    LocalAddresses addresses(io, [&] { ++changes; });
    REQUIRE(std::system("ip link set lo up") == 0);
    REQUIRE(addresses.start());
    const auto v4 = IpAddress::parse("192.0.2.7").value();
    const auto v6 = IpAddress::parse("2001:db8::7").value();
    const auto has = [&](const IpAddress& address) { return addresses.any_between(address, address); };
    const auto await = [&](const IpAddress& address, bool there) {
      const auto end = Clock::now() + 5s;
      while (has(address) != there && Clock::now() < end)
        io.run_one_for(20ms);
      return has(address) == there;
    };
    CHECK(await(IpAddress::parse("127.0.0.1").value(), true));
    CHECK_FALSE(has(v4));
    REQUIRE(std::system("ip address add 192.0.2.7/32 dev lo") == 0);
    CHECK(await(v4, true));
    CHECK(addresses.any_between(IpAddress::parse("192.0.2.1").value(), IpAddress::parse("192.0.2.9").value()));
    CHECK_FALSE(addresses.any_between(IpAddress::parse("192.0.2.8").value(), IpAddress::parse("192.0.2.9").value()));
    REQUIRE(std::system("ip address add 2001:db8::7/128 dev lo nodad") == 0);
    CHECK(await(v6, true));
    REQUIRE(std::system("ip address del 192.0.2.7/32 dev lo") == 0);
    CHECK(await(v4, false));
    CHECK(has(v6));
    CHECK(changes >= 3);
  });
  if (!allowed) MESSAGE("no namespace may be made here: not tested");
}
