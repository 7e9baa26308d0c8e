#include "realserver/plan.hpp"

#include <doctest/doctest.h>

#include "realserver/diff.hpp"

using namespace baton;
using namespace baton::realserver;

namespace {

IpAddress at(const std::string& text) {
  return *IpAddress::parse(text);
}

Machine machine() {
  Machine machine;
  machine.addresses = {{at("127.0.0.1"), "lo", 8}, {at("192.0.2.11"), "eth0", 24}, {at("2001:db8::11"), "eth0", 64}};
  machine.devices = {{"lo", true}, {"eth0", true}};
  machine.gateways = {at("192.0.2.1")};
  return machine;
}

Part part(Method method, std::vector<std::string> virtuals, const std::string& server = "192.0.2.11") {
  Part part;
  Duty duty{.service = "vs", .server = at(server), .virtuals = {}, .method = method};
  for (const auto& each : virtuals)
    duty.virtuals.push_back(at(each));
  part.duties.push_back(duty);
  part.director_addresses = {at("192.0.2.99"), at("198.51.100.9")};
  return part;
}

std::string only_trouble(const Wanted& wanted) {
  REQUIRE(wanted.troubles.size() == 1);
  return *wanted.troubles.begin();
}

bool says(const std::string& text, const std::string& words) {
  CAPTURE(text);
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("direct: the address on lo, a route to it, and silence in ARP") {
  const auto wanted = plan(part(Method::direct, {"192.0.2.80"}), machine());
  CHECK(wanted.addresses == std::set<Placed>{{at("192.0.2.80"), "lo"}});
  CHECK(wanted.routes == wanted.addresses);
  CHECK(wanted.sysctls == std::map<std::string, int>{{"net/ipv4/conf/all/arp_announce", 2},
                                                     {"net/ipv4/conf/all/arp_ignore", 1},
                                                     {"net/ipv4/conf/lo/arp_announce", 2},
                                                     {"net/ipv4/conf/lo/arp_ignore", 1}});
  CHECK(wanted.troubles.empty());
}

TEST_CASE("direct with IPv6 needs no silence: only the link that has an address answers for it") {
  const auto wanted = plan(part(Method::direct, {"2001:db8::80"}, "2001:db8::11"), machine());
  CHECK(wanted.addresses == std::set<Placed>{{at("2001:db8::80"), "lo"}});
  CHECK(wanted.routes.empty());
  CHECK(wanted.sysctls.empty());
}

TEST_CASE("tunnel: the address on the device that unwraps, silence, and no filter for what comes out") {
  const auto wanted = plan(part(Method::tunnel, {"203.0.113.5"}), machine());
  CHECK(wanted.addresses == std::set<Placed>{{at("203.0.113.5"), "tunl0"}});
  CHECK(wanted.routes.empty());
  CHECK(wanted.devices == std::map<std::string, std::string>{{"tunl0", "ipip"}});
  CHECK(wanted.sysctls.at("net/ipv4/conf/all/rp_filter") == 0);
  CHECK(wanted.sysctls.at("net/ipv4/conf/tunl0/rp_filter") == 0);
  CHECK(wanted.sysctls.at("net/ipv4/conf/tunl0/arp_ignore") == 1);
}

TEST_CASE("a tunnel's device is that of both families") {
  CHECK(plan(part(Method::tunnel, {"2001:db8::5"}), machine()).devices.contains("sit0"));
  CHECK(plan(part(Method::tunnel, {"2001:db8::5"}, "2001:db8::11"), machine()).devices.contains("ip6tnl0"));
  const auto mixed = plan(part(Method::tunnel, {"203.0.113.5"}, "2001:db8::11"), machine());
  CHECK(mixed.addresses.empty());
  CHECK(says(only_trouble(mixed), "IPv4 in IPv6"));
}

TEST_CASE("the addresses of a group of both families each have their device") {
  const auto wanted = plan(part(Method::tunnel, {"2001:db8::5", "203.0.113.5"}), machine());
  CHECK(wanted.addresses == std::set<Placed>{{at("2001:db8::5"), "sit0"}, {at("203.0.113.5"), "tunl0"}});
  CHECK(wanted.sysctls.contains("net/ipv4/conf/all/arp_ignore"));
}

TEST_CASE("gre and gue are told of, and nothing is done for them") {
  for (const auto how : {Encapsulation::gre, Encapsulation::gue}) {
    auto given = part(Method::tunnel, {"203.0.113.5"});
    given.duties[0].encapsulation = how;
    const auto wanted = plan(given, machine());
    CHECK(wanted.addresses.empty());
    CHECK(says(only_trouble(wanted), how == Encapsulation::gre ? "GRE" : "GUE"));
  }
}

TEST_CASE("NAT changes nothing and tells of a gateway that is not the director") {
  const auto wanted = plan(part(Method::nat, {}), machine());
  CHECK(wanted.addresses.empty());
  CHECK(wanted.sysctls.empty());
  CHECK(says(only_trouble(wanted), "the default gateway is 192.0.2.1, not 192.0.2.99"));
  auto right = machine();
  right.gateways = {at("192.0.2.99")};
  CHECK(plan(part(Method::nat, {}), right).troubles.empty());
  right.gateways = {};
  CHECK(says(only_trouble(plan(part(Method::nat, {}), right)), "there is no default gateway"));
}

TEST_CASE("NAT without an address of the directors in the network of the server: it cannot be told") {
  auto given = part(Method::nat, {});
  given.director_addresses = {at("198.51.100.9")};
  CHECK(says(only_trouble(plan(given, machine())), "no virtual_ipaddress"));
}

TEST_CASE("the machine's own gateway is never put on lo") {
  const auto wanted = plan(part(Method::direct, {"192.0.2.1", "192.0.2.80"}), machine());
  CHECK(wanted.addresses == std::set<Placed>{{at("192.0.2.80"), "lo"}});
  CHECK(says(only_trouble(wanted), "default gateway"));
}

TEST_CASE("an address that answers ARP on the server's own interface is told of") {
  auto given = machine();
  given.addresses.insert({at("192.0.2.80"), "eth0", 32});
  CHECK(says(only_trouble(plan(part(Method::direct, {"192.0.2.80"}), given)), "192.0.2.80 is on eth0"));
}

TEST_CASE("arp_ignore may be stricter than wanted") {
  CHECK(is_as_good("net/ipv4/conf/all/arp_ignore", 2, 1));
  CHECK(is_as_good("net/ipv4/conf/all/arp_ignore", 8, 1));
  CHECK_FALSE(is_as_good("net/ipv4/conf/all/arp_ignore", 3, 1));
  CHECK_FALSE(is_as_good("net/ipv4/conf/all/arp_announce", 1, 2));
}
