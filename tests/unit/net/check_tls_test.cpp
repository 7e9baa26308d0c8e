// What SSL_GET can ask for beside a page: certificates, versions, a clean end.
#include <filesystem>

#include <unistd.h>

#include <doctest/doctest.h>
#include <openssl/ssl.h>

#include "unit/net/probe_bench.hpp"

using namespace baton;
using namespace baton::net;
using namespace baton::test;
using namespace std::chrono_literals;
using checkers::TlsSpec;

namespace {

/// A file that ends with the test.
struct Pem {
  std::string path =
      std::filesystem::temp_directory_path() / ("baton_check_tls_" + std::to_string(::getpid()) + ".pem");
  explicit Pem(const TlsServer& server) { server.save(path); }
  ~Pem() { std::filesystem::remove(path); }
  Pem(const Pem&) = delete;
  Pem& operator=(const Pem&) = delete;
};

checkers::CheckSpec named(const checkers::Endpoint& to, const std::string& name) {
  auto spec = ssl_check(to);
  std::get<checkers::HttpSpec>(spec.what).urls[0].host = name;
  return spec;
}

TlsSpec verifying(const std::string& ca_file) {
  TlsSpec spec;
  spec.verify = true;
  spec.ca_file = ca_file;
  return spec;
}

}  // namespace

TEST_CASE("verify wants a chain to the authority and the right name; a short handshake keeps both") {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    TlsServer tls(version);
    const Pem pem(tls);
    CheckServer server(tls.answers(kOk));
    Bench bench;
    bench.tls = TlsContext::create(verifying(pem.path)).value();
    for (int probe = 0; probe < 3; ++probe) {
      CHECK(bench.probe(named(server.endpoint(), "check.test")) == "+ status 200");
      CHECK(bench.result->resumed == (probe > 0));
      REQUIRE(bench.result->certificate_end.has_value());
      CHECK(*bench.result->certificate_end > std::chrono::system_clock::now());
    }
    bench.session.forget();
    CHECK(bench.probe(named(server.endpoint(), "other.test")) ==
          "- TLS handshake: certificate verify failed: hostname mismatch");
    CHECK(bench.probe(named(server.endpoint(), "127.0.0.1:443")).starts_with("- TLS handshake: certificate verify"));
    bench.tls = TlsContext::create(verifying("")).value();
    CHECK(bench.probe(named(server.endpoint(), "check.test")) ==
          "- TLS handshake: certificate verify failed: self-signed certificate");
  }
}

TEST_CASE("a client shows its certificate") {
  TlsServer tls(TLS1_2_VERSION);
  const Pem pem(tls);
  tls.ask_for_certificate();
  CheckServer server(tls.answers(kOk));
  Bench bench;
  CHECK(bench.probe(ssl_check(server.endpoint())).starts_with("- TLS handshake"));
  TlsSpec spec;
  spec.certificate = pem.path;
  bench.tls = TlsContext::create(spec).value();
  CHECK(bench.probe(ssl_check(server.endpoint())) == "+ status 200");
}

TEST_CASE("a version that is too old is not spoken") {
  TlsServer tls(TLS1_2_VERSION);
  CheckServer server(tls.answers(kOk));
  Bench bench;
  TlsSpec spec;
  spec.minimum = TLS1_3_VERSION;
  bench.tls = TlsContext::create(spec).value();
  CHECK(bench.probe(ssl_check(server.endpoint())).starts_with("- TLS handshake: "));
  spec.minimum = TLS1_2_VERSION;
  bench.tls = TlsContext::create(spec).value();
  CHECK(bench.probe(ssl_check(server.endpoint())) == "+ status 200");
}

TEST_CASE("files that are missing or wrong are told of, and tried again") {
  TlsContexts contexts(nullptr);
  TlsSpec spec;
  spec.certificate = "/nonexistent/certificate.pem";
  CHECK(contexts.of(Shared(spec)).error().message.starts_with("cannot use certificate /nonexistent/certificate.pem: "));
  CHECK(contexts.of(Shared(verifying("/nonexistent/ca.pem"))).error().message.starts_with("cannot use authorities "));

  const auto usual = contexts.of({}).value();
  REQUIRE(usual != nullptr);
  CHECK(contexts.of({}).value() == usual);

  const TlsServer tls(TLS1_3_VERSION);
  const Pem pem(tls);
  const auto made = contexts.of(Shared(verifying(pem.path))).value();
  CHECK(contexts.of(Shared(verifying(pem.path))).value() == made);
  contexts.reread();
  CHECK(contexts.of(Shared(verifying(pem.path))).value() != made);
}

TEST_CASE("tls_compliant ends with close_notify") {
  for (const bool compliant : {false, true}) {
    TlsServer tls(TLS1_3_VERSION);
    {
      CheckServer server(tls.answers(kOk));
      Bench bench;
      auto spec = ssl_check(server.endpoint());
      std::get<checkers::HttpSpec>(spec.what).urls[0].tls_compliant = compliant;
      CHECK(bench.probe(spec) == "+ status 200");
    }
    CHECK(tls.was_told_goodbye() == compliant);
  }
}
