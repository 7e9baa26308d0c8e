// Marks, schedulers' flags, persistence and tunnels of virtual servers.
#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

VirtualServer first(const Parsed& parsed) {
  REQUIRE_MESSAGE(parsed.config.virtual_servers.size() == 1, said(parsed));
  return parsed.config.virtual_servers[0];
}

bool says(const Parsed& parsed, std::string_view words) {
  return said(parsed).find(words) != std::string::npos;
}

Parsed marked(const std::string& lines, const std::string& real = "10.0.0.2 80") {
  return read("virtual_server fwmark 7 {\nlb_algo rr\n" + lines + "\nreal_server " + real +
              " {\nTCP_CHECK {\n}\n}\n}\n");
}

TEST_CASE("a service by mark has the family of ip_family, else of its first real server") {
  const auto family = [](const Parsed& parsed) { return std::get<ServiceMark>(first(parsed).identity).family; };
  CHECK(family(marked("lb_kind NAT")) == Family::ipv4);
  CHECK(family(marked("lb_kind NAT", "2001:db8::2 80")) == Family::ipv6);
  CHECK(family(marked("lb_kind TUN\nip_family inet6", "10.0.0.2")) == Family::ipv6);
  const Parsed other = marked("lb_kind NAT\nip_family inet6");
  CHECK(other.config.virtual_servers.empty());
  CHECK(other.diagnostics.exit_status() == 5);
  CHECK(says(read(server("ip_family inet6")), "5:11 error 5: ip_family is not the family of the address"));
  CHECK(said(read(server("ip_family inet"))).empty());
  CHECK(says(read(server("ip_family INET")), "5:11 error 5: ip_family is inet or inet6, not 'INET'"));
}

TEST_CASE("NAT maps the port of a mark; DR and TUN drop it, and checks still connect to it") {
  CHECK(first(marked("lb_kind NAT")).real_servers[0].port == 80);
  CHECK(said(marked("lb_kind NAT")).empty());
  const Parsed kept = marked("lb_kind DR");
  CHECK(first(kept).real_servers[0].port == 0);
  CHECK(std::get<TcpCheck>(first(kept).real_servers[0].checks[0]).target.connect_port == 80);
  CHECK(says(kept, "warning 5: forwarding by DR keeps the port that the packet was sent to: 80 is dropped"));
  CHECK(said(marked("lb_kind DR", "10.0.0.2")).find("port 0") != std::string::npos);
}

TEST_CASE("a mark has no protocol and no address to be suspended by") {
  CHECK_FALSE(first(marked("lb_kind NAT\nprotocol TCP")).protocol.has_value());
  CHECK(says(marked("lb_kind NAT\nprotocol TCP"), "4:1 warning 5: a firewall mark has no protocol"));
  CHECK_FALSE(first(marked("lb_kind NAT\nha_suspend")).ha_suspend);
  CHECK(marked("lb_kind NAT\nha_suspend").diagnostics.exit_status() == 5);
  CHECK(first(marked("lb_kind NAT\nops")).ops);
}

TEST_CASE("marks that are none, and the same one twice") {
  for (const char* header : {"fwmark", "fwmark 0", "fwmark x", "fwmark 4294967296", "group"}) {
    const Parsed parsed = read("virtual_server " + std::string(header) + " {\nreal_server x\n}\n");
    CHECK_MESSAGE(says(parsed, "the block is skipped"), header);
    CHECK(parsed.diagnostics.all().size() == 1);
    CHECK(parsed.diagnostics.exit_status() == 5);
  }
  const std::string once = "virtual_server fwmark 7 {\nlb_algo rr\nlb_kind NAT\nreal_server 10.0.0.2 {\n}\n}\n";
  const Parsed twice = read(once + once);
  CHECK(says(twice, "7:16 error 0: virtual_server fwmark 7 is there already: this one is left out"));
  CHECK(first(twice).real_servers.size() == 1);
}

TEST_CASE("flags of the schedulers sh and mh, which stand after lb_algo") {
  const VirtualServer sh = first(read(server("lb_algo sh\nsh-port\nsh-fallback")));
  CHECK(sh.flag_1);
  CHECK(sh.flag_2);
  const Parsed mixed = read(server("lb_algo mh\nsh-port"));
  CHECK(first(mixed).flag_2);
  CHECK_FALSE(first(mixed).flag_1);
  CHECK(says(mixed, "6:1 warning 0: 'sh-port' is taken for mh-port"));
  for (const char* flag : {"sh-port", "sh-fallback", "mh-port", "mh-fallback", "hashed"}) {
    const Parsed parsed = read(server(flag));
    CHECK_MESSAGE(says(parsed, "is for the schedulers sh and mh, and lb_algo is rr: the line is ignored"), flag);
    CHECK(parsed.diagnostics.exit_status() == 5);
    CHECK(dump(parsed.config) == dump(read(server("")).config));
  }
  const std::string plain = dump(read(server("flag-1\nflag-3")).config);
  CHECK(plain.find("    flag-1\n    flag-3\n") != std::string::npos);
  CHECK(plain.find("flag-2") == std::string::npos);
}

TEST_CASE("ops is for UDP") {
  CHECK(first(read(server("protocol UDP\nops"))).ops);
  CHECK_FALSE(first(read(server("ops"))).ops);
  CHECK(says(read(server("ops")), "5:1 warning 5: only UDP can be scheduled packet by packet"));
}

TEST_CASE("granularity: a netmask for IPv4, bits for IPv6, and persistence comes with it") {
  const VirtualServer masked = first(read(server("persistence_granularity 255.255.255.0")));
  CHECK(masked.persistence_granularity == Granularity{IpAddress::v4({255, 255, 255, 0})});
  CHECK(masked.persistence_timeout == 360);
  CHECK(first(read(server("persistence_timeout 9\npersistence_granularity 255.0.0.0"))).persistence_timeout == 9);
  const Parsed bits = read(server("persistence_granularity 24"));
  CHECK(first(bits).persistence_granularity == Granularity{IpAddress::v4({255, 255, 255, 0})});
  CHECK(says(bits, "5:25 warning 0: persistence_granularity 24 is taken for 255.255.255.0"));
  CHECK_FALSE(first(read(server("persistence_granularity 33"))).persistence_granularity.has_value());
  CHECK(read(server("persistence_granularity 33")).diagnostics.exit_status() == 0);
  CHECK(read(server("persistence_granularity foo")).diagnostics.exit_status() == 5);
  const auto six = [](const char* value) {
    return marked("lb_kind NAT\npersistence_granularity " + std::string(value), "2001:db8::2 80");
  };
  CHECK(first(six("64")).persistence_granularity == Granularity{std::uint8_t{64}});
  CHECK_FALSE(first(six("255.0.0.0")).persistence_granularity.has_value());
}

TEST_CASE("a persistence engine needs persistence, and a name that the kernel can hold") {
  CHECK(
      says(read(server("persistence_engine sip")), "warning 0: a persistence_engine does nothing without persistence"));
  const Parsed plain = read(server("persistence_engine sip\npersistence_timeout"));
  CHECK(said(plain).empty());
  CHECK(first(plain).persistence_engine == "sip");
  const Parsed name = read(server("persistence_timeout\npersistence_engine abcdefghijklmnopq"));
  CHECK(first(name).persistence_engine == "abcdefghijklmnop");
  CHECK(name.diagnostics.exit_status() == 5);
}

TEST_CASE("tunnels: what they are, and what contradicts itself leaves the server out") {
  const Parsed gue = read(server("lvs_method TUN type gue port 6080 csum"));
  CHECK(first(gue).tunnel == Tunnel{Tunnel::Type::gue, Tunnel::Checksum::plain, 6080});
  CHECK(first(gue).real_servers[0].tunnel == first(gue).tunnel);
  CHECK(said(gue).empty());
  CHECK(first(read(server("lb_kind TUN type ipip nocsum"))).tunnel == Tunnel{});
  for (const char* wrong : {"TUN type gue", "TUN type gre port 5", "TUN type gre remcsum", "TUN csum", "TUN type foo",
                            "TUN type", "TUN type gue port", "TUN type gue port 0", "TUN foo", "DR foo"}) {
    const Parsed parsed = read(server("lb_kind " + std::string(wrong)));
    CHECK_MESSAGE(says(parsed, "this virtual_server is left out"), wrong << said(parsed));
    CHECK(parsed.config.virtual_servers.empty());
    CHECK(parsed.diagnostics.exit_status() == 5);
  }
  const Parsed nat = read(server("lb_kind NAT type gre"));
  CHECK(first(nat).tunnel == Tunnel{});
  CHECK(says(nat, "warning 0: only TUN has a tunnel"));
}

TEST_CASE("alpha, mail, names and scripts of servers are kept") {
  const Parsed parsed =
      read(server("alpha\nsmtp_alert off\nsnmp_name v\nquorum_up /a\nquorum_up /b\nreal_server "
                  "10.0.0.3 80 {\nalpha off\nsmtp_alert\nsnmp_name r\nnotify_up /c\n}"));
  const VirtualServer found = first(parsed);
  CHECK(found.alpha);
  CHECK(found.smtp_alert == false);
  CHECK(found.snmp_name == "v");
  CHECK(parsed.config.scripts.at(found.quorum_up.value()).arguments == std::vector<std::string>{"/a"});
  REQUIRE(found.real_servers.size() == 2);
  CHECK_FALSE(found.real_servers[0].alpha);
  CHECK(found.real_servers[0].smtp_alert == true);
  CHECK(found.real_servers[0].snmp_name == "r");
  CHECK(found.real_servers[0].notify_up.has_value());
  CHECK(found.real_servers[1].alpha);
  CHECK_FALSE(found.real_servers[1].smtp_alert.has_value());
  CHECK(parsed.diagnostics.exit_status() == 5);  // the second quorum_up
}

}  // namespace
}  // namespace baton::config
