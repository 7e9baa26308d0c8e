#include "checkers/dns_answer.hpp"

#include <doctest/doctest.h>

#include "unit/addresses.hpp"
#include "unit/checkers/dns_messages.hpp"

namespace baton::checkers {
TEST_CASE("addresses of both families, behind an alias, with the lowest TTL of all") {
  DnsMessage message;
  message.alias("web.example", "pool.example", 20).address("pool.example", "10.0.0.1", 60);
  message.address("POOL.Example", "2001:db8::1", 30);
  const auto answer = decode_dns_answer(message.bytes());
  REQUIRE(answer);
  CHECK(answer->addresses == std::vector<DnsAnswer::Address>{{"pool.example", address("10.0.0.1")},
                                                             {"pool.example", address("2001:db8::1")}});
  CHECK(answer->ttl == std::chrono::seconds{20});
}

TEST_CASE("services, and the addresses that come along with them") {
  DnsMessage message("_http._tcp.web", 33);
  message.service("_http._tcp.web", 10, 5, 8080, "one.web").service("_http._tcp.web", 20, 0, 81, "");
  message.address("one.web", "10.0.0.1", 7, true);
  const auto answer = decode_dns_answer(message.bytes());
  REQUIRE(answer);
  CHECK(answer->services == std::vector<DnsAnswer::Service>{{10, 5, 8080, "one.web"}, {20, 0, 81, ""}});
  CHECK(answer->addresses.empty());
  CHECK(answer->additional == std::vector<DnsAnswer::Address>{{"one.web", address("10.0.0.1")}});
  CHECK(answer->ttl == std::chrono::seconds{7});
}

TEST_CASE("names are compressed") {
  DnsMessage message;
  auto& octets = message.octets();
  octets[7] = 1;
  octets += std::string("\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x01", 16);
  const auto answer = decode_dns_answer(message.bytes());
  REQUIRE(answer);
  CHECK(answer->addresses == std::vector<DnsAnswer::Address>{{"web.example", address("10.0.0.1")}});
}

TEST_CASE("records of other types are passed over; no records are an answer") {
  DnsMessage message;
  CHECK(decode_dns_answer(message.bytes())->ttl == std::chrono::seconds{0});
  message.record("web.example", 16, 5, "\x04text")
      .record("web.example", 1, 5, "six oct")
      .address("web.example", "10.0.0.1", 60);
  const auto answer = decode_dns_answer(message.bytes());
  REQUIRE(answer);
  CHECK(answer->addresses.size() == 1);
  CHECK(answer->ttl == std::chrono::seconds{60});
}

TEST_CASE("a TTL with its highest bit set is 0") {
  DnsMessage message;
  message.address("web.example", "10.0.0.1", 0x80000001U);
  CHECK(decode_dns_answer(message.bytes())->ttl == std::chrono::seconds{0});
}

TEST_CASE("a message that is cut anywhere is refused") {
  DnsMessage message("_http._tcp.web", 33);
  message.service("_http._tcp.web", 10, 5, 8080, "one.web").address("one.web", "10.0.0.1", 7, true);
  const auto whole = message.bytes();
  REQUIRE(decode_dns_answer(whole));
  for (std::size_t length = 0; length < whole.size(); ++length)
    CHECK_MESSAGE(!decode_dns_answer(whole.first(length)), length);
}

TEST_CASE("names that loop, point forwards, are too long or have odd labels are refused") {
  const auto with_name = [](const std::string& name) {
    DnsMessage message;
    message.octets()[7] = 1;
    message.octets() += name + std::string("\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x01", 14);
    return decode_dns_answer(message.bytes()).has_value();
  };
  CHECK(with_name("\xc0\x0c"));
  CHECK_FALSE(with_name("\xc0\x1d"));  // itself
  CHECK_FALSE(with_name("\xc0\x20"));  // forwards
  CHECK_FALSE(with_name("\x41web"));   // a label of 65 octets is none
  std::string longest;
  for (int i = 0; i < 5; ++i)
    longest += '\x3f' + std::string(63, 'a');
  CHECK_FALSE(with_name(longest + '\0'));
}

TEST_CASE("a record whose data is longer than it says is refused") {
  DnsMessage message("_http._tcp.web", 33);
  message.record("_http._tcp.web", 33, 60, std::string("\x00\x01\x00\x01\x00\x50", 6));
  message.octets() += std::string("\x03one\x00", 5);
  CHECK_FALSE(decode_dns_answer(message.bytes()));
}

TEST_CASE("a query is no answer") {
  DnsMessage message;
  message.octets()[2] = 1;
  CHECK_FALSE(decode_dns_answer(message.bytes()));
}

}  // namespace baton::checkers
