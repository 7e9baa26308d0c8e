#include "checkers/spec.hpp"

#include <doctest/doctest.h>

using namespace baton::checkers;
using namespace std::chrono_literals;
using baton::Shared;

namespace {

CheckSpec page() {
  UrlSpec url;
  url.host = "www.example.com";
  url.status_codes = {StatusRange{}};
  HttpSpec http;
  http.urls = {url};
  CheckSpec spec;
  spec.target.to = {baton::IpAddress::v4({192, 0, 2, 1}), 80};
  spec.what = http;
  return spec;
}

}  // namespace

TEST_CASE("checks that are built alike are equal, and so are their fingerprints") {
  auto one = page();
  auto other = page();
  std::get<HttpSpec>(one.what).request = Shared<RequestSpec>(RequestSpec{"HEAD", {"X-Check: 1"}, ""});
  std::get<HttpSpec>(other.what).request = Shared<RequestSpec>(RequestSpec{"HEAD", {"X-Check: 1"}, ""});
  CHECK(one == other);
  CHECK(fingerprint(one) == fingerprint(other));
  CHECK_FALSE(one == page());
}

TEST_CASE("whatever differs gives another fingerprint") {
  const auto before = fingerprint(page());
  const auto differs = [&](auto change) {
    auto spec = page();
    change(spec);
    CHECK_FALSE(spec == page());
    return fingerprint(spec) != before;
  };
  CHECK(differs([](CheckSpec& spec) { spec.target.to.port = 81; }));
  CHECK(differs([](CheckSpec& spec) { spec.target.bind_if = "eth0"; }));
  CHECK(differs([](CheckSpec& spec) { spec.schedule.retry = 2; }));
  CHECK(differs([](CheckSpec& spec) { spec.schedule.latency_limit = 1s; }));
  CHECK(differs([](CheckSpec& spec) { spec.log_all_failures = true; }));
  CHECK(differs([](CheckSpec& spec) { spec.what = TcpSpec{}; }));
  CHECK(differs([](CheckSpec& spec) { std::get<HttpSpec>(spec.what).tls = true; }));
  CHECK(differs([](CheckSpec& spec) { std::get<HttpSpec>(spec.what).urls[0].path = "/ok"; }));
  CHECK(differs([](CheckSpec& spec) { std::get<HttpSpec>(spec.what).urls[0].regex = Shared(RegexSpec{}); }));
  CHECK(differs([](CheckSpec& spec) { std::get<HttpSpec>(spec.what).tls_options = Shared(TlsSpec{}); }));
}

TEST_CASE("a check is named by its keyword") {
  CheckSpec spec;
  CHECK(kind_of(spec) == "TCP_CHECK");
  spec = page();
  CHECK(kind_of(spec) == "HTTP_GET");
  std::get<HttpSpec>(spec.what).tls = true;
  CHECK(kind_of(spec) == "SSL_GET");
}
