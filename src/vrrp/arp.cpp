#include "vrrp/arp.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::vrrp {

ArpFrame gratuitous_arp(const MacAddress& sender, const IpAddress& address) {
  ASSERT(address.is_v4());
  constexpr std::size_t kSourceMac = 6, kSenderMac = 22, kSenderAddress = 28, kTargetAddress = 38;
  // Everybody, from nobody yet; IPv4 over Ethernet, a request.  keepalived fills the target's MAC with ff, not with 00.
  ArpFrame frame{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0,    0x08, 0x06, 0,    1,    0x08, 0, 6, 4, 0,
                 1,    0,    0,    0,    0,    0,    0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0};
  std::ranges::copy(sender, frame.begin() + kSourceMac);
  std::ranges::copy(sender, frame.begin() + kSenderMac);
  std::ranges::copy(address.octets(), frame.begin() + kSenderAddress);
  std::ranges::copy(address.octets(), frame.begin() + kTargetAddress);
  return frame;
}

}  // namespace baton::vrrp
