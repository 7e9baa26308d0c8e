// probe_bench.hpp - one probe after the other, on a loop of its own.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <doctest/doctest.h>

#include "checkers/conversations.hpp"
#include "net/exchange.hpp"
#include "unit/net/check_server.hpp"

namespace baton::test {

inline const std::string kOk = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK";

inline checkers::CheckSpec tcp_check(const checkers::Endpoint& to) {
  checkers::CheckSpec spec;
  spec.target.to = to;
  return spec;
}

inline checkers::CheckSpec http_check(const checkers::Endpoint& to, std::string digest = {}) {
  checkers::UrlSpec url;
  url.status_codes = {checkers::StatusRange{}};
  url.digest = std::move(digest);
  checkers::HttpSpec http;
  http.urls = {url};
  checkers::CheckSpec spec;
  spec.target.to = to;
  spec.what = http;
  return spec;
}

inline checkers::CheckSpec ssl_check(const checkers::Endpoint& to) {
  auto spec = http_check(to);
  std::get<checkers::HttpSpec>(spec.what).tls = true;
  return spec;
}

/// A loop and what an exchange needs of it.
struct Bench : net::Exchange::Owner {
  boost::asio::io_context io{1};
  net::Alarms deadlines{io.get_executor(), net::Alarms::Stall::forgiven};
  std::shared_ptr<net::TlsContext> tls = net::TlsContext::create().value();
  net::TlsSession session;
  std::deque<checkers::Conversations> talks;
  std::uint64_t nonce = 0x5eed;
  Duration wait_limit = std::chrono::seconds{5};
  Duration total_limit = std::chrono::seconds{20};
  net::Readiness sockets{io.get_executor()};
  std::optional<net::ProbeResult> result;

  std::unique_ptr<net::Exchange> exchange(const checkers::CheckSpec& spec) {
    net::ExchangePlan plan;
    plan.target = &spec.target;
    plan.wait_limit = wait_limit;
    plan.total_limit = total_limit;
    talks.emplace_back(spec);
    plan.talk = talks.back().begin(0, ++nonce);
    plan.transport = talks.back().transport();
    plan.deadlines = &deadlines;
    plan.sockets = &sockets;
    plan.tls = tls;
    plan.session = &session;
    return std::make_unique<net::Exchange>(std::move(plan), *this);
  }

  void exchanged(net::ProbeResult found) override {
    CHECK_FALSE(result.has_value());
    result = std::move(found);
  }

  /// The outcome and reason of one probe: "+ connected".
  std::string probe(const checkers::CheckSpec& spec) {
    const auto run = exchange(spec);
    result.reset();
    run->begin();
    io.restart();
    while (!result && io.run_one_for(std::chrono::seconds{30}) > 0) {
    }
    REQUIRE(result.has_value());
    return text();
  }

  [[nodiscard]] std::string text() const {
    const char mark = result->outcome == checkers::Outcome::passed   ? '+'
                      : result->outcome == checkers::Outcome::failed ? '-'
                                                                     : 'L';
    return std::string(1, mark) + ' ' + result->reason;
  }
};

}  // namespace baton::test
