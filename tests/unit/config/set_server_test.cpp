#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

VirtualServer first(const Parsed& parsed) {
  REQUIRE_MESSAGE(parsed.config.virtual_servers.size() == 1, said(parsed));
  return parsed.config.virtual_servers[0];
}

TEST_CASE("a virtual server, all of it") {
  const Parsed parsed = read(
      "virtual_server 10.0.0.1 80 {\n  lb_algo wrr\n  lb_kind NAT\n  protocol tcp\n  persistence_timeout 50\n  quorum "
      "3\n"
      "  hysteresis 1\n  alpha\n  omega\n  virtualhost www.example\n  weight 7\n  inhibit_on_failure\n"
      "  sorry_server 10.0.0.9 8080\n  sorry_server_inhibit\n  sorry_server_lvs_method TUN\n"
      "  real_server 10.0.0.2 8080 {\n    weight 2\n    lvs_method TUN\n    uthreshold 20\n    lthreshold 10\n  }\n"
      "  real_server 10.0.0.3 {\n    inhibit_on_failure off\n  }\n}\n");
  CHECK(said(parsed) ==
        "13:16 warning 5: forwarding by TUN keeps the port: 8080 becomes 80, the port of the service (only NAT maps "
        "ports; "
        "what a check connects to is set by connect_port)\n"
        "16:15 warning 5: forwarding by TUN keeps the port: 8080 becomes 80, the port of the service (only NAT maps "
        "ports; "
        "what a check connects to is set by connect_port)\n");
  const VirtualServer server = first(parsed);
  CHECK(server.identity == ServiceIdentity{ServiceAddress{IpAddress::v4({10, 0, 0, 1}), 80}});
  CHECK(server.position == Position{0, 1, 16});
  CHECK(server.scheduler == "wrr");
  CHECK(server.lb_kind == LbKind::nat);
  CHECK(server.protocol == Protocol::tcp);
  CHECK(server.persistence_timeout == 50);
  CHECK(server.quorum == 3);
  CHECK(server.hysteresis == 1);
  CHECK(server.alpha);
  CHECK(server.omega);
  CHECK(server.virtualhost == "www.example");
  REQUIRE(server.sorry_server.has_value());
  CHECK(server.sorry_server->address.to_string() == "10.0.0.9");
  CHECK(server.sorry_server->port == 80);
  CHECK(server.sorry_server->inhibit);
  CHECK(server.sorry_server->lb_kind == LbKind::tun);
  REQUIRE(server.real_servers.size() == 2);
  CHECK(server.real_servers[0].weight == 2);
  CHECK(server.real_servers[0].lb_kind == LbKind::tun);
  CHECK(server.real_servers[0].u_threshold == 20);
  CHECK(server.real_servers[0].l_threshold == 10);
  CHECK(server.real_servers[0].inhibit_on_failure);
  CHECK(server.real_servers[0].position == Position{0, 16, 15});
  CHECK(server.real_servers[1].port == 80);
  CHECK(server.real_servers[1].weight == 7);
  CHECK_FALSE(server.real_servers[1].inhibit_on_failure);
}

TEST_CASE("addresses and ports that are none cost the block") {
  const auto with = [](const char* header) {
    return read("virtual_server " + std::string(header) +
                " {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n");
  };
  CHECK(said(with("10.0.0.300 80")) ==
        "1:16 error 5: virtual_server: '10.0.0.300' is no IP address: the block is skipped\n");
  CHECK(said(with("10.0.0.1:80")) ==
        "1:16 error 5: virtual_server: '10.0.0.1:80' is no IP address: the block is skipped (write address and port as "
        "two "
        "words)\n");
  for (const char* several : {"10.0.0.1-3 80", "10.0.0.0/24 80"})
    CHECK(said(with(several)).find("(several addresses at once belong inside virtual_server_group { })") !=
          std::string::npos);
  for (const char* port : {"10.0.0.1 70000", "10.0.0.1 http", "10.0.0.1 -1"}) {
    const Parsed parsed = with(port);
    CHECK(said(parsed).find("1:25 error 5: virtual_server: the port must be 1 to 65535, not ") == 0);
    CHECK(parsed.config.virtual_servers.empty());
    CHECK(parsed.diagnostics.all().size() == 1);
  }
  CHECK(said(with("10.0.0.1 80 90")) == "1:28 warning 0: '90' after the port is ignored\n");
}

TEST_CASE("schedulers that the kernel has") {
  for (const char* name :
       {"rr", "wrr", "lc", "wlc", "lblc", "sh", "mh", "dh", "fo", "ovf", "lblcr", "sed", "nq", "twos"}) {
    const Parsed parsed = read("virtual_server 10.0.0.1 80 {\nlvs_sched " + std::string(name) +
                               "\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n");
    CHECK(said(parsed).empty());
    CHECK(first(parsed).scheduler == name);
  }
}

std::string scheduler_told(const char* name) {
  const Parsed parsed = read("virtual_server 10.0.0.1 80 {\nlb_algo " + std::string(name) +
                             "\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n");
  CHECK(parsed.diagnostics.exit_status() == 5);
  return first(parsed).scheduler + ": " + said(parsed);
}

TEST_CASE("schedulers that it has not: wlc serves, the nearest is named") {
  CHECK(scheduler_told("wdh") ==
        "wlc: 2:9 error 5: the kernel has no scheduler 'wdh': wlc is used (did you mean 'dh'? sh honours weights; mh "
        "is the "
        "modern consistent hash)\n");
  CHECK(scheduler_told("wsh") ==
        "wlc: 2:9 error 5: the kernel has no scheduler 'wsh': wlc is used (did you mean 'sh'? sh honours weights; mh "
        "is the "
        "modern consistent hash)\n");
  CHECK(scheduler_told("wlcc") ==
        "wlc: 2:9 error 5: the kernel has no scheduler 'wlcc': wlc is used (did you mean 'wlc'?)\n");
  CHECK(
      scheduler_told("loadbalance") ==
      "wlc: 2:9 error 5: the kernel has no scheduler 'loadbalance': wlc is used (the schedulers are rr, wrr, lc, wlc, "
      "lblc, sh, mh, dh, fo, ovf, lblcr, sed, nq or twos)\n");
  CHECK(scheduler_told("RR") == "rr: 2:9 warning 5: 'RR' is taken for rr (keepalived knows small letters only)\n");
}

TEST_CASE("FULLNAT is NAT to the real servers of its service, and nothing that a real server alone could have") {
  const Parsed parsed = read(server("lb_kind FULLNAT\nsorry_server 10.0.0.9 81"));
  CHECK(first(parsed).lb_kind == LbKind::fullnat);
  CHECK(first(parsed).real_servers.at(0).lb_kind == LbKind::nat);
  CHECK(first(parsed).sorry_server->lb_kind == LbKind::nat);
  CHECK(first(parsed).sorry_server->port == 81);
  CHECK(dump(parsed.config).find("lb_kind FULLNAT") != std::string::npos);
  CHECK(said(read(real("lvs_method FULLNAT"))).find("lvs_method is NAT, DR or TUN, not 'FULLNAT'") !=
        std::string::npos);
}

TEST_CASE("forwarding methods in small letters are meant, others are never guessed") {
  const Parsed small = read(server("lb_kind dr"));
  CHECK(first(small).lb_kind == LbKind::dr);
  CHECK(said(small).find(
            "5:9 warning 5: 'dr' is taken for DR (keepalived knows capitals only and would forward by NAT)") !=
        std::string::npos);
  const Parsed wrong = read(server("lvs_method HALFNAT"));
  CHECK(wrong.config.virtual_servers.empty());
  CHECK(said(wrong) ==
        "5:12 error 5: lvs_method is NAT, DR, TUN or FULLNAT, not 'HALFNAT': this virtual_server is left out (no other "
        "method "
        "stands "
        "in for it: its packets would go another way)\n");
  const Parsed real_server = read(real("lvs_method FOO\n}\nreal_server 10.0.0.3 80 {"));
  CHECK(first(real_server).real_servers.size() == 1);
  CHECK(said(real_server).find("6:12 error 5: lvs_method is NAT, DR or TUN, not 'FOO': this real_server is left out") ==
        0);
}

TEST_CASE("protocols in letters of either case") {
  CHECK(first(read(server("protocol udp"))).protocol == Protocol::udp);
  CHECK(first(read(server("protocol SCTP"))).protocol == Protocol::sctp);
  const Parsed wrong = read(server("protocol foo"));
  CHECK(first(wrong).protocol == Protocol::tcp);
  CHECK(said(wrong).find("5:10 error 5: protocol is TCP, UDP or SCTP, not 'foo' (the line is ignored)") !=
        std::string::npos);
}

TEST_CASE("persistence: absent, bare, with its time, and 0, which is none") {
  CHECK_FALSE(first(read(server(""))).persistence_timeout.has_value());
  CHECK(first(read(server("persistence_timeout"))).persistence_timeout == 360);
  CHECK(first(read(server("persistence_timeout 50"))).persistence_timeout == 50);
  const Parsed zero = read(server("persistence_timeout 0"));
  CHECK_FALSE(first(zero).persistence_timeout.has_value());
  CHECK(said(zero) ==
        "5:21 warning 5: persistence_timeout must be 1 s or more: 0 is taken for off (keepalived refuses the line, to "
        "the same end; without persistence leave it out)\n");
}

TEST_CASE("weights") {
  CHECK(first(read(real("weight 0"))).real_servers[0].weight == 0);
  CHECK(first(read(real("weight 65535"))).real_servers[0].weight == 65535);
  const Parsed heavy = read(real("weight 70000"));
  CHECK(first(heavy).real_servers[0].weight == 65535);
  CHECK(said(heavy) == "6:8 warning 0: a weight is at most 65535: that is used\n");
  CHECK(said(read(real("weight -1"))) == "6:8 error 5: weight must be 0 to 65535, not '-1' (the line is ignored)\n");
  CHECK(first(read(server("weight 9"))).real_servers[0].weight == 9);
  CHECK(said(read(server("weight 0"))) == "5:8 error 5: weight must be 1 to 65535, not '0' (the line is ignored)\n");
}

TEST_CASE("a sorry server has the service's port unless it is said, and its options follow it") {
  const VirtualServer plain = first(read(server("sorry_server 10.0.0.9")));
  CHECK(plain.sorry_server.value().port == 80);
  CHECK(plain.sorry_server->lb_kind == LbKind::nat);
  CHECK_FALSE(plain.sorry_server->inhibit);
  CHECK(first(read(server("sorry_server 10.0.0.9 8080"))).sorry_server.value().port == 8080);
  CHECK(first(read(server("sorry_server 10.0.0.9 1\nsorry_server 10.0.0.8 2"))).sorry_server.value().port == 2);
  for (const char* option : {"sorry_server_inhibit", "sorry_server_lvs_method NAT"}) {
    const Parsed parsed = read(server(option));
    CHECK(said(parsed).find("stands before its sorry_server: the line is ignored") != std::string::npos);
    CHECK(parsed.diagnostics.exit_status() == 5);
    CHECK_FALSE(first(parsed).sorry_server.has_value());
  }
}

TEST_CASE("a sorry server that is none") {
  for (const char* wrong : {"10.0.0.x 80", "10.0.0.9 80x"}) {
    const Parsed parsed = read(server("sorry_server " + std::string(wrong)));
    CHECK_FALSE(first(parsed).sorry_server.has_value());
    CHECK(said(parsed).find("there is no sorry server") != std::string::npos);
  }
  const Parsed method = read(server("sorry_server 10.0.0.9\nsorry_server_lvs_method FOO"));
  CHECK_FALSE(first(method).sorry_server.has_value());
}

TEST_CASE("a real server that is none is skipped, the others are served") {
  for (const char* wrong : {"10.0.0.300 80", "10.0.0.3 70000", "10.0.0.3 http"}) {
    const Parsed parsed = read(server("real_server " + std::string(wrong) + " {\nweight 5\n}"));
    CHECK(parsed.diagnostics.all().size() == 1);
    CHECK(parsed.diagnostics.exit_status() == 5);
    CHECK(first(parsed).real_servers.size() == 1);
  }
  CHECK(read(server("real_server {\n}")).diagnostics.exit_status() == 2);
}

}  // namespace
}  // namespace baton::config
