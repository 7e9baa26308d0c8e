#include <doctest/doctest.h>

#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

using Octets = std::vector<std::uint8_t>;
using Reply = std::vector<UdpCheck::Expected>;

UdpCheck udp(const std::string& lines, const std::string& expected = "") {
  const Parsed parsed = read(check("UDP_CHECK", lines));
  CHECK(said(parsed).find(expected) != std::string::npos);
  if (expected.empty()) CHECK(said(parsed).empty());
  return only<UdpCheck>(parsed);
}

TEST_CASE("an empty UDP_CHECK has the built-in values") {
  const UdpCheck check = udp("");
  CHECK(check.payload.empty());
  CHECK_FALSE(check.require_reply);
  CHECK(check.min_reply_length == 0);
  CHECK(check.max_reply_length == 255);
  CHECK(check.timing.retry == 1);
}

TEST_CASE("a payload is hexadecimal, in words of any length; a digit by itself is an octet") {
  CHECK(udp("payload 48656c6c6F").payload == Octets{0x48, 0x65, 0x6c, 0x6c, 0x6f});
  CHECK(udp("payload Ab12f 3 456 546443123").payload ==
        Octets{0xab, 0x12, 0x0f, 0x03, 0x45, 0x06, 0x54, 0x64, 0x43, 0x12, 0x03});
  CHECK(udp("payload 00\npayload 11", "8:1 warning 0: 'payload' is written twice").payload == Octets{0x11});
}

TEST_CASE("a payload that is none is ignored whole") {
  for (const char* wrong : {"0g", "00 xx", "0x00", "\"\"", "00 zz"})
    CHECK(udp("payload " + std::string(wrong), "error 5: payload is hexadecimal digits, not").payload.empty());
  CHECK(udp("payload 01 0x00",
            "7:12 error 5: payload is hexadecimal digits, not '0x00': the line is ignored (two digits "
            "for each octet, without 0x)")
            .payload.empty());
  CHECK(udp("payload", "7:1 error 5: 'payload' lacks its value").payload.empty());
}

TEST_CASE("a reply of any kind, or one that matches but for the digits that are x") {
  const UdpCheck any = udp("require_reply");
  CHECK(any.require_reply);
  CHECK(any.reply.empty());
  CHECK(udp("require_reply 4x XF xx 7 x").reply == Reply{{0x40, 0xf0}, {0x0f, 0x0f}, {0, 0}, {0x07, 0xff}, {0, 0xf0}});
  const UdpCheck wrong = udp("require_reply 0g", "7:15 error 5: require_reply is hexadecimal digits and x, not '0g'");
  CHECK_FALSE(wrong.require_reply);
}

TEST_CASE("lengths that no reply has are told") {
  udp("min_reply_length 300", "6:1 warning 5: min_reply_length 300 is above max_reply_length 255: no reply is right");
  const UdpCheck check = udp("min_reply_length 300\nmax_reply_length 300");
  CHECK(check.min_reply_length == 300);
  CHECK(check.max_reply_length == 300);
}

}  // namespace
}  // namespace baton::config
