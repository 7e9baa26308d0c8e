#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::vector<Check> checks(const Parsed& parsed) {
  REQUIRE_MESSAGE(parsed.config.virtual_servers.size() == 1, said(parsed));
  return parsed.config.virtual_servers[0].real_servers.at(0).checks;
}

template <class Kind>
Kind only(const Parsed& parsed) {
  const std::vector<Check> all = checks(parsed);
  REQUIRE_MESSAGE(all.size() == 1, said(parsed));
  return std::get<Kind>(all[0]);
}

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

TEST_CASE("addresses that are none leave the default") {
  const Parsed parsed = read(check("TCP_CHECK", "connect_ip foo\nbindto 1.2.3"));
  CHECK(said(parsed) ==
        "7:12 error 5: connect_ip: 'foo' is no IP address (the line is ignored)\n"
        "8:8 error 5: bindto: '1.2.3' is no IP address (the line is ignored)\n");
  CHECK_FALSE(only<TcpCheck>(parsed).target.connect_ip.has_value());
}

TEST_CASE("a real server has as many checks as are written, in their order") {
  const std::vector<Check> all =
      checks(read(real("TCP_CHECK {\n}\nHTTP_GET {\nurl {\npath /\n}\n}\nTCP_CHECK {\nconnect_port 81\n}")));
  REQUIRE(all.size() == 3);
  CHECK(std::holds_alternative<TcpCheck>(all[0]));
  CHECK(std::holds_alternative<HttpCheck>(all[1]));
  CHECK(std::get<TcpCheck>(all[2]).target.connect_port == 81);
}

TEST_CASE("a check that is not carried out yet is told with what that means, and kept") {
  const Parsed parsed = read(check("MISC_CHECK", "misc_path /x"));
  CHECK(said(parsed) ==
        "6:1 warning 1: 'MISC_CHECK' is accepted, not active yet (the real server is served without "
        "this "
        "check)\n");
  CHECK(checks(parsed).size() == 1);
}

}  // namespace
}  // namespace baton::config
