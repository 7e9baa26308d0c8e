#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/keywords.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

std::string faults(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active)
      text +=
          std::to_string(d.position.column) + " " + std::to_string(static_cast<int>(d.status)) + " " + d.text + "\n";
  return text;
}

Parsed read_routes(std::string_view line) {
  return read("static_routes {\n" + std::string(line) + "\n}\n");
}

/// The only route of a line about which there is nothing to say; its dump reads back as the same.
Route route(std::string_view line) {
  const Parsed parsed = read_routes(line);
  CHECK_MESSAGE(faults(parsed).empty(), line << "\n" << faults(parsed));
  REQUIRE(parsed.config.static_routes.size() == 1);
  const Parsed again = read(dump(parsed.config));
  CHECK_MESSAGE(faults(again).empty(), dump(parsed.config) << faults(again));
  REQUIRE(again.config.static_routes.size() == 1);
  Route read_back = again.config.static_routes[0];
  read_back.position = parsed.config.static_routes[0].position;
  CHECK_MESSAGE(read_back == parsed.config.static_routes[0], dump(parsed.config));
  return parsed.config.static_routes[0];
}

/// What is said of a line that is ignored.
std::string ignored(std::string_view line) {
  const Parsed parsed = read_routes(line);
  CHECK_MESSAGE(parsed.config.static_routes.empty(), line);
  return faults(parsed);
}

std::string prefix(const Network& network) {
  return network.address.to_string() + "/" + std::to_string(network.prefix_length);
}

TEST_CASE("a destination, with its type and without") {
  CHECK(prefix(route("10.0.0.0/8 dev eth0").destination) == "10.0.0.0/8");
  CHECK(prefix(route("to 10.0.0.1 dev eth0").destination) == "10.0.0.1/32");
  CHECK(prefix(route("dev eth0 2001:db8::/32").destination) == "2001:db8::/32");
  CHECK(prefix(route("default dev eth0").destination) == "0.0.0.0/0");
  CHECK(prefix(route("any via fe80::1 dev eth0").destination) == "::/0");
  CHECK(prefix(route("default6 dev eth0").destination) == "::/0");
  CHECK(prefix(route("inet6 all dev eth0").destination) == "::/0");
  CHECK(route("throw 10.0.0.0/8 dev eth0").type == RouteType::throwing);
  CHECK(route("nat 10.0.0.0/8 dev eth0").type == RouteType::nat);
  CHECK(route("unicast 10.0.0.0/8 dev eth0").type == RouteType::unicast);
}

TEST_CASE("every option of a route arrives") {
  const Route full = route(
      "10.0.0.0/8 src 192.0.2.1 via 192.0.2.2 dsfield af11 table 0x10 scope 253 preference 7 oif eth0 onlink mtu lock "
      "1400 rtt lock 250ms rto_min 5 congctl bbr quickack 0 fastopen_no_cookie 1 ttl-propagate disabled realms a/2 "
      "append window 9");
  CHECK(full.src->to_string() == "192.0.2.1");
  CHECK(full.via->to_string() == "192.0.2.2");
  CHECK(full.tos == Identifier{std::string("af11")});
  CHECK(full.table == Identifier{std::uint32_t{16}});
  CHECK(full.metric == 7);
  CHECK(full.device == "eth0");
  CHECK(full.onlink);
  CHECK(full.mtu == Lockable<std::uint32_t>{1400, true});
  CHECK(full.rtt == Lockable<Latency>{Duration(std::chrono::milliseconds(250)), true});
  CHECK(full.rto_min == Lockable<Latency>{std::uint32_t{5}, false});
  CHECK(full.congctl == Lockable<std::string>{"bbr", false});
  CHECK(full.quickack == false);
  CHECK(full.fastopen_no_cookie == true);
  CHECK(full.ttl_propagate == false);
  CHECK(full.realms == Realms{Identifier{std::string("a")}, Identifier{std::uint32_t{2}}});
  CHECK(full.insertion == RouteInsertion::append);
  CHECK(full.window == 9);
  const Route six = route("2001:db8::/32 dev eth0 from 2001:db8:1::/48 expires 9 pref high");
  CHECK(prefix(*six.from) == "2001:db8:1::/48");
  CHECK(six.expires == std::chrono::seconds(9));
  CHECK(six.pref == 1);
}

TEST_CASE("of table and vrf the last one counts") {
  CHECK(route("10.0.0.0/8 dev eth0 vrf red").vrf == "red");
  const Route in_vrf = route("10.0.0.0/8 dev eth0 table 99 vrf red");
  CHECK(in_vrf.vrf == "red");
  CHECK_FALSE(in_vrf.table);
  const Route in_table = route("10.0.0.0/8 dev eth0 vrf red table 99");
  CHECK(in_table.vrf.empty());
  CHECK(in_table.table == Identifier{std::uint32_t{99}});
}

TEST_CASE("nexthops and encapsulations") {
  const Route paths = route(
      "10.0.0.0/8 dev eth0 nexthop via 192.0.2.2 weight 256 onlink nexthop dev eth1 realms 3 encap mpls 16/1048575");
  REQUIRE(paths.nexthops.size() == 2);
  CHECK(paths.nexthops[0].via->to_string() == "192.0.2.2");
  CHECK(paths.nexthops[0].weight == 256);
  CHECK(paths.nexthops[0].onlink);
  CHECK(std::get<EncapMpls>(*paths.nexthops[1].encap).labels == std::vector<std::uint32_t>{16, 1048575});
  const Route tunnel = route("10.0.0.0/8 encap ip id 18446744073709551615 dst 192.0.2.9 ttl 3 via 192.0.2.2 dev eth0");
  CHECK(std::get<EncapIp>(*tunnel.encap).id == 18446744073709551615U);
  CHECK(std::get<EncapIp>(*tunnel.encap).ttl == 3);
  CHECK(tunnel.via->to_string() == "192.0.2.2");
  const Route six = route("10.0.0.0/8 dev eth0 encap ip6 dst 2001:db8::1 tc 4 hoplimit 5 flags 6");
  CHECK(std::get<EncapIp>(*six.encap).family == Family::ipv6);
  CHECK(std::get<EncapIp>(*six.encap).tos == 4);
  CHECK(std::get<EncapIla>(*route("10.0.0.0/8 dev eth0 encap ila 1:2:3:ffff").encap).locator == 0x000100020003ffffU);
}

TEST_CASE("one mistake costs one line, and is told at its word") {
  CHECK(ignored("10.0.0.0/8 dev eth0 frob 5").find("21 5 'frob' is neither an option of a route nor an address") == 0);
  CHECK(ignored("10.0.0.0/8 dev eth0 metric abc") ==
        "28 5 metric is a whole number, 0 to 4294967295, not 'abc': the line is ignored\n");
  CHECK(ignored("10.0.0.0/8 dev eth0 hoplimit 256").find("30 5 hoplimit is a whole number, 0 to 255") == 0);
  CHECK(ignored("dev eth0") == "1 5 a route needs a destination: the line is ignored\n");
  CHECK(ignored("10.0.0.0/8 dev") == "12 2 'dev' lacks its value: the line is ignored\n");
  CHECK(ignored("10.0.0.0/8 dev eth0 mtu lock") == "21 2 'mtu' lacks its value: the line is ignored\n");
  CHECK(ignored("10.0.0.0/8 src 2001:db8::1").find("16 5 IPv4 and IPv6 do not go together in one line") == 0);
  CHECK(ignored("10.0.0.0/8 dev eth0 pref low") == "21 5 pref is for IPv6 only: the line is ignored\n");
  CHECK(ignored("10.0.0.0/8 dev eth0 nexthop via 192.0.2.2 metric 5").find("43 5 'metric' is no option of a nexthop") ==
        0);
  CHECK(ignored("10.0.0.0/8 dev eth0 nexthop").find("21 5 nexthop needs via or dev") == 0);
  CHECK(ignored("10.0.0.0/8 dev eth0 nexthop via 192.0.2.2 weight 0").find("50 5 a weight is 1 to 256") == 0);
  CHECK(ignored("to blackhole 10.0.0.0/8").find("4 5 'blackhole' is neither") == 0);
  for (const char* line : {"10.0.0.0/8 dev eth0 encap",
                           "10.0.0.0/8 dev eth0 encap ip",
                           "10.0.0.0/8 encap ip ttl 300",
                           "10.0.0.0/8 encap ip dst 2001:db8::1",
                           "10.0.0.0/8 encap mpls 1048576",
                           "10.0.0.0/8 encap mpls 5/",
                           "10.0.0.0/8 encap ila 1:2:3",
                           "10.0.0.0/8 encap ila 1:2:3:4:5",
                           "10.0.0.0/8 encap foo 5",
                           "10.0.0.0/8 rtt -5ms",
                           "10.0.0.0/8 rtt 5m",
                           "10.0.0.0/8 features foo",
                           "10.0.0.0/8 quickack 2",
                           "10.0.0.0/8 realms /",
                           "10.0.0.0/8 table -1",
                           "10.0.0.0/8 via inet6 192.0.2.2",
                           "10.0.0.0/8 dev \"\"",
                           "to",
                           "blackhole",
                           "10.0.0.0/8 ttl-propagate on",
                           "10.0.0.0/8 from 10.0.0.0/8",
                           "2001:db8::/32 realms 5"})
    CHECK_MESSAGE(!ignored(line).empty(), line);
}

TEST_CASE("what keepalived corrects is corrected") {
  const Parsed untracked = read_routes("10.0.0.0/8 via 192.0.2.2");
  CHECK(untracked.config.static_routes.at(0).no_track);
  CHECK(faults(untracked) == "1 5 a route without dev is not tracked: its loss goes unnoticed\n");
  CHECK(faults(read_routes("10.0.0.0/8 via 192.0.2.2 no_track")).empty());
  const Parsed protocol = read_routes("10.0.0.0/8 dev eth0 protocol static");
  CHECK(faults(protocol) == "21 5 a tracked route has protocol 18 (keepalived): yours is ignored\n");
  CHECK_FALSE(protocol.config.static_routes.at(0).protocol.has_value());
  CHECK(route("10.0.0.0/8 dev eth0 protocol static no_track").protocol == Identifier{std::string("static")});
  const Parsed prefix_length = read_routes("10.0.0.0/33 dev eth0");
  CHECK(prefix_length.config.static_routes.at(0).destination.prefix_length == 32);
  CHECK(prefix_length.diagnostics.exit_status() == 5);
  CHECK(read_routes("10.0.0.0/8 10.1.0.0/16 dev eth0").config.static_routes.at(0).destination.prefix_length == 16);
  CHECK(faults(read_routes("10.0.0.0/8 gw 192.0.2.2 dev eth0")) == "12 5 'gw' is an old spelling\n");
}

TEST_CASE("a track_group is for static routes with an interface") {
  CHECK(faults(read_routes("10.0.0.0/8 dev eth0 track_group g")) ==
        "33 5 there is no track_group 'g': the option is ignored\n");
  CHECK(faults(read(instance("virtual_routes {\n10.0.0.0/8 dev eth0 track_group g\n}"))) ==
        "21 5 track_group is for static routes only: the line is ignored\n");
  const Parsed bare = read_routes("10.0.0.0/8 no_track track_group g");
  CHECK(faults(bare) == "21 5 track_group needs dev: it is ignored\n");
  CHECK(bare.config.static_routes.size() == 1);
}

TEST_CASE("every option of the table has a setter") {
  for (const Block block : {Block::route_entry, Block::nexthop, Block::encap_ip, Block::encap_ip6, Block::rule_entry})
    for (const Keyword* keyword : keywords_in(block)) {
      const bool has_setter = keyword->action.set != nullptr;
      CHECK_MESSAGE((has_setter || keyword->is_placeholder()), keyword->name);
    }
}

}  // namespace
}  // namespace baton::config
