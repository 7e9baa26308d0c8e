// fuzz_vrrp_packet.cpp - any bytes as an IPv4 packet: decoded, judged, encoded again, decoded to the same.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "core/assert.hpp"
#include "vrrp/packet.hpp"

using namespace baton;
using namespace baton::vrrp;

namespace {

/// Whatever is accepted must be what an instance configured like the sender accepts, and survive our own encoder.
void check_accepted(const Received& received) {
  const auto& advertisement = received.advertisement;
  const Expectation alike{advertisement.version, advertisement.vrid, advertisement.max_adver_interval,
                          advertisement.password, &advertisement.addresses};
  const auto why = refusal(received, alike);
  ASSERT(!address_list_differs(received, alike));
  ASSERT(!advertisement.addresses.empty());
  if (received.time_to_live != kTimeToLive) {
    ASSERT(why == Refusal::time_to_live);
    return;
  }
  if (advertisement.max_adver_interval == Duration::zero()) {  // version 2: equal to a configuration nobody can write
    ASSERT(advertisement.version == Version::v2 || why == Refusal::interval);
    return;
  }
  ASSERT(!why);
  const auto again =
      encode_ipv4_packet(advertisement, received.source, received.destination, 1, received.checksum_form);
  const auto twice = decode_ipv4_packet(again);
  ASSERT(twice && twice->advertisement == advertisement && twice->source == received.source);
}

/// Another director's view: the list and the password of a plain instance.
void check_foreign(const Received& received) {
  static const std::vector<IpAddress> ours = {IpAddress::v4({10, 0, 0, 100}), IpAddress::v4({10, 0, 0, 101})};
  const Expectation foreign{Version::v2, Vrid{51}, std::chrono::seconds{1}, simple_password("1111"), &ours};
  const auto why = refusal(received, foreign);
  ASSERT(!why || !users_text(*why).empty());
  ASSERT(address_list_differs(received, foreign) || received.advertisement.addresses.size() == ours.size());
}

void check(std::span<const std::uint8_t> packet) {
  const auto received = decode_ipv4_packet(packet);
  Received kept;  // memory used again gives the same verdict
  kept.advertisement.password = simple_password("left over");
  const auto why = decode_ipv4_packet_into(packet, &kept);
  ASSERT(received.has_value() == !why);
  if (!received) {
    ASSERT(received.error() == *why && !users_text(*why).empty());
    return;
  }
  ASSERT(kept.advertisement == received->advertisement && kept.checksum_form == received->checksum_form);
  check_accepted(*received);
  check_foreign(*received);
}

/// The same with total length and checksum made right: no chance finds 16 bits that fit, and what lies behind would
/// stay unseen.
std::vector<std::uint8_t> mended(std::span<const std::uint8_t> packet) {
  std::vector<std::uint8_t> result(packet.begin(), packet.end());
  const std::size_t header = result.empty() ? 0 : std::size_t{4} * (result[0] & 0x0fU);
  if (header < kIpv4HeaderSize || result.size() < header + 8 || result.size() > 0xffff) return result;
  result[2] = static_cast<std::uint8_t>(result.size() >> 8U);
  result[3] = static_cast<std::uint8_t>(result.size());
  result[header + 6] = result[header + 7] = 0;
  std::uint32_t sum = 0;
  for (std::size_t i = header; i + 1 < result.size(); i += 2)
    sum += static_cast<std::uint32_t>(result[i] << 8U | result[i + 1]);
  while (sum > 0xffffU)
    sum = (sum & 0xffffU) + (sum >> 16U);
  result[header + 6] = static_cast<std::uint8_t>(~sum >> 8U);
  result[header + 7] = static_cast<std::uint8_t>(~sum);
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(mended({data, size}));
  return 0;
}
