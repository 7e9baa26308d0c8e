#include "vrrp/announcement.hpp"

#include <algorithm>

#include "vrrp/internet_checksum.hpp"

namespace baton::vrrp {

namespace {

constexpr std::size_t kArpFrameSize = 42;
constexpr std::uint8_t kIcmpv6 = 58;                      // IANA
constexpr std::uint8_t kRouter = 0x80, kOverride = 0x20;  // RFC 4861 4.4

template <class Range>
void put(std::span<std::uint8_t> frame, std::size_t at, const Range& octets) {
  std::ranges::copy(octets, frame.begin() + static_cast<std::ptrdiff_t>(at));
}

void write_arp(std::span<std::uint8_t> frame, const MacAddress& sender, const IpAddress& address) {
  constexpr std::size_t kSourceMac = 6, kSenderMac = 22, kSenderAddress = 28, kTargetAddress = 38;
  // Everybody, from nobody yet; IPv4 over Ethernet, a request.  keepalived fills the target's MAC with ff, not with 00.
  constexpr std::array<std::uint8_t, kArpFrameSize> kForm{
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0,    0x08, 0x06, 0,    1,    0x08, 0, 6, 4, 0,
      1,    0,    0,    0,    0,    0,    0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0};
  put(frame, 0, kForm);
  put(frame, kSourceMac, sender);
  put(frame, kSenderMac, sender);
  put(frame, kSenderAddress, address.octets());
  put(frame, kTargetAddress, address.octets());
}

void write_neighbour_advertisement(std::span<std::uint8_t> frame, const MacAddress& sender, const IpAddress& address,
                                   bool is_router) {
  constexpr std::size_t kIp = 14, kIcmp = 54, kTarget = 62, kOption = 78;
  constexpr std::array<std::uint8_t, 6> kAllNodesMac{0x33, 0x33, 0, 0, 0, 1};
  const auto all_nodes = IpAddress::v6({0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  put(frame, 0, kAllNodesMac);
  put(frame, 6, sender);
  store16(frame, 12, 0x86dd);
  frame[kIp] = 0x60;
  const auto message = frame.subspan(kIcmp);
  store16(frame, kIp + 4, static_cast<std::uint16_t>(message.size()));
  frame[kIp + 6] = kIcmpv6;
  frame[kIp + 7] = 255;  // RFC 4861 7.1.2
  put(frame, kIp + 8, address.octets());
  put(frame, kIp + 24, all_nodes.octets());
  message[0] = 136;  // Neighbour Advertisement
  message[4] = kOverride | (is_router ? kRouter : 0);
  put(frame, kTarget, address.octets());
  frame[kOption] = 2;      // target link-layer address
  frame[kOption + 1] = 1;  // of eight octets
  put(frame, kOption + 2, sender);
  store16(message, 2,
          checksum_of(ones_complement_sum(message, pseudo_header_sum(address, all_nodes, kIcmpv6, message.size()))));
}

}  // namespace

AnnouncementFrame announcement(const MacAddress& sender, const IpAddress& address, bool is_router) {
  AnnouncementFrame frame;
  if (address.is_v4()) {
    frame.size_ = kArpFrameSize;
    write_arp(frame.octets_, sender, address);
  } else {
    frame.size_ = AnnouncementFrame::kLongest;
    write_neighbour_advertisement(frame.octets_, sender, address, is_router);
  }
  return frame;
}

}  // namespace baton::vrrp
