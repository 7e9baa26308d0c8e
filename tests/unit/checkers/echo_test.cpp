#include "checkers/echo.hpp"

#include <doctest/doctest.h>

#include "checkers/ping_conversation.hpp"

using namespace baton;
using namespace baton::checkers;

namespace {

const EchoKey kKey{0x1234, 7, 0x0123456789abcdef};

std::string reply_to(std::string request, char type) {
  request[0] = type;
  return request;
}

bool is_reply(Family family, const std::string& message) {
  return is_echo_reply(family, kKey, std::as_bytes(std::span(message)));
}

}  // namespace

TEST_CASE("a request carries its key, and a checksum that comes out even") {
  const auto request = echo_request(Family::ipv4, kKey);
  CHECK(request.size() == kEchoSize);
  CHECK(request.substr(4, 4) == std::string("\x12\x34\x00\x07", 4));
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < request.size(); i += 2)
    sum += static_cast<std::uint32_t>(static_cast<unsigned char>(request[i]) << 8U) +
           static_cast<unsigned char>(request[i + 1]);
  while (sum > 0xffff)
    sum = (sum & 0xffffU) + (sum >> 16U);
  CHECK(sum == 0xffff);
  CHECK(static_cast<unsigned char>(echo_request(Family::ipv6, kKey)[0]) == 128);
}

TEST_CASE("a reply is one to this request, whatever the kernel made of the id") {
  const auto good = reply_to(echo_request(Family::ipv4, kKey), 0);
  CHECK(is_reply(Family::ipv4, good));
  auto other_id = good;
  other_id[4] = 'x';
  CHECK(is_reply(Family::ipv4, other_id));
  CHECK(is_reply(Family::ipv6, reply_to(echo_request(Family::ipv6, kKey), static_cast<char>(129))));
  CHECK_FALSE(is_reply(Family::ipv4, echo_request(Family::ipv4, kKey)));  // a request
  CHECK_FALSE(is_reply(Family::ipv6, good));
  for (const std::size_t place : {std::size_t{1}, std::size_t{7}, std::size_t{8}, std::size_t{127}}) {
    auto bad = good;
    bad[place] = static_cast<char>(bad[place] + 1);
    CHECK_FALSE(is_reply(Family::ipv4, bad));
  }
  CHECK_FALSE(is_reply(Family::ipv4, good.substr(0, 127)));
  CHECK_FALSE(is_reply(Family::ipv4, ""));
}

TEST_CASE("a raw socket's IPv4 header is passed over") {
  const auto good = reply_to(echo_request(Family::ipv4, kKey), 0);
  CHECK(is_reply(Family::ipv4, '\x45' + std::string(19, '\0') + good));
  CHECK(is_reply(Family::ipv4, '\x46' + std::string(23, '\0') + good));
  CHECK_FALSE(is_reply(Family::ipv4, "\x4f"));
  CHECK_FALSE(is_reply(Family::ipv4, '\x44' + std::string(15, '\0') + good));
}

TEST_CASE("a ping waits for its own reply") {
  PingConversation talk(Family::ipv4, kKey);
  CHECK(std::holds_alternative<Send>(talk.next({})));
  CHECK(std::holds_alternative<Receive>(talk.next({})));
  const auto good = reply_to(echo_request(Family::ipv4, kKey), 0);
  auto other = good;
  other[9] = 'x';
  CHECK(std::holds_alternative<Receive>(talk.next(std::as_bytes(std::span(other)))));
  CHECK(std::holds_alternative<Done>(talk.next(std::as_bytes(std::span(good)))));
}
