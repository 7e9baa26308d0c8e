// fuzz_vrrp_packet.cpp - any bytes as an IPv4 or IPv6 packet: decoded, judged, encoded again, decoded to the same.
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "core/assert.hpp"
#include "vrrp/expectation.hpp"
#include "vrrp/internet_checksum.hpp"

using namespace baton;
using namespace baton::vrrp;

namespace {

/// Nobody guesses a key: the packet is authentic only when sealed anew.
void check_authentication(const Received& received, Expectation alike, std::span<const std::uint8_t> packet) {
  ASSERT(received.advertisement.has_authentication_header);
  ASSERT(refusal(received, alike, packet).has_value());  // nobody asked for the header
  alike.ah_key = simple_password("secret");
  ASSERT(refusal(received, alike).has_value());
  if (packet.size() > 2048) return;
  std::vector<std::uint8_t> sealed(packet.begin(), packet.end());
  sealed.resize(static_cast<std::size_t>(sealed[2] << 8U | sealed[3]));
  seal(sealed, ip_header_size(sealed), *alike.ah_key, 7);
  const auto again = decode_packet(sealed);
  ASSERT(again && again->authentication->sequence == 7 && again->advertisement == received.advertisement);
  const auto why = refusal(*again, alike, sealed);
  ASSERT(why != Refusal::authentication && why != Refusal::sequence);
  alike.last_sequence = 7;
  ASSERT(refusal(*again, alike, sealed).has_value());
}

/// Whatever is accepted must be what an instance configured like the sender accepts, and survive our own encoder.
void check_accepted(const Received& received, std::span<const std::uint8_t> packet) {
  const auto& advertisement = received.advertisement;
  Expectation alike{advertisement.version, advertisement.vrid, advertisement.max_adver_interval, advertisement.password,
                    &advertisement.addresses};
  const std::vector<Peer> peers = {{received.source, 0, 255}};
  alike.peers = &peers;
  const bool is_multicast = received.destination.is_multicast();
  if (is_multicast) alike.group = received.destination;
  if (received.authentication) {
    check_authentication(received, alike, packet);
    return;
  }
  const auto why = refusal(received, alike, packet);
  ASSERT(!address_list_differs(received, alike));
  ASSERT(!advertisement.addresses.empty());
  if (is_multicast && received.time_to_live != kTimeToLive) {
    ASSERT(why == Refusal::time_to_live);
    return;
  }
  if (advertisement.max_adver_interval == Duration::zero()) {  // version 2: equal to a configuration nobody can write
    ASSERT(advertisement.version == Version::v2 || why == Refusal::interval);
    return;
  }
  ASSERT(!why);
  const auto again = encode_packet(advertisement, {received.source, received.destination, 1, received.checksum_form});
  const auto twice = decode_packet(again);
  ASSERT(twice && twice->advertisement == advertisement && twice->source == received.source);
}

/// Another director's view: the list and the password of a plain instance.
void check_foreign(const Received& received) {
  static const std::vector<IpAddress> ours = {IpAddress::v4({10, 0, 0, 100}), IpAddress::v4({10, 0, 0, 101})};
  Expectation foreign{Version::v2, Vrid{51}, std::chrono::seconds{1}, simple_password("1111"), &ours};
  foreign.group = multicast_group(Family::ipv4);
  const auto why = refusal(received, foreign);
  ASSERT(!why || !users_text(*why).empty());
  ASSERT(address_list_differs(received, foreign) || received.advertisement.addresses.size() == ours.size());
}

void check(std::span<const std::uint8_t> packet) {
  const auto received = decode_packet(packet);
  Received kept;  // memory used again gives the same verdict
  kept.advertisement.password = simple_password("left over");
  const auto why = decode_packet_into(packet, &kept);
  ASSERT(received.has_value() == !why);
  if (!received) {
    ASSERT(received.error() == *why && !users_text(*why).empty());
    return;
  }
  ASSERT(kept.advertisement == received->advertisement && kept.checksum_form == received->checksum_form);
  check_accepted(*received, packet);
  check_foreign(*received);
}

/// The same with lengths and checksum made right: no chance finds 16 bits that fit, and what lies behind would stay
/// unseen.
std::vector<std::uint8_t> mended(std::span<const std::uint8_t> packet) {
  std::vector<std::uint8_t> result(packet.begin(), packet.end());
  if (result.empty() || result.size() > 0xffff) return result;
  const bool is_v6 = result[0] >> 4U == 6;
  const auto header = ip_header_size(result);
  const bool has_ah = !is_v6 && result.size() > 9 && result[9] == kAhProtocol;
  const auto message = header + (has_ah ? kAhSize : 0);
  if (header < kIpv4HeaderSize || result.size() < message + 8) return result;
  store16(result, is_v6 ? 4 : 2, static_cast<std::uint16_t>(result.size() - (is_v6 ? kIpv6HeaderSize : 0)));
  store16(result, message + 6, 0);
  const auto body = std::span(result).subspan(message);
  std::uint32_t before = 0;
  if (is_v6) {
    const auto address = [&](std::size_t at) {
      std::array<std::uint8_t, 16> octets{};
      std::copy_n(result.begin() + static_cast<std::ptrdiff_t>(at), octets.size(), octets.begin());
      return IpAddress::v6(octets);
    };
    before = pseudo_header_sum(address(8), address(24), kIpProtocol, body.size());
  }
  store16(result, message + 6, checksum_of(ones_complement_sum(body, before)));
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check({data, size});
  check(mended({data, size}));
  return 0;
}
