#include "core/ip_address.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <arpa/inet.h>

#include <doctest/doctest.h>

using baton::Family;
using baton::IpAddress;

namespace {

IpAddress address(const std::string& text) {
  const auto parsed = IpAddress::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

}  // namespace

TEST_CASE("an address that nobody set is 0.0.0.0") {
  const IpAddress none;
  CHECK(none.family() == Family::ipv4);
  CHECK(none.is_v4());
  CHECK_FALSE(none.is_v6());
  CHECK(none.is_unspecified());
  CHECK(none.to_string() == "0.0.0.0");
  CHECK(none == IpAddress::v4(0));
}

TEST_CASE("IPv4 from octets and from a number in host order is the same address") {
  const auto from_octets = IpAddress::v4({192, 0, 2, 1});
  CHECK(from_octets == IpAddress::v4(0xc0000201U));
  CHECK(from_octets == address("192.0.2.1"));
  CHECK(from_octets.v4_host_order() == 0xc0000201U);
  REQUIRE(from_octets.octets().size() == 4);
  CHECK(from_octets.octets()[0] == 192);
  CHECK(from_octets.octets()[3] == 1);
}

TEST_CASE("IPv6 keeps its sixteen octets") {
  const auto parsed = address("2001:db8::1");
  CHECK(parsed.is_v6());
  REQUIRE(parsed.octets().size() == 16);
  CHECK(parsed.octets()[0] == 0x20);
  CHECK(parsed.octets()[1] == 0x01);
  CHECK(parsed.octets()[2] == 0x0d);
  CHECK(parsed.octets()[3] == 0xb8);
  CHECK(parsed.octets()[15] == 1);
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(parsed.octets(), octets.begin());
  CHECK(IpAddress::v6(octets) == parsed);
}

TEST_CASE("what is no address is refused") {
  for (const char* text : {"",
                           " ",
                           "1",
                           "1.2.3",
                           "1.2.3.4.5",
                           "1.2.3.256",
                           "1.2.3.-4",
                           "01.2.3.04",
                           "1.2.3.4 ",
                           " 1.2.3.4",
                           "1.2.3.4/24",
                           "1,2,3,4",
                           "a.b.c.d",
                           "0x1.2.3.4",
                           "1..2.3",
                           "1.2.3.",
                           ".1.2.3",
                           ":",
                           ":::",
                           "1::2::3",
                           "2001:db8::1%eth0",
                           "[::1]",
                           "::1/128",
                           "12345::",
                           "1:2:3:4:5:6:7",
                           "g::1",
                           "::1 ",
                           "1:2:3:4:5:6:7:8:9",
                           "::1.2.3",
                           "::256.1.1.1",
                           "eth0",
                           "localhost"}) {
    CHECK_MESSAGE(!IpAddress::parse(text), text);
  }
}

TEST_CASE("dotted numbers are what inet_pton takes them for") {
  std::mt19937 random(7);  // NOLINT(cert-msc32-c,cert-msc51-cpp)
  constexpr std::string_view kOctets = "0123456789.";
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text = "1.2.3.4";
    for (int changes = 0; changes < 3; ++changes) {
      const std::size_t at = random() % (text.size() + 1);
      const char octet = kOctets[random() % kOctets.size()];
      if (at == text.size() || random() % 2 == 0) {
        text.insert(at, 1, octet);
      } else {
        text[at] = octet;
      }
    }
    std::array<std::uint8_t, 4> octets{};
    const bool is_address = inet_pton(AF_INET, text.c_str(), octets.data()) == 1;
    const auto parsed = IpAddress::parse(text);
    REQUIRE_MESSAGE(parsed.has_value() == is_address, text);
    if (is_address) REQUIRE_MESSAGE(*parsed == IpAddress::v4(octets), text);
    accepted += is_address ? 1 : 0;
  }
  CHECK(accepted > 1000);
}

TEST_CASE("a text with a NUL inside or longer than any address is refused") {
  using namespace std::string_literals;
  CHECK_FALSE(IpAddress::parse("192.0.2.1\0.5"s));
  CHECK_FALSE(IpAddress::parse("::1\0"s));
  CHECK_FALSE(IpAddress::parse(std::string(1000, '1')));
  CHECK_FALSE(IpAddress::parse(std::string(1'000'000, ':')));
}

TEST_CASE("the longest forms are accepted") {
  CHECK(address("255.255.255.255").v4_host_order() == 0xffffffffU);
  CHECK(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").octets()[15] == 0xff);
  CHECK(address("ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255").octets()[15] == 0xff);
}

TEST_CASE("IPv6 is printed as RFC 5952 wants it") {
  struct Row {
    const char* text;
    const char* printed;
  };
  for (const auto& [text, printed] :
       std::initializer_list<Row>{{"::", "::"},
                                  {"0:0:0:0:0:0:0:1", "::1"},
                                  {"2001:DB8::ABCD", "2001:db8::abcd"},
                                  {"2001:0db8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
                                  {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
                                  {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
                                  {"fe80::", "fe80::"},
                                  {"::ffff:192.0.2.1", "::ffff:192.0.2.1"}}) {
    CHECK(address(text).to_string() == printed);
  }
}

TEST_CASE("printing and parsing give the address back, for ten thousand of each family") {
  std::mt19937 random(20260101);  // NOLINT(cert-msc51-cpp): the same addresses in each run
  std::uniform_int_distribution<unsigned> octet(0, 255);
  std::bernoulli_distribution zero(0.5);  // runs of zeros are what the short forms are about
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::uint8_t, 16> octets{};
    for (auto& each : octets)
      each = zero(random) ? std::uint8_t{0} : static_cast<std::uint8_t>(octet(random));
    const auto six = IpAddress::v6(octets);
    CHECK(IpAddress::parse(six.to_string()) == six);
    const auto four = IpAddress::v4({octets[0], octets[1], octets[2], octets[3]});
    CHECK(IpAddress::parse(four.to_string()) == four);
    CHECK(IpAddress::v4(four.v4_host_order()) == four);
  }
}

TEST_CASE("kinds of addresses, at the edges of their ranges") {
  struct Row {
    const char* text;
    bool unspecified, multicast, link_local;
  };
  for (const auto& row : std::initializer_list<Row>{{"0.0.0.0", true, false, false},
                                                    {"0.0.0.1", false, false, false},
                                                    {"223.255.255.255", false, false, false},
                                                    {"224.0.0.0", false, true, false},
                                                    {"224.0.0.18", false, true, false},
                                                    {"239.255.255.255", false, true, false},
                                                    {"240.0.0.0", false, false, false},
                                                    {"169.253.255.255", false, false, false},
                                                    {"169.254.0.0", false, false, true},
                                                    {"169.254.255.255", false, false, true},
                                                    {"169.255.0.0", false, false, false},
                                                    {"::", true, false, false},
                                                    {"::1", false, false, false},
                                                    {"ff02::12", false, true, false},
                                                    {"feff::", false, false, false},
                                                    {"fe7f::", false, false, false},
                                                    {"fe80::1", false, false, true},
                                                    {"febf::1", false, false, true},
                                                    {"fec0::", false, false, false}}) {
    CAPTURE(row.text);
    CHECK(address(row.text).is_unspecified() == row.unspecified);
    CHECK(address(row.text).is_multicast() == row.multicast);
    CHECK(address(row.text).is_link_local() == row.link_local);
  }
}

TEST_CASE("addresses are ordered by family, then as unsigned numbers: what breaks a tie of priorities") {
  const std::vector<std::string> ascending{
      "0.0.0.0",   "9.255.255.255", "10.0.0.1",        "10.0.0.2", "127.255.255.255",
      "128.0.0.0", "192.0.2.1",     "255.255.255.255", "::",       "::1",
      "::1:0",     "7fff::",        "8000::",          "ff02::12"};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      CAPTURE(ascending[i]);
      CAPTURE(ascending[j]);
      CHECK((address(ascending[i]) <=> address(ascending[j])) == (i <=> j));
      CHECK((address(ascending[i]) == address(ascending[j])) == (i == j));
    }
  }
}

TEST_CASE("families with the same octets are different addresses") {
  const auto four = IpAddress::v4(0);
  const auto six = IpAddress::v6({});
  CHECK(four != six);
  CHECK(four < six);
}

TEST_CASE("a hash set holds each address once") {
  std::unordered_set<IpAddress> seen;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    seen.insert(IpAddress::v4(0x0a000000U + i));
    seen.insert(IpAddress::v4(0x0a000000U + i));
  }
  seen.insert(address("::"));
  CHECK(seen.size() == 1001);
  CHECK(seen.contains(address("10.0.3.231")));
  CHECK_FALSE(seen.contains(address("10.0.3.232")));
  CHECK(std::hash<IpAddress>{}(address("2001:db8::1")) == std::hash<IpAddress>{}(address("2001:db8:0::1")));
}

TEST_CASE("the hash spreads neighbouring addresses") {
  std::unordered_set<std::size_t> hashes;
  for (std::uint32_t i = 0; i < 65'536; ++i)
    hashes.insert(std::hash<IpAddress>{}(IpAddress::v4(0xc0a80000U + i)));
  CHECK(hashes.size() == 65'536);
}

TEST_CASE("the longest prefix of a family") {
  CHECK(baton::max_prefix_length(Family::ipv4) == 32);
  CHECK(baton::max_prefix_length(Family::ipv6) == 128);
}
