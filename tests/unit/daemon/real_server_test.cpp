#include <doctest/doctest.h>

#include "config/parse.hpp"
#include "daemon/real_server_ledger.hpp"
#include "daemon/real_server_part.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

IpAddress at(const std::string& text) {
  return *IpAddress::parse(text);
}

realserver::Part part_of(const std::string& text, const std::string& own) {
  return real_server_part(config::parse(text, std::string("test.conf")).config, {at("127.0.0.1"), at(own)});
}

std::string service(const std::string& head, const std::string& kind, const std::string& server,
                    const std::string& more = "") {
  return "virtual_server " + head + " {\nlb_algo rr\nlb_kind " + kind + "\nprotocol TCP\n" + more + "real_server " +
         server + " {\n}\n}\n";
}

constexpr const char* kInstance =
    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.80\n192.0.2.81\n}\n}\n";

}  // namespace

TEST_CASE("a machine has a duty for each service that it is a real server of") {
  const auto text = service("192.0.2.80 80", "DR", "192.0.2.11 80") + service("192.0.2.81 80", "DR", "192.0.2.12 80");
  const auto part = part_of(text, "192.0.2.11");
  REQUIRE(part.duties.size() == 1);
  CHECK(part.duties[0].service == "192.0.2.80:80");
  CHECK(part.duties[0].method == realserver::Method::direct);
  CHECK(part.duties[0].virtuals == std::vector{at("192.0.2.80")});
  CHECK(part_of(text, "192.0.2.13").duties.empty());
}

TEST_CASE("a sorry server has the same duty") {
  const auto part =
      part_of(service("192.0.2.80 80", "DR", "192.0.2.11 80", "sorry_server 192.0.2.13 80\n"), "192.0.2.13");
  REQUIRE(part.duties.size() == 1);
  CHECK(part.duties[0].method == realserver::Method::direct);
}

TEST_CASE("the loopback address makes no machine a real server") {
  CHECK(part_of(service("192.0.2.80 80", "NAT", "127.0.0.1 80"), "192.0.2.11").duties.empty());
}

TEST_CASE("the addresses of a group are all of its ranges") {
  const auto part = part_of(
      "virtual_server_group g {\n192.0.2.80-82 80\n}\n" + service("group g", "DR", "192.0.2.11 80"), "192.0.2.11");
  REQUIRE(part.duties.size() == 1);
  CHECK(part.duties[0].virtuals == std::vector{at("192.0.2.80"), at("192.0.2.81"), at("192.0.2.82")});
}

TEST_CASE("a mark may stand for any address of the directors") {
  const auto text = service("fwmark 5", "DR", "192.0.2.11 80");
  const auto part = part_of(kInstance + text, "192.0.2.11");
  REQUIRE(part.duties.size() == 1);
  CHECK(part.duties[0].virtuals == std::vector{at("192.0.2.80"), at("192.0.2.81")});
  CHECK(part.director_addresses.size() == 2);
  CHECK(part_of(text, "192.0.2.11").troubles.size() == 1);
}

TEST_CASE("the ledger of a real server is read as it was written") {
  realserver::Ledger ledger;
  ledger.addresses = {{at("192.0.2.80"), "lo"}, {at("2001:db8::80"), "lo"}};
  ledger.routes = {{at("192.0.2.80"), "lo"}};
  ledger.up = {"tunl0"};
  ledger.sysctls = {{"net/ipv4/conf/all/arp_ignore", {0, 1}}};
  CHECK(decode_real_server_ledger(encode(ledger)) == ledger);
  CHECK(encode(realserver::Ledger{}).empty());
}

TEST_CASE("lines of the ledger that cannot be are skipped") {
  CHECK(decode_real_server_ledger("sysctl net/ipv4/conf/../../kernel/x 1 2\nsysctl kernel/panic 1 2\nsysctl\n"
                                  "address x lo\naddress 192.0.2.1\nup\nroute\n\nwhat 1 2 3\n"
                                  "sysctl net/ipv4/conf/all/rp_filter x 1\n") == realserver::Ledger{});
}
