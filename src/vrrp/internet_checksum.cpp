#include "vrrp/internet_checksum.hpp"

namespace baton::vrrp {

std::uint32_t ones_complement_sum(std::span<const std::uint8_t> octets, std::uint32_t sum) {
  for (std::size_t i = 0; i + 1 < octets.size(); i += 2)
    sum += load16(octets, i);
  while (sum > 0xffffU)
    sum = (sum & 0xffffU) + (sum >> 16U);
  return sum;
}

std::uint32_t pseudo_header_sum(const IpAddress& source, const IpAddress& destination, std::uint8_t protocol,
                                std::size_t length) {
  return ones_complement_sum(source.octets(), ones_complement_sum(destination.octets())) + protocol +
         static_cast<std::uint32_t>(length);
}

}  // namespace baton::vrrp
