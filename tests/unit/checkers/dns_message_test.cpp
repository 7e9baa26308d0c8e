#include "checkers/dns_message.hpp"

#include <vector>

#include <doctest/doctest.h>

#include "checkers/dns_conversation.hpp"

using namespace baton::checkers;

namespace {

std::string hex(const std::string& octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const char c : octets) {
    text += kDigits[static_cast<unsigned char>(c) >> 4U];
    text += kDigits[static_cast<unsigned char>(c) & 0xfU];
  }
  return text;
}

std::vector<std::byte> reply(std::initializer_list<unsigned> octets, std::size_t size = 12) {
  std::vector<std::byte> message;
  for (const auto octet : octets)
    message.push_back(static_cast<std::byte>(octet));
  message.resize(size);
  return message;
}

}  // namespace

// Captured from keepalived 2.2.7.
TEST_CASE("queries are keepalived's, octet for octet") {
  CHECK(hex(dns_query({}, 0x027a)) == "027a010000010000000000000000060001");
  CHECK(hex(dns_query({1, "www.example.com"}, 0x4f1f)) ==
        "4f1f0100000100000000000003777777076578616d706c6503636f6d0000010001");
}

TEST_CASE("a name that fits no message is cut, so that no query is malformed") {
  const std::string label(70, 'a');
  CHECK(dns_query({1, label}, 1).size() == 12 + 1 + 63 + 1 + 4);
  std::string name;
  for (int i = 0; i < 100; ++i)
    name += "abcdefg.";
  CHECK(dns_query({1, name}, 1).size() <= 12 + 255 + 4);
  CHECK(dns_query({1, "a..b"}, 1).size() == 12 + 5 + 4);
}

TEST_CASE("only a response with the query's id is an answer") {
  CHECK(dns_reply_code(reply({0x12, 0x34, 0x81, 0x80}), 0x1234) == 0);
  CHECK(dns_reply_code(reply({0x12, 0x34, 0x83, 0x80}), 0x1234) == 0);  // TC
  CHECK(dns_reply_code(reply({0x12, 0x34, 0x81, 0x83}), 0x1234) == 3);
  CHECK_FALSE(dns_reply_code(reply({0x12, 0x34, 0x01, 0x00}), 0x1234).has_value());
  CHECK_FALSE(dns_reply_code(reply({0x12, 0x35, 0x81, 0x80}), 0x1234).has_value());
  CHECK_FALSE(dns_reply_code(reply({0x12, 0x34, 0x81, 0x80}, 11), 0x1234).has_value());
  CHECK_FALSE(dns_reply_code({}, 0).has_value());
}

TEST_CASE("what is no answer is passed over; the answer's RCODE decides") {
  DnsConversation talk(DnsSpec{}, 0x1234);
  CHECK(std::holds_alternative<Send>(talk.next({})));
  CHECK(std::holds_alternative<Receive>(talk.next({})));
  CHECK(std::holds_alternative<Receive>(talk.next(reply({0x12, 0x35, 0x81, 0x80}))));
  const Step step = talk.next(reply({0x12, 0x34, 0x81, 0x82}));
  REQUIRE(std::holds_alternative<Done>(step));
  CHECK(std::get<Done>(step).outcome == Outcome::failed);
  CHECK(std::get<Done>(step).reason == "SERVFAIL");
  CHECK(dns_code_name(11) == "RCODE 11");
}
