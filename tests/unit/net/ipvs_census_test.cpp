#include "net/ipvs_census.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::net;

namespace {

const std::string kModules =
    "ip_vs_wrr 16384 1000 - Live 0xffffffffc0a3e000\n"
    "xt_ipvs 16384 0 - Live 0xffffffffc0a39000\n"
    "ip_vs 217088 1003 ip_vs_wrr,xt_ipvs, Live 0xffffffffc0a00000\n"
    "nf_conntrack 200704 1 ip_vs, Live 0xffffffffc0900000 (E)\n"
    "libcrc32c 12288 2 nf_conntrack,ip_vs";

}  // namespace

TEST_CASE("references of a module that are not those of other modules") {
  CHECK(own_references(kModules, "ip_vs") == 1001);
  CHECK(own_references(kModules, "ip_vs_wrr") == 1000);
  CHECK(own_references(kModules, "xt_ipvs") == 0);
  CHECK(own_references(kModules, "nf_conntrack") == 0);
  CHECK(own_references(kModules, "libcrc32c") == 1);  // the last line, cut short
}

TEST_CASE("what cannot be told from /proc/modules is not guessed") {
  CHECK_FALSE(own_references(kModules, "ip_vs_rr"));
  CHECK_FALSE(own_references("", "ip_vs"));
  CHECK_FALSE(own_references("ip_vs", "ip_vs"));
  CHECK_FALSE(own_references("ip_vs 217088", "ip_vs"));
  CHECK_FALSE(own_references("ip_vs 217088 - - Live", "ip_vs"));
  CHECK_FALSE(own_references("ip_vs 217088 12x - Live", "ip_vs"));
  CHECK_FALSE(own_references("ip_vs 217088 1 a,b, Live", "ip_vs"));
}

TEST_CASE("services of IPv6 are never said to be the only ones: they are in no short list") {
  ipvs::ServiceKey key;
  key.family = Family::ipv6;
  CHECK_FALSE(only_services_are({key}));
}
