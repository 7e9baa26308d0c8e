#include "net/ipvs_census.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;

namespace {

// As Linux 6.1 shows three services of rr.
const std::string kModules =
    "ip_vs_sed 1753 0 - Live 0x0000000098c8d000\n"
    "ip_vs_rr 2029 3 - Live 0x0000000098c5d000\n"
    "xt_ipvs 16384 0 - Live 0xffffffffc0a39000\n"
    "ip_vs 162529 8 ip_vs_sed,ip_vs_rr,xt_ipvs, Live 0x0000000098d4d000\n"
    "nf_conntrack 99163 1 ip_vs, Live 0x0000000098c6d000 (E)\n";

}  // namespace

TEST_CASE("references that services hold: those that are neither schedulers' nor other modules'") {
  CHECK(service_references(kModules) == 3);
  CHECK(service_references("ip_vs 162529 0 - Live 0x0000000098d4d000\n") == 0);
  CHECK(service_references("ip_vs 162529 7 - Live") == 7);
  CHECK(service_references("ip_vs 162529 7 ip_vs_mh,[permanent],") == 4);  // what is not known counts as one
}

TEST_CASE("what cannot be told from /proc/modules is not guessed") {
  CHECK_FALSE(service_references(""));
  CHECK_FALSE(service_references("nf_conntrack 99163 1 ip_vs, Live 0x0000000098c6d000\n"));
  CHECK_FALSE(service_references("ip_vs"));
  CHECK_FALSE(service_references("ip_vs 217088"));
  CHECK_FALSE(service_references("ip_vs 217088 - - Live"));
  CHECK_FALSE(service_references("ip_vs 217088 12x - Live"));
  CHECK_FALSE(service_references("ip_vs 217088 3 ip_vs_rr,ip_vs_wrr, Live"));
}

TEST_CASE("services of IPv6 are never said to be the only ones: they are in no short list") {
  ipvs::ServiceKey key;
  key.family = Family::ipv6;
  CHECK_FALSE(only_services_are({key}));
}
