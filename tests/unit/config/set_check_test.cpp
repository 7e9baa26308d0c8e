#include <doctest/doctest.h>

#include "unit/config/checks.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

HttpUrl only_url(std::string_view lines, std::string_view expected = "") {
  const Parsed parsed = read(check("HTTP_GET", "url {\n" + std::string(lines) + "\n}"));
  CHECK(said(parsed) == expected);
  const auto http = only<HttpCheck>(parsed);
  REQUIRE(http.urls.size() == 1);
  return http.urls[0];
}

TEST_CASE("a TCP_CHECK, all of it") {
  const Parsed parsed =
      read(check("TCP_CHECK",
                 "connect_ip 10.0.0.7\nconnect_port 8080\nbindto 10.0.0.8\nbind_port 1000\nbind_if eth1\n"
                 "fwmark 4294967295\nconnect_timeout 0.5\nretry 3\ndelay_before_retry 0\nwarmup 0\ndelay_loop 6"));
  CHECK(said(parsed).empty());
  const auto tcp = only<TcpCheck>(parsed);
  CHECK(tcp.target.connect_ip.value().to_string() == "10.0.0.7");
  CHECK(tcp.target.connect_port == 8080);
  CHECK(tcp.target.bindto.value().to_string() == "10.0.0.8");
  CHECK(tcp.target.bind_port == 1000);
  CHECK(tcp.target.bind_if == "eth1");
  CHECK(tcp.target.fwmark == 4294967295U);
  CHECK(tcp.timing.connect_timeout == milliseconds(500));
  CHECK(tcp.timing.retry == 3);
  CHECK(tcp.timing.delay_before_retry == Duration::zero());
  CHECK(tcp.timing.warmup == Duration::zero());
  CHECK(tcp.timing.delay_loop == seconds(6));
  CHECK(tcp.position == Position{0, 6, 1});
}

TEST_CASE("an empty TCP_CHECK has the built-in values") {
  const auto tcp = only<TcpCheck>(read(check("TCP_CHECK", "")));
  CHECK_FALSE(tcp.target.connect_ip.has_value());
  CHECK_FALSE(tcp.target.connect_port.has_value());
  CHECK_FALSE(tcp.target.bindto.has_value());
  CHECK(tcp.target.bind_if.empty());
  CHECK(tcp.target.fwmark == 0);
  CHECK(tcp.timing.delay_loop == seconds(60));
  CHECK(tcp.timing.warmup == seconds(60));
  CHECK(tcp.timing.connect_timeout == seconds(5));
  CHECK(tcp.timing.retry == 1);
  CHECK(tcp.timing.delay_before_retry == seconds(1));
}

TEST_CASE("HTTP_GET and SSL_GET, all of them") {
  for (const bool tls : {false, true}) {
    const Parsed parsed =
        read(check(tls ? "SSL_GET" : "HTTP_GET",
                   "url {\npath /a\nstatus_code 200 301-303\ndigest 0123456789ABCDEF0123456789abcdef\n"
                   "virtualhost a.example\n}\nurl {\npath /b\n}\nvirtualhost www.example\nenable_sni\n"
                   "connect_port 8443\nretry 2"));
    CHECK(said(parsed).empty());
    const auto http = only<HttpCheck>(parsed);
    CHECK(http.tls == tls);
    REQUIRE(http.urls.size() == 2);
    CHECK(http.urls[0].path == "/a");
    CHECK(http.urls[0].status_codes == std::vector<HttpUrl::StatusRange>{{200, 200}, {301, 303}});
    CHECK(http.urls[0].digest == "0123456789abcdef0123456789abcdef");
    CHECK(http.urls[0].virtualhost == "a.example");
    CHECK(http.urls[1].path == "/b");
    CHECK(http.urls[1].status_codes.empty());
    CHECK(http.urls[1].digest.empty());
    CHECK(http.virtualhost == "www.example");
    CHECK(http.enable_sni);
    CHECK(http.target.connect_port == 8443);
    CHECK(http.timing.retry == 2);
    CHECK(http.timing.delay_before_retry == seconds(3));  // the pages' own default
  }
}

TEST_CASE("enable_sni is a boolean") {
  CHECK_FALSE(only<HttpCheck>(read(check("SSL_GET", "url {\npath /\n}\nenable_sni off"))).enable_sni);
  const Parsed wrong = read(check("SSL_GET", "url {\npath /\n}\nenable_sni Yes"));
  CHECK(said(wrong) ==
        "10:12 error 5: enable_sni takes on, true, yes, off, false or no, not 'Yes' (the line is ignored; these words "
        "are in "
        "small letters)\n");
}

TEST_CASE("a check of pages without a page is left out: keepalived crashes on it") {
  for (const char* kind : {"HTTP_GET", "SSL_GET"}) {
    const Parsed parsed = read(check(kind, "retry 2"));
    CHECK(said(parsed) ==
          "6:1 error 5: the check has no url with a path: it is left out (the real server is taken for alive, whatever "
          "its "
          "state; write url { path / })\n");
    CHECK(checks(parsed).empty());
  }
}

TEST_CASE("a url without a path is left out") {
  const Parsed parsed = read(check("HTTP_GET", "url {\npath /\n}\nurl {\nstatus_code 200\n}"));
  CHECK(said(parsed) == "10:1 error 5: the url has no path: it is left out (write path / for the start page)\n");
  CHECK(only<HttpCheck>(parsed).urls.size() == 1);
}

TEST_CASE("an empty path is none") {
  const Parsed parsed = read(check("HTTP_GET", "url {\npath \"\"\n}"));
  CHECK(said(parsed).find("8:6 error 5: the path is empty: the line is ignored") != std::string::npos);
  CHECK(checks(parsed).empty());
}

TEST_CASE("status codes are 100 to 599, single or as ranges; wrong ones are ignored") {
  CHECK(only_url("path /\nstatus_code 100-599").status_codes == std::vector<HttpUrl::StatusRange>{{100, 599}});
  CHECK(only_url("path /\nstatus_code 200\nstatus_code 404").status_codes.size() == 2);
  CHECK(only_url("path /\nstatus_code").status_codes.empty());
  for (const char* wrong : {"99", "600", "300-200", "abc", "200,201", "200-", "-200", "200-300-400"})
    CHECK(only_url(
              "path /\nstatus_code 204 " + std::string(wrong),
              "9:17 error 5: '" + std::string(wrong) +
                  "' is no status code: it is ignored (100 to 599, or a range as 200-299; several with blanks between "
                  "them)\n")
              .status_codes.size() == 1);
}

TEST_CASE("a digest has 32 hexadecimal digits") {
  for (const char* wrong : {"0123", "zz23456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef0"})
    CHECK(
        only_url(
            "path /\ndigest " + std::string(wrong),
            "9:8 error 5: a digest has 32 hexadecimal digits: this one is ignored, no page is compared (it is the MD5 "
            "sum of the page's body: curl -s URL | md5sum)\n")
            .digest.empty());
}

TEST_CASE("of two digests the first one counts, which keepalived reports") {
  CHECK(only_url("path /\ndigest 0123456789abcdef0123456789abcdef\ndigest 1123456789abcdef0123456789abcdef",
                 "10:1 warning 5: 'digest' is written twice: the first one counts (the other one is in line 9)\n")
            .digest.starts_with('0'));
}

TEST_CASE("an address with a mask is taken without it") {
  const Parsed parsed = read(check("TCP_CHECK", "connect_ip 10.0.0.7/24"));
  CHECK(said(parsed) == "7:12 warning 0: '/24' after the address is ignored (a check connects to one address)\n");
  CHECK(only<TcpCheck>(parsed).target.connect_ip.value().to_string() == "10.0.0.7");
  CHECK(said(read(check("TCP_CHECK", "connect_ip foo/24"))).find("'foo/24' is no IP address") != std::string::npos);
}

TEST_CASE("the name of an interface has 15 characters at most") {
  CHECK(only<TcpCheck>(read(check("TCP_CHECK", "bind_if abcdefghijklmno"))).target.bind_if.size() == 15);
  const Parsed parsed = read(check("TCP_CHECK", "bind_if abcdefghijklmnop"));
  CHECK(said(parsed) == "7:9 error 5: the name of an interface has at most 15 characters: the line is ignored\n");
  CHECK(only<TcpCheck>(parsed).target.bind_if.empty());
}

TEST_CASE("an IPv6 link-local address needs the interface that it is on") {
  const Parsed parsed = read(check("PING_CHECK", "connect_ip fe80::1"));
  CHECK(said(parsed).find("7:12 error 5: fe80::1 is a link-local address: the check is left out (write bind_if") !=
        std::string::npos);
  CHECK(checks(parsed).empty());
  CHECK(checks(read(check("PING_CHECK", "connect_ip fe80::1\nbind_if eth0"))).size() == 1);
  CHECK(checks(read(check("PING_CHECK", "connect_ip 169.254.0.1"))).size() == 1);
}

TEST_CASE("a bindto of another family than the real server's, which keepalived overlooks in SMTP_CHECK") {
  const Parsed mail = read(check("SMTP_CHECK", "bindto 2001:db8::1"));
  CHECK(said(mail).find("7:8 error 0: bindto 2001:db8::1 and 10.0.0.2") != std::string::npos);
  CHECK_FALSE(only<SmtpCheck>(mail).target.bindto.has_value());
  const Parsed named = read(check("SMTP_CHECK", "connect_ip 10.0.0.9\nbindto 2001:db8::1"));
  CHECK(said(named).find("8:8 error 5: bindto 2001:db8::1 and 10.0.0.9") != std::string::npos);
}

TEST_CASE("the protocol of pages, and its words") {
  const auto protocol = [](const std::string& word) {
    return only<HttpCheck>(read(check("HTTP_GET", "url {\npath /\n}\nhttp_protocol " + word))).http_protocol;
  };
  CHECK(protocol("1.0") == HttpProtocol::v1_0);
  CHECK(protocol("1.0C") == HttpProtocol::v1_0_close);
  CHECK(protocol("1.0c") == HttpProtocol::v1_0_close);
  CHECK(protocol("1.1") == HttpProtocol::v1_1);
  CHECK(protocol("2") == HttpProtocol::v1_0);
  const Parsed wrong = read(check("HTTP_GET", "url {\npath /\n}\nhttp_protocol 2"));
  CHECK(said(wrong).find("10:15 error 5: http_protocol is 1.0, 1.0C or 1.1, not '2'") != std::string::npos);
}

TEST_CASE("sni_name asks for SNI, with a name of its own or the virtualhost") {
  const auto named = only<HttpCheck>(read(check("SSL_GET", "url {\npath /\n}\nsni_name a.example")));
  CHECK((named.enable_sni && named.sni_name == "a.example"));
  const auto bare = only<HttpCheck>(read(check("SSL_GET", "url {\npath /\n}\nsni_name")));
  CHECK((bare.enable_sni && bare.sni_name.empty()));
}

TEST_CASE("what pages have besides is kept") {
  const auto http = only<HttpCheck>(read(check("SSL_GET",
                                               "fast_recovery\ntls_compliant\nlog_all_failures no\nalpha\n"
                                               "url {\npath /\ntls_compliant off\n}")));
  CHECK(http.fast_recovery);
  CHECK(http.tls_compliant);
  CHECK(http.mode == CheckMode{true, false});
  CHECK(http.urls.at(0).tls_compliant == false);
}

TEST_CASE("an SMTP_CHECK and its hosts, each with a target of its own and the timing of the check") {
  const Parsed parsed = read(check("SMTP_CHECK",
                                   "helo_name me.example\nretry 4\nconnect_port 26\nhost {\nconnect_ip 10.0.0.7\nretry "
                                   "5\n}\nhost {\n}\ndelay_loop 7"));
  const auto smtp = only<SmtpCheck>(parsed);
  CHECK(smtp.helo_name == "me.example");
  CHECK(smtp.timing.retry == 4);
  CHECK(smtp.target.connect_port == 26);
  REQUIRE(smtp.hosts.size() == 2);
  CHECK(smtp.hosts[0].target.connect_ip.value().to_string() == "10.0.0.7");
  CHECK_FALSE(smtp.hosts[0].target.connect_port.has_value());
  CHECK(smtp.hosts[0].timing.retry == 5);
  CHECK(smtp.hosts[1].timing.retry == 4);
  CHECK(smtp.hosts[1].timing.delay_loop == seconds(7));
  CHECK(smtp.hosts[1].position == Position{0, 14, 1});
  CHECK(said(parsed).find("10:1 warning 0: 'host' inside SMTP_CHECK is an old form") != std::string::npos);
}

TEST_CASE("addresses that are none leave the default") {
  const Parsed parsed = read(check("TCP_CHECK", "connect_ip foo\nbindto 1.2.3"));
  CHECK(said(parsed) ==
        "7:12 error 5: connect_ip: 'foo' is no IP address (the line is ignored)\n"
        "8:8 error 5: bindto: '1.2.3' is no IP address (the line is ignored)\n");
  CHECK_FALSE(only<TcpCheck>(parsed).target.connect_ip.has_value());
}

TEST_CASE("what pages have that keepalived's have not") {
  const Parsed parsed = read(check("SSL_GET",
                                   "method HEAD\nheader \"X-Probe: a b\"\nheader \"Host: c\"\nbody \"a=b\"\nverify\n"
                                   "ca_file /etc/ca.pem\nexpire_within 14d\ntls_min_version 1.2\nlatency_limit 0.5\n"
                                   "url {\npath /\n}"));
  CHECK(said(parsed).empty());
  const auto http = only<HttpCheck>(parsed);
  CHECK(http.method == "HEAD");
  CHECK(http.headers == std::vector<std::string>{"X-Probe: a b", "Host: c"});
  CHECK(http.body == "a=b");
  CHECK(http.verify);
  CHECK(http.ca_file == "/etc/ca.pem");
  CHECK(http.expire_within == std::chrono::hours(14 * 24));
  CHECK(http.tls_min_version == 0x0303);
  CHECK(http.timing.latency_limit == milliseconds(500));
}

TEST_CASE("requests that no server could read are not made") {
  const auto ignored = [](const std::string& line) {
    const Parsed parsed = read(check("SSL_GET", line + "\nurl {\npath /\n}"));
    CHECK_MESSAGE(said(parsed).find("ignored") != std::string::npos, line);
    return only<HttpCheck>(parsed);
  };
  CHECK(ignored("method \"GE T\"").method.empty());
  CHECK(ignored("header X-Probe").headers.empty());
  CHECK(ignored("header \"X Probe: 1\"").headers.empty());
  CHECK(ignored("header \": 1\"").headers.empty());
  CHECK(ignored("expire_within soon").expire_within.count() == 0);
  CHECK(ignored("expire_within 4000d").expire_within.count() == 0);
  CHECK(ignored("tls_min_version 1.4").tls_min_version == 0);
}

TEST_CASE("a real server has as many checks as are written, in their order") {
  const std::vector<Check> all =
      checks(read(real("TCP_CHECK {\n}\nHTTP_GET {\nurl {\npath /\n}\n}\nTCP_CHECK {\nconnect_port 81\n}")));
  REQUIRE(all.size() == 3);
  CHECK(std::holds_alternative<TcpCheck>(all[0]));
  CHECK(std::holds_alternative<HttpCheck>(all[1]));
  CHECK(std::get<TcpCheck>(all[2]).target.connect_port == 81);
}

TEST_CASE("BFD_CHECK names its session, and nothing is said of it") {
  const Parsed parsed = read("bfd_instance b {\nneighbor_ip 10.0.0.9\n}\n" + check("BFD_CHECK", "name b\nalpha"));
  const auto all = checks(parsed);
  REQUIRE(all.size() == 1);
  CHECK(std::get<BfdCheck>(all[0]).name == "b");
  CHECK(std::get<BfdCheck>(all[0]).alpha);
  CHECK(said(parsed).find("BFD_CHECK") == std::string::npos);
}

}  // namespace
}  // namespace baton::config
