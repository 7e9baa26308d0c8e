#include "vrrp/address_claim.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "vrrp/announcement.hpp"

using namespace baton;
using namespace baton::vrrp;

namespace {

constexpr MacAddress kMac{2, 0, 0, 0, 0, 9};
constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIpv6 = 40;

IpAddress address(const std::string& text) {
  const auto parsed = IpAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

std::vector<std::uint8_t> announced(const char* text, std::size_t headers) {
  const auto frame = announcement(kMac, address(text));
  const auto octets = frame.octets().subspan(headers);
  return {octets.begin(), octets.end()};
}

/// Runs a program of the instructions that claim_filter() uses; whether the packet is let through.
bool passes(const std::vector<sock_filter>& program, std::span<const std::uint8_t> packet) {
  std::uint32_t a = 0;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const auto& one = program[at];
    switch (one.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        if (one.k + 4 > packet.size()) return false;
        for (std::size_t i = 0; i < 4; ++i)
          a = a << 8U | packet[one.k + i];
        break;
      case BPF_JMP | BPF_JEQ | BPF_K: at += a == one.k ? one.jt : one.jf; break;
      case BPF_JMP | BPF_JA: at += one.k; break;
      case BPF_RET | BPF_K: return one.k != 0;
      default: FAIL("an instruction that is not known here");
    }
  }
  FAIL("the program has no end");
  return false;
}

}  // namespace

TEST_CASE("gratuitous ARP says who has the address; a probe says nothing") {
  auto packet = announced("192.0.2.10", kEthernet);
  CHECK(arp_claim(packet) == AddressClaim{address("192.0.2.10"), kMac});
  packet[7] = 2;  // a reply
  CHECK(arp_claim(packet) == AddressClaim{address("192.0.2.10"), kMac});
  packet[7] = 3;
  CHECK_FALSE(arp_claim(packet));
  packet[7] = 1;
  std::fill_n(packet.begin() + 14, 4, std::uint8_t{0});
  CHECK_FALSE(arp_claim(packet));
}

TEST_CASE("an ARP packet of other kinds, or cut short, says nothing") {
  const auto packet = announced("192.0.2.10", kEthernet);
  for (std::size_t length = 0; length < packet.size(); ++length)
    CHECK_FALSE(arp_claim(std::span(packet).first(length)));
  for (std::size_t at = 0; at < 6; ++at) {
    auto changed = packet;
    changed[at] ^= 0x40U;
    CHECK_FALSE(arp_claim(changed));
  }
}

TEST_CASE("a Neighbour Advertisement says who has its target; without the option not with which MAC") {
  auto message = announced("2001:db8::10", kEthernet + kIpv6);
  CHECK(neighbour_claim(message) == AddressClaim{address("2001:db8::10"), kMac});
  CHECK(neighbour_claim(std::span(message).first(24)) == AddressClaim{address("2001:db8::10"), {}});
  CHECK_FALSE(neighbour_claim(std::span(message).first(23)));
  message[25] = 0;  // an option of no length
  CHECK_FALSE(neighbour_claim(message));
  message[25] = 9;  // longer than the message
  CHECK_FALSE(neighbour_claim(message));
  message[0] = 135;
  CHECK_FALSE(neighbour_claim(message));
}

TEST_CASE("the filter passes our addresses and no others, however many there are") {
  std::vector<IpAddress> addresses = {address("2001:db8::1")};
  CHECK_FALSE(passes(claim_filter(addresses), announced("192.0.2.10", kEthernet)));
  for (unsigned i = 0; i < 2500; ++i)
    addresses.push_back(address("10.0." + std::to_string(i / 250) + '.' + std::to_string(i % 250)));
  for (const std::size_t count : {2U, 100U, 101U, 102U, 255U, 2001U, 2501U}) {
    const auto program = claim_filter(std::span(addresses).first(count));
    REQUIRE(program.size() <= BPF_MAXINSNS);
    for (std::size_t i = 1; i < addresses.size(); ++i) {
      const auto text = addresses[i].to_string();
      const bool is_watched = i < count && i <= kMaxClaimed;
      if (passes(program, announced(text.c_str(), kEthernet)) != is_watched) FAIL_CHECK(text << " of " << count);
    }
  }
}
