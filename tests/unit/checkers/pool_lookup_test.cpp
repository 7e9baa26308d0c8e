#include "checkers/pool_lookup.hpp"

#include <doctest/doctest.h>

#include "unit/checkers/dns_messages.hpp"

namespace baton::checkers {
namespace {

const DnsQuestion kSrv{"_http._tcp.web", DnsType::srv};

PoolServer server(const char* address, std::uint16_t port = 0, std::uint16_t weight = 0) {
  return {*IpAddress::parse(address), port, weight};
}

DnsReply answered(const DnsMessage& message) {
  return {DnsReply::Kind::answered, message.bytes(), {}};
}

/// What comes of an answer that leaves nothing to ask.
PoolOutcome outcome_of(DnsQuestion question, const DnsMessage& message, Family family = Family::ipv4) {
  PoolLookup lookup(std::move(question), family);
  const auto first = lookup.question();
  CHECK(lookup.handle(first, answered(message)).empty());
  REQUIRE(lookup.outcome());
  return *lookup.outcome();
}

}  // namespace

TEST_CASE("addresses are sorted, each once, of the wanted family; impossible ones are left out") {
  DnsMessage message;
  for (const auto* each :
       {"10.0.0.2", "10.0.0.1", "10.0.0.2", "0.0.0.0", "224.0.0.1", "255.255.255.255", "2001:db8::1"})
    message.address("web.example", each, 30);
  const auto outcome = outcome_of({"web.example", DnsType::a}, message);
  CHECK(outcome.kind == PoolOutcome::Kind::servers);
  CHECK(outcome.servers == std::vector{server("10.0.0.1"), server("10.0.0.2")});
  CHECK(outcome.ttl == std::chrono::seconds{30});
  const auto v6 = outcome_of({"web.example", DnsType::aaaa}, message, Family::ipv6);
  CHECK(v6.servers == std::vector{server("2001:db8::1")});
}

TEST_CASE("of SRV records the lowest priority counts, a weight of 0 is 1") {
  DnsMessage message("_http._tcp.web", 33);
  message.service("_http._tcp.web", 20, 9, 80, "three.web")
      .service("_http._tcp.web", 10, 0, 81, "two.web")
      .service("_http._tcp.web", 10, 7, 80, "one.web")
      .service("_http._tcp.web", 10, 7, 0, "one.web")
      .service("_http._tcp.web", 10, 7, 80, "");
  for (const auto* each : {"one.web", "two.web", "three.web"})
    message.address(each, std::string("10.0.0.") + (each[0] == 'o' ? '1' : each[1] == 'w' ? '2' : '3'), 60, true);
  CHECK(outcome_of(kSrv, message).servers == std::vector{server("10.0.0.1", 80, 7), server("10.0.0.2", 81, 1)});
}

TEST_CASE("targets whose addresses do not come along are asked for, all at once") {
  DnsMessage message("_http._tcp.web", 33);
  message.service("_http._tcp.web", 1, 5, 80, "one.web").service("_http._tcp.web", 1, 6, 81, "two.web");
  message.service("_http._tcp.web", 1, 6, 82, "three.web").address("three.web", "10.0.0.3", 60, true);
  PoolLookup lookup(kSrv, Family::ipv4);
  const DnsQuestion one{"one.web", DnsType::a};
  const DnsQuestion two{"two.web", DnsType::a};
  CHECK(lookup.handle(kSrv, answered(message)) == std::vector{one, two});
  CHECK_FALSE(lookup.outcome());
  DnsMessage first("one.web");
  first.alias("one.web", "real.web").address("real.web", "10.0.0.1", 3);
  CHECK(lookup.handle(one, answered(first)).empty());
  CHECK(lookup.handle(one, answered(first)).empty());  // a second answer says nothing
  CHECK_FALSE(lookup.outcome());
  SUBCASE("one that is there") {
    DnsMessage second("two.web");
    second.address("two.web", "10.0.0.2");
    lookup.handle(two, answered(second));
    CHECK(lookup.outcome()->servers ==
          std::vector{server("10.0.0.1", 80, 5), server("10.0.0.2", 81, 6), server("10.0.0.3", 82, 6)});
    CHECK(lookup.outcome()->ttl == std::chrono::seconds{3});
  }
  SUBCASE("one that is not there is passed over") {
    lookup.handle(two, {DnsReply::Kind::nothing, {}, "there is no such name"});
    CHECK(lookup.outcome()->servers == std::vector{server("10.0.0.1", 80, 5), server("10.0.0.3", 82, 6)});
  }
  SUBCASE("one that nobody knows fails all") {
    lookup.handle(two, {DnsReply::Kind::failed, {}, "no answer in time"});
    CHECK(lookup.outcome()->kind == PoolOutcome::Kind::failed);
    CHECK(lookup.outcome()->reason == "two.web: no answer in time");
  }
  SUBCASE("one with a malformed answer, too") {
    lookup.handle(two, {DnsReply::Kind::answered, {}, {}});
    CHECK(lookup.outcome()->kind == PoolOutcome::Kind::failed);
  }
}

TEST_CASE("targets that are no names are not asked for") {
  DnsMessage message("_http._tcp.web", 33);
  message.service("_http._tcp.web", 1, 5, 80, "o\\ne web");
  CHECK(outcome_of(kSrv, message).kind == PoolOutcome::Kind::nothing);
}

TEST_CASE("nothing, an empty answer and a failure are told apart") {
  PoolLookup gone(kSrv, Family::ipv4);
  gone.handle(kSrv, {DnsReply::Kind::nothing, {}, "there is no such name"});
  CHECK(gone.outcome()->kind == PoolOutcome::Kind::nothing);
  CHECK(gone.outcome()->reason == "there is no such name");
  CHECK(outcome_of({"web.example", DnsType::a}, DnsMessage()).kind == PoolOutcome::Kind::nothing);
  PoolLookup failed(kSrv, Family::ipv4);
  failed.handle(kSrv, {DnsReply::Kind::failed, {}, "SERVFAIL"});
  CHECK(failed.outcome()->kind == PoolOutcome::Kind::failed);
  CHECK(failed.handle(kSrv, answered(DnsMessage())).empty());
  CHECK(failed.outcome()->kind == PoolOutcome::Kind::failed);
}

TEST_CASE("an answer of too many servers is cut, always in the same way") {
  DnsMessage message;
  for (int i = 0; i < 255; ++i)
    message.address("w", "10.0.1." + std::to_string(i));
  auto& octets = message.octets();
  const std::string record = octets.substr(octets.size() - 17);
  octets[6] = 1;
  octets[7] = 4;  // 260 of them
  for (int i = 0; i < 5; ++i) {
    octets += record;
    octets[octets.size() - 2] = 0;
    octets.back() = static_cast<char>(i + 1);
  }
  const auto outcome = outcome_of({"web.example", DnsType::a}, message);
  CHECK(outcome.servers.size() == kMaxPoolServers);
  CHECK(outcome.left_out == 4);
  CHECK(outcome.servers.front() == server("10.0.0.1"));
}

}  // namespace baton::checkers
