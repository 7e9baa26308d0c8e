#include "daemon/service_identity.hpp"

#include <doctest/doctest.h>

#include "daemon/service_plan.hpp"
#include "unit/ipvs/ipvs_tables.hpp"

using namespace ipvs_tables;
using namespace baton::daemon;

namespace {

config::VirtualServer grouped(const char* group, std::optional<config::Protocol> protocol) {
  config::VirtualServer made;
  made.identity = config::ServiceGroup{group, std::nullopt};
  made.protocol = protocol;
  config::RealServer real;
  real.address = address("10.0.0.1");
  real.port = 80;
  made.real_servers = {real};
  return made;
}

config::GroupAddresses range(const char* first, const char* last, std::uint16_t port) {
  return {address(first), address(last), port, {}};
}

}  // namespace

TEST_CASE("names in logs are keepalived's") {
  const ServiceKey name = key(Protocol::udp, "192.0.2.1", 53);
  CHECK(users_name(name) == "[192.0.2.1]:udp:53");
  CHECK(users_name(name, {address("10.0.0.1"), 5353}) == "[10.0.0.1]:udp:5353");
  CHECK(users_name(mark(7)) == "FWM 7");
  CHECK(users_name(mark(7), {address("10.0.0.1"), 0}) == "[10.0.0.1]:none:0");
}

TEST_CASE("a group stands for each of its addresses and marks, in order, and is called by its name") {
  config::Config config;
  config.virtual_server_groups = {{"G",
                                   {range("192.0.2.254", "192.0.3.1", 80), range("192.0.2.9", "192.0.2.9", 81)},
                                   {{5, std::nullopt, {}}, {6, Family::ipv6, {}}},
                                   {}}};
  config.virtual_servers = {grouped("G", config::Protocol::tcp), grouped("G", config::Protocol::udp)};
  const ServiceIdentities identities(config);
  CHECK(identities.services(0) == std::vector<ServiceKey>{tcp("192.0.2.254", 80), tcp("192.0.2.255", 80),
                                                          tcp("192.0.3.0", 80), tcp("192.0.3.1", 80),
                                                          tcp("192.0.2.9", 81), mark(5), mark(6, Family::ipv6)});
  CHECK(identities.key(0) == tcp("192.0.2.254", 80));
  CHECK(identities.name(0) == "[G]:0");
  CHECK(identities.key(1) == key(Protocol::udp, "192.0.2.254", 80));
  CHECK(identities.name(1) == "[G]:1");
  CHECK(ServiceNames(config).of(tcp("192.0.2.254", 80)) == "[G]:0");
  CHECK(ServiceNames(config).of(tcp("192.0.2.7", 80)) == "[192.0.2.7]:tcp:80");
  const auto plan = plan_services(config);
  REQUIRE(plan.size() == 2);
  CHECK(plan.at(tcp("192.0.2.254", 80)).services.size() == 7);
  CHECK(plan.at(tcp("192.0.2.254", 80)).name == "[G]:0");
}

TEST_CASE("a range of IPv6 counts on through its octets") {
  config::Config config;
  config.virtual_server_groups = {{"G", {range("2001:db8::fffe", "2001:db8::1:1", 80)}, {}, {}}};
  config.virtual_servers = {grouped("G", config::Protocol::tcp)};
  const auto services = ServiceIdentities(config).services(0);
  REQUIRE(services.size() == 4);
  CHECK(services[2] == tcp("2001:db8::1:0", 80));
}

TEST_CASE("a mark without a family has that of ip_family, of the addresses, or of the first real server") {
  config::Config config;
  config.virtual_server_groups = {{"G", {}, {{5, std::nullopt, {}}}, {}}};
  config.virtual_servers = {grouped("G", std::nullopt)};
  CHECK(ServiceIdentities(config).key(0) == mark(5));
  config.virtual_servers[0].real_servers[0].address = address("2001:db8::2");
  CHECK(ServiceIdentities(config).key(0) == mark(5, Family::ipv6));
  config.virtual_servers[0].identity = config::ServiceGroup{"G", Family::ipv4};
  CHECK(ServiceIdentities(config).key(0) == mark(5));
  config.virtual_servers[0].identity = config::ServiceGroup{"G", std::nullopt};
  config.virtual_server_groups[0].addresses = {range("192.0.2.1", "192.0.2.1", 80)};
  CHECK(ServiceIdentities(config).services(0).back() == mark(5));
}

TEST_CASE("each virtual server has a key of its own, or none when others have all its services") {
  config::Config config;
  config::VirtualServer single = grouped("", config::Protocol::tcp);
  single.identity = config::ServiceAddress{address("192.0.2.1"), 80};
  config.virtual_server_groups = {{"G", {range("192.0.2.1", "192.0.2.2", 80)}, {}, {}}};
  config.virtual_servers = {single, grouped("G", config::Protocol::tcp), grouped("G", config::Protocol::tcp),
                            grouped("NONE", config::Protocol::tcp)};
  const ServiceIdentities identities(config);
  CHECK(identities.key(1) == tcp("192.0.2.2", 80));
  CHECK_FALSE(identities.key(2));
  CHECK_FALSE(identities.key(3));
  CHECK(plan_services(config).size() == 2);
}

TEST_CASE("a range of 65,536 addresses is as many services") {
  config::Config config;
  config.virtual_server_groups = {{"G", {range("10.1.0.0", "10.1.255.255", 80)}, {}, {}}};
  config.virtual_servers = {grouped("G", config::Protocol::tcp)};
  CHECK(plan_services(config).begin()->second.services.size() == 65536);
}

TEST_CASE("with nftables_ipvs a group has a mark, unless it has marks of its own or the mark is taken") {
  config::Config config;
  config.global.firewall.nftables_ipvs = "";
  config.global.firewall.nftables_ipvs_start_fwmark = 77;
  config::VirtualServer single = grouped("", std::nullopt);
  single.identity = config::ServiceMark{78, Family::ipv4};
  config.virtual_server_groups = {
      {"G", {range("192.0.2.1", "192.0.2.9", 80), range("2001:db8::1", "2001:db8::1", 0)}, {}, {}},
      {"OWN", {range("192.0.2.20", "192.0.2.20", 80)}, {{5, std::nullopt, {}}}, {}}};
  config.virtual_servers = {grouped("G", config::Protocol::tcp), single, grouped("OWN", config::Protocol::tcp),
                            grouped("G", config::Protocol::udp)};
  const ServiceIdentities identities(config);
  CHECK(identities.services(0) == std::vector<ServiceKey>{mark(77), mark(77, Family::ipv6)});
  CHECK(identities.name(0) == "[G]:0");
  CHECK(identities.services(2) == std::vector<ServiceKey>{tcp("192.0.2.20", 80), mark(5)});
  CHECK(identities.key(3) == mark(79));
  const auto map = plan_marks(config);
  CHECK(map.table == "keepalived_ipvs");
  REQUIRE(map.ranges.size() == 4);
  CHECK(map.ranges[0] == MarkedRange{Protocol::tcp, address("192.0.2.1"), address("192.0.2.9"), 80, 77});
  CHECK(map.ranges[3] == MarkedRange{Protocol::udp, address("2001:db8::1"), address("2001:db8::1"), 0, 79});
  config.global.firewall.nftables_ipvs.reset();
  CHECK(plan_marks(config).ranges.empty());
}
