#include "vrrp/address_claim.hpp"

#include <algorithm>
#include <array>

#include "core/assert.hpp"
#include "vrrp/socket_filter.hpp"

namespace baton::vrrp {

namespace {

constexpr std::size_t kArpPacketSize = 28;
constexpr std::size_t kSenderMacAt = 8;
constexpr std::uint32_t kSenderAddressAt = 14;
constexpr std::uint8_t kAdvertisement = 136;
constexpr std::size_t kTargetAt = 8;
constexpr std::size_t kOptionsAt = 24;
constexpr std::uint8_t kTargetLinkLayer = 2;
constexpr std::size_t kOptionUnit = 8;

MacAddress mac_at(std::span<const std::uint8_t> octets, std::size_t at) {
  MacAddress mac{};
  std::ranges::copy(octets.subspan(at, mac.size()), mac.begin());
  return mac;
}

std::uint32_t word_of(const IpAddress& address) {
  std::uint32_t word = 0;
  for (const auto octet : address.octets().first(4))
    word = word << 8U | octet;
  return word;
}

constexpr sock_filter instruction(unsigned code, std::uint32_t k, std::uint8_t yes = 0, std::uint8_t no = 0) {
  return {static_cast<std::uint16_t>(code), yes, no, k};
}

}  // namespace

std::optional<AddressClaim> arp_claim(std::span<const std::uint8_t> packet) {
  // Ethernet and IPv4, with addresses of 6 and 4 octets; request or reply.
  constexpr std::array<std::uint8_t, 6> kKind = {0, 1, 8, 0, 6, 4};
  if (packet.size() < kArpPacketSize || !std::ranges::equal(packet.first(kKind.size()), kKind)) return std::nullopt;
  if (packet[6] != 0 || (packet[7] != 1 && packet[7] != 2)) return std::nullopt;
  std::array<std::uint8_t, 4> octets{};
  std::ranges::copy(packet.subspan(kSenderAddressAt, octets.size()), octets.begin());
  const auto address = IpAddress::v4(octets);
  if (address == IpAddress{}) return std::nullopt;
  return AddressClaim{address, mac_at(packet, kSenderMacAt)};
}

std::optional<AddressClaim> neighbour_claim(std::span<const std::uint8_t> message) {
  if (message.size() < kOptionsAt || message[0] != kAdvertisement || message[1] != 0) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy(message.subspan(kTargetAt, octets.size()), octets.begin());
  AddressClaim claim{IpAddress::v6(octets), {}};
  for (auto options = message.subspan(kOptionsAt); options.size() >= kOptionUnit;) {
    const auto length = kOptionUnit * options[1];
    if (length == 0 || length > options.size()) return std::nullopt;
    if (options[0] == kTargetLinkLayer) claim.mac = mac_at(options, 2);
    options = options.subspan(length);
  }
  return claim;
}

/// One comparison for each address, and one acceptance among every hundred: a jump reaches 255 instructions.
std::vector<sock_filter> claim_filter(std::span<const IpAddress> addresses) {
  constexpr std::size_t kTogether = 100;
  std::vector<std::uint32_t> words;
  for (const auto& address : addresses)
    if (address.is_v4() && words.size() < kMaxClaimed) words.push_back(word_of(address));
  std::vector<sock_filter> program = {instruction(BPF_LD | BPF_W | BPF_ABS, kSenderAddressAt)};
  for (std::size_t first = 0; first < words.size(); first += kTogether) {
    const auto count = std::min(kTogether, words.size() - first);
    for (std::size_t i = 0; i < count; ++i)
      program.push_back(instruction(BPF_JMP | BPF_JEQ | BPF_K, words[first + i], static_cast<std::uint8_t>(count - i)));
    program.push_back(instruction(BPF_JMP | BPF_JA, 1));
    program.push_back(instruction(BPF_RET | BPF_K, kWholePacket));
  }
  program.push_back(instruction(BPF_RET | BPF_K, 0));
  ASSERT(program.size() <= BPF_MAXINSNS);
  return program;
}

}  // namespace baton::vrrp
