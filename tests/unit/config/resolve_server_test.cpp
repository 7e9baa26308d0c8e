#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::seconds;

VirtualServer first(const Parsed& parsed) {
  REQUIRE_MESSAGE(!parsed.config.virtual_servers.empty(), said(parsed));
  return parsed.config.virtual_servers[0];
}

CheckTiming timing(const Parsed& parsed) {
  const Check check = first(parsed).real_servers.at(0).checks.at(0);
  if (const auto* http = std::get_if<HttpCheck>(&check)) return http->timing;
  return std::get<TcpCheck>(check).timing;
}

/// A virtual server with lines of its own, of its real server and of the check in that.
Parsed nested(std::string_view server, std::string_view real, std::string_view kind, std::string_view check) {
  return read("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n" +
              std::string(kind) + " {\nurl { path / }\n" + std::string(check) + "\n}\n" + std::string(real) + "\n}\n" +
              std::string(server) + "\n}\n");
}

TEST_CASE("timing: the check's own, else the real server's, else the virtual server's, else the built-in one") {
  const std::string all = "delay_loop 11\ndelay_before_retry 12\nconnect_timeout 13\nwarmup 14\nretry 15";
  for (const auto& parsed :
       {nested("", "", "HTTP_GET", all), nested("", all, "HTTP_GET", ""), nested(all, "", "SSL_GET", "")}) {
    CHECK(said(parsed).empty());
    CHECK(timing(parsed).delay_loop == seconds(11));
    CHECK(timing(parsed).delay_before_retry == seconds(12));
    CHECK(timing(parsed).connect_timeout == seconds(13));
    CHECK(timing(parsed).warmup == seconds(14));
    CHECK(timing(parsed).retry == 15);
  }
  CHECK(timing(nested("retry 3", "retry 2", "HTTP_GET", "retry 1")).retry == 1);
  CHECK(timing(nested("retry 3", "retry 2", "HTTP_GET", "")).retry == 2);
  CHECK(timing(nested("delay_loop 3", "", "HTTP_GET", "delay_loop 1")).delay_loop == seconds(1));
}

TEST_CASE("the built-in delay_before_retry is 3 s for pages and 1 s otherwise") {
  CHECK(timing(nested("", "", "HTTP_GET", "")).delay_before_retry == seconds(3));
  CHECK(timing(nested("", "", "SSL_GET", "")).delay_before_retry == seconds(3));
  CHECK(timing(read(check("TCP_CHECK", ""))).delay_before_retry == seconds(1));
}

TEST_CASE("warm-up is the check's delay_loop, wherever that comes from") {
  CHECK(timing(nested("", "", "HTTP_GET", "delay_loop 7")).warmup == seconds(7));
  CHECK(timing(nested("", "delay_loop 8", "HTTP_GET", "")).warmup == seconds(8));
  CHECK(timing(nested("delay_loop 9\nwarmup 0", "", "HTTP_GET", "")).warmup == Duration::zero());
}

TEST_CASE("the Host header: the check's, else the real server's, else the virtual server's") {
  const auto host = [](const Parsed& parsed) {
    return std::get<HttpCheck>(first(parsed).real_servers.at(0).checks.at(0)).virtualhost;
  };
  CHECK(host(nested("virtualhost c", "virtualhost b", "HTTP_GET", "virtualhost a")) == "a");
  CHECK(host(nested("virtualhost c", "virtualhost b", "HTTP_GET", "")) == "b");
  CHECK(host(nested("virtualhost c", "", "HTTP_GET", "")) == "c");
  CHECK(host(nested("", "", "HTTP_GET", "")).empty());
}

TEST_CASE("what is not written is filled in as keepalived does, and said") {
  const Parsed parsed = read("virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\n}\n}\n");
  CHECK(said(parsed) ==
        "1:16 warning 5: no lb_algo: wlc is used (write lb_algo wlc to say so)\n"
        "1:16 warning 5: no lb_kind: NAT is used (write lb_kind NAT to say so)\n"
        "1:16 warning 5: no protocol: UDP IS USED, AND TCP IS NOT SERVED (write protocol TCP if that is meant)\n");
  CHECK(first(parsed).scheduler == "wlc");
  CHECK(first(parsed).lb_kind == LbKind::nat);
  CHECK(first(parsed).protocol == Protocol::udp);
}

TEST_CASE("a virtual server without real servers is left out") {
  const Parsed parsed =
      read("virtual_server 10.0.0.1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nsorry_server 10.0.0.9 80\n}\n");
  CHECK(said(parsed) == "1:16 error 5: virtual_server 10.0.0.1:80 has no real servers: it is left out\n");
  CHECK(parsed.config.virtual_servers.empty());
}

TEST_CASE("the same address, port and protocol is served once") {
  const Parsed parsed = read(server("") + server("delay_loop 9"));
  CHECK(
      said(parsed) ==
      "9:16 error 0: virtual_server 10.0.0.1:80 is there already: this one is left out (the first one is in line 1)\n");
  CHECK(parsed.config.virtual_servers.size() == 1);
  CHECK(said(read(server("") + server("protocol UDP"))).find("is there already") == std::string::npos);
  const auto of_marks = [](const char* real) {
    return std::string("virtual_server group G {\n  real_server ") + real + " 80 {\n  }\n}\n";
  };
  const std::string group = "virtual_server_group G {\n  fwmark 7\n}\n";
  CHECK(read(group + of_marks("10.0.0.9") + of_marks("2001:db8::9")).config.virtual_servers.size() == 2);
  CHECK(read(group + of_marks("10.0.0.9") + of_marks("10.0.0.8")).config.virtual_servers.size() == 1);
}

TEST_CASE("a real server stands in a virtual server once") {
  const Parsed parsed = read(server("real_server 10.0.0.2 80 {\nweight 5\n}"));
  CHECK(said(parsed) == "8:13 warning 5: real server 10.0.0.2:80 stands here twice: the second one is left out\n");
  CHECK(first(parsed).real_servers.size() == 1);
  CHECK(first(parsed).real_servers[0].weight == 5);
  CHECK(said(read(server("real_server 10.0.0.2 81 {\n}"))).empty());
}

TEST_CASE("a quorum beyond the sum of the weights is lowered to it") {
  const Parsed parsed = read(server("quorum 5\nreal_server 10.0.0.3 80 {\nweight 2\n}"));
  CHECK(said(parsed) == "5:8 warning 5: quorum 5 is more than the weights of all real servers: it becomes 3\n");
  CHECK(first(parsed).quorum == 3);
  CHECK(said(read(server("quorum 1"))).empty());
}

TEST_CASE("hysteresis stays below the quorum") {
  const Parsed parsed = read(server("quorum 2\nhysteresis 5\nreal_server 10.0.0.3 80 {\n}"));
  CHECK(said(parsed) == "6:12 warning 5: hysteresis 5 must be less than the quorum of 2: it becomes 1\n");
  CHECK(first(parsed).hysteresis == 1);
}

TEST_CASE("with weights of 0 alone the quorum is 0 and the hysteresis too: keepalived makes it 4294967295") {
  const Parsed parsed = read(real("weight 0"));
  CHECK(said(parsed) ==
        "1:16 warning 5: quorum 1 is more than the weights of all real servers: it becomes 0 (no real server takes new "
        "connections)\n");
  CHECK(first(parsed).quorum == 0);
  CHECK(first(parsed).hysteresis == 0);
  const Parsed both = read(real("weight 0\n}\nhysteresis 3\nreal_server 10.0.0.3 80 {\nweight 0"));
  CHECK(first(both).hysteresis == 0);
  CHECK(both.diagnostics.all().size() == 2);
}

TEST_CASE("DR and TUN keep the port, NAT maps it") {
  const auto with = [](const char* kind) {
    return read(server("lb_kind " + std::string(kind) + "\nreal_server 10.0.0.3 8080 {\n}"));
  };
  CHECK(first(with("NAT")).real_servers[0].port == 8080);
  for (const char* kind : {"DR", "TUN"}) {
    const Parsed parsed = with(kind);
    CHECK(said(parsed).find("6:13 warning 5: forwarding by " + std::string(kind) +
                            " keeps the port: 8080 becomes 80") != std::string::npos);
    CHECK(first(parsed).real_servers[0].port == 80);
  }
}

TEST_CASE("two servers that the port of the service makes the same are one") {
  const Parsed parsed = read(server("lb_kind DR\nreal_server 10.0.0.2 8080 {\n}"));
  CHECK(first(parsed).real_servers.size() == 1);
  CHECK(said(parsed).find("stands here twice") != std::string::npos);
}

TEST_CASE("a service of all ports is persistent") {
  const auto with = [](const char* header, const char* line) {
    return read("virtual_server " + std::string(header) + " {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n" + line +
                "\nreal_server 10.0.0.2 0 {\n}\n}\n");
  };
  for (const char* header : {"10.0.0.1", "10.0.0.1 0"}) {
    const Parsed parsed = with(header, "");
    CHECK(said(parsed).find(
              "1:16 warning 5: a service of all ports (port 0) must be persistent: persistence_timeout 360 is set") ==
          0);
    CHECK(first(parsed).persistence_timeout == 360);
    CHECK(said(with(header, "persistence_timeout 50")).empty());
  }
}

TEST_CASE("a check of a real server without a port must say which one it means") {
  const auto with = [](const char* line) {
    return read(
        "virtual_server 10.0.0.1 0 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\npersistence_timeout\nreal_server 10.0.0.2 "
        "{\nTCP_CHECK {\n" +
        std::string(line) + "\n}\n}\n}\n");
  };
  CHECK(said(with("")) ==
        "7:1 warning 0: this real server has port 0: the check cannot connect to it (say which port is checked with "
        "connect_port)\n");
  CHECK(said(with("connect_port 22")).empty());
}

TEST_CASE("families are mixed by TUN alone") {
  const Parsed parsed = read(server("real_server 2001:db8::2 80 {\n}"));
  CHECK(said(parsed) ==
        "5:13 error 5: real server 2001:db8::2 and its virtual server are of two families: it is left out (only TUN "
        "forwards "
        "from IPv4 to IPv6 or back)\n");
  CHECK(first(parsed).real_servers.size() == 1);
  CHECK(said(read(server("real_server 2001:db8::2 80 {\nlvs_method TUN\n}"))).empty());
  CHECK(said(read(server("sorry_server 2001:db8::9 80"))) ==
        "5:14 error 5: sorry server 2001:db8::9 and its virtual server are of two families: it is left out "
        "(only TUN forwards from IPv4 to IPv6 or back)\n");
}

TEST_CASE("an IPv6 service is served") {
  const Parsed parsed = read(
      "virtual_server 2001:db8::1 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 2001:db8::2 80 {\n}\n}\n");
  CHECK(said(parsed).empty());
  CHECK(std::get<ServiceAddress>(first(parsed).identity).address.to_string() == "2001:db8::1");
}

TEST_CASE("bindto has the family of what is checked") {
  const Parsed parsed = read(check("TCP_CHECK", "bindto 2001:db8::1"));
  CHECK(said(parsed) ==
        "7:8 error 5: bindto 2001:db8::1 and 10.0.0.2, which is checked, are of two families: the line is ignored\n");
  CHECK_FALSE(std::get<TcpCheck>(first(parsed).real_servers[0].checks[0]).target.bindto.has_value());
  CHECK(said(read(check("TCP_CHECK", "bindto 2001:db8::1\nconnect_ip 2001:db8::7"))).empty());
}

TEST_CASE("a lower threshold above the upper one would make the kernel refuse the server") {
  const Parsed parsed = read(real("uthreshold 10\nlthreshold 20"));
  CHECK(said(parsed) ==
        "5:13 warning 0: lthreshold 20 is above uthreshold 10: it is ignored (the kernel refuses such a server)\n");
  CHECK(first(parsed).real_servers[0].u_threshold == 10);
  CHECK(first(parsed).real_servers[0].l_threshold == 0);
  CHECK(said(read(real("uthreshold 10\nlthreshold 10"))).empty());
}

TEST_CASE("the sorry server of a DR service keeps the port") {
  const Parsed parsed = read(server("lb_kind DR\nsorry_server 10.0.0.9 8080"));
  CHECK(said(parsed).find("6:14 warning 5: forwarding by DR keeps the port: 8080 becomes 80") != std::string::npos);
  CHECK(first(parsed).sorry_server.value().port == 80);
}

}  // namespace
}  // namespace baton::config
