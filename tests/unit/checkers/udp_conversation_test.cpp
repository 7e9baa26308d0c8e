#include "checkers/udp_conversation.hpp"

#include <doctest/doctest.h>

using namespace baton::checkers;

namespace {

std::string comes_to(const UdpSpec& spec, std::string_view reply) {
  UdpConversation talk(spec);
  REQUIRE(std::holds_alternative<Send>(talk.next({})));
  REQUIRE(std::holds_alternative<Receive>(talk.next({})));
  const Step step = talk.next(std::as_bytes(std::span(reply)));
  const auto& done = std::get<Done>(step);
  return (done.outcome == Outcome::passed ? "+ " : "- ") + done.reason;
}

UdpSpec required(std::vector<UdpSpec::Expected> reply) {
  UdpSpec spec;
  spec.require_reply = true;
  spec.reply = std::move(reply);
  return spec;
}

}  // namespace

TEST_CASE("silence passes unless a reply is required") {
  UdpSpec spec;
  UdpConversation free(spec);
  REQUIRE(free.silence().has_value());
  CHECK(free.silence()->outcome == Outcome::passed);
  CHECK(comes_to(spec, "") == "+ reply");
  spec.require_reply = true;
  UdpConversation bound(spec);
  CHECK_FALSE(bound.silence().has_value());
  CHECK(comes_to(spec, "") == "+ reply");
}

// As keepalived 2.2.7 does: what both have is compared, and lengths count only with a pattern.
TEST_CASE("replies against a pattern") {
  const auto ab = required({{'a', 0xff}, {'b', 0xff}});
  CHECK(comes_to(ab, "abcdef") == "+ reply");
  CHECK(comes_to(ab, "a") == "+ reply");
  CHECK(comes_to(ab, "") == "+ reply");
  CHECK(comes_to(ab, "xb") == "- the reply differs from the pattern at octet 0");
  CHECK(comes_to(required({{'a', 0xff}, {0, 0}, {'c', 0xff}}), "axc") == "+ reply");
  CHECK(comes_to(required({{0x60, 0xf0}}), "o") == "+ reply");
  CHECK(comes_to(required({{0x60, 0xf0}}), "p") == "- the reply differs from the pattern at octet 0");
  auto bounded = ab;
  bounded.min_reply_length = 3;
  bounded.max_reply_length = 4;
  CHECK(comes_to(bounded, "ab") == "- a reply of 2 octets, wanted 3 to 4");
  CHECK(comes_to(bounded, "abc") == "+ reply");
  CHECK(comes_to(bounded, "abcde") == "- a reply of 5 octets, wanted 3 to 4");
  bounded.reply.clear();
  CHECK(comes_to(bounded, "a") == "+ reply");
}
