#include "net/dns_lookup.hpp"

#include <doctest/doctest.h>

#include "unit/checkers/dns_messages.hpp"
#include "unit/net/dns_server.hpp"

using namespace std::chrono_literals;

namespace baton::net {
namespace {

using checkers::DnsMessage;
using checkers::DnsQuestion;
using checkers::DnsType;
using checkers::PoolOutcome;

PoolServer server(const char* address, std::uint16_t port = 0, std::uint16_t weight = 0) {
  return {*IpAddress::parse(address), port, weight};
}

/// The whole lookup, within ten seconds.
std::optional<PoolOutcome> look_up(boost::asio::io_context& io, const DnsServer& at, const DnsQuestion& question,
                                   Duration timeout = 3s) {
  std::optional<PoolOutcome> outcome;
  const DnsLookup lookup(io.get_executor(), {at.endpoint(), timeout}, checkers::PoolLookup(question, Family::ipv4),
                         [&](PoolOutcome what) {
                           CHECK_FALSE(outcome.has_value());
                           outcome = std::move(what);
                         });
  const auto limit = Clock::now() + 10s;
  while (!outcome && Clock::now() < limit)
    io.run_one_for(100ms);
  return outcome;
}

std::string code(const DnsQuestion& question, char rcode) {
  DnsMessage message(question.name, static_cast<std::uint16_t>(question.type));
  message.octets()[3] = static_cast<char>('\x80' | rcode);
  return message.octets();
}

}  // namespace

TEST_CASE("addresses of a name") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    DnsMessage message(question.name, static_cast<std::uint16_t>(question.type));
    return message.address(question.name, "10.0.0.2", 30).address(question.name, "10.0.0.1", 20).octets();
  });
  const auto outcome = look_up(io, dns, {"web.example", DnsType::a});
  REQUIRE(outcome);
  CHECK(outcome->reason == "");
  CHECK(outcome->servers == std::vector{server("10.0.0.1"), server("10.0.0.2")});
  CHECK(outcome->ttl == 20s);
  CHECK(dns.asked({"web.example", DnsType::a}) == 1);
}

TEST_CASE("an answer that is too long for a datagram comes over TCP") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    DnsMessage message(question.name, static_cast<std::uint16_t>(question.type));
    for (int i = 1; i <= 200; ++i)
      message.address(question.name, "10.0.0." + std::to_string(i));
    return message.octets();
  });
  const auto outcome = look_up(io, dns, {"web.example", DnsType::a});
  REQUIRE(outcome);
  CHECK(outcome->reason == "");
  CHECK(outcome->servers.size() == 200);
  CHECK(dns.connections() == 1);
}

TEST_CASE("SRV records, and the addresses of their targets") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    DnsMessage message(question.name, static_cast<std::uint16_t>(question.type));
    if (question.type == DnsType::srv)
      return message.service(question.name, 1, 5, 8081, "one.web")
          .service(question.name, 1, 0, 8082, "two.web")
          .service(question.name, 1, 1, 8083, "gone.web")
          .octets();
    if (question.name == "gone.web") return code(question, 3);
    return message.address(question.name, question.name == "one.web" ? "10.0.0.1" : "10.0.0.2").octets();
  });
  const auto outcome = look_up(io, dns, {"_http._tcp.web", DnsType::srv});
  REQUIRE(outcome);
  CHECK(outcome->reason == "");
  CHECK(outcome->servers == std::vector{server("10.0.0.1", 8081, 5), server("10.0.0.2", 8082, 1)});
  CHECK(dns.asked() == 4);
}

TEST_CASE("a name that is not there, records that are not there, a server that cannot") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    return code(question, question.name == "gone.example" ? '\x03' : question.name == "bad.example" ? '\x02' : '\0');
  });
  const auto gone = look_up(io, dns, {"gone.example", DnsType::a});
  REQUIRE(gone);
  CHECK(gone->kind == PoolOutcome::Kind::nothing);
  CHECK(gone->reason == "there is no such name");
  const auto empty = look_up(io, dns, {"empty.example", DnsType::a});
  REQUIRE(empty);
  CHECK(empty->kind == PoolOutcome::Kind::nothing);
  const auto bad = look_up(io, dns, {"bad.example", DnsType::a});
  REQUIRE(bad);
  CHECK(bad->kind == PoolOutcome::Kind::failed);
}

TEST_CASE("a silent name server costs no more than the time that it is given; one lost datagram is repeated") {
  boost::asio::io_context io;
  int lost = 0;
  DnsServer dns(io, [&](const DnsQuestion& question) -> std::optional<std::string> {
    if (question.name == "silent.example" || lost++ == 0) return std::nullopt;
    return DnsMessage(question.name).address(question.name, "10.0.0.1").octets();
  });
  const auto before = Clock::now();
  const auto silent = look_up(io, dns, {"silent.example", DnsType::a}, 700ms);
  REQUIRE(silent);
  CHECK(silent->kind == PoolOutcome::Kind::failed);
  CHECK(silent->reason.find("in time") != std::string::npos);
  CHECK(Clock::now() - before >= 500ms);
  CHECK(dns.asked({"silent.example", DnsType::a}) >= 2);
  const auto second = look_up(io, dns, {"web.example", DnsType::a}, 2s);
  REQUIRE(second);
  CHECK(second->kind == PoolOutcome::Kind::servers);
}

TEST_CASE("answers that are malformed, or to another question, are not believed") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    if (question.name == "other.example")
      return DnsMessage("else.example").address("else.example", "10.0.0.1").octets();
    auto octets = DnsMessage(question.name).address(question.name, "10.0.0.1").octets();
    octets.resize(octets.size() - 2);
    return octets;
  });
  const auto other = look_up(io, dns, {"other.example", DnsType::a}, 500ms);
  REQUIRE(other);
  CHECK(other->kind == PoolOutcome::Kind::failed);
  const auto cut = look_up(io, dns, {"cut.example", DnsType::a}, 500ms);
  REQUIRE(cut);
  CHECK(cut->kind == PoolOutcome::Kind::failed);
}

TEST_CASE("a lookup that is destroyed says nothing any more") {
  boost::asio::io_context io;
  DnsServer dns(io, [](const DnsQuestion& question) -> std::optional<std::string> {
    return DnsMessage(question.name).address(question.name, "10.0.0.1").octets();
  });
  auto lookup = std::make_unique<DnsLookup>(io.get_executor(), DnsSettings{dns.endpoint(), 2s},
                                            checkers::PoolLookup({"web.example", DnsType::a}, Family::ipv4),
                                            [](const PoolOutcome&) { FAIL("it is gone"); });
  SUBCASE("before the answer") {}
  SUBCASE("with the answer on its way") {
    while (dns.asked() == 0)
      io.run_one_for(1s);
  }
  lookup.reset();
  io.run_for(100ms);
}

}  // namespace baton::net
