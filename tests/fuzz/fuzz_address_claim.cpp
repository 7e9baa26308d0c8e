// fuzz_address_claim.cpp - any ARP packet and any ICMPv6 message.
#include <cstddef>
#include <cstdint>
#include <span>

#include "core/assert.hpp"
#include "vrrp/address_claim.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span octets(data, size);
  if (const auto claim = baton::vrrp::arp_claim(octets)) ASSERT(claim->address.is_v4());
  if (const auto claim = baton::vrrp::neighbour_claim(octets)) ASSERT(claim->address.is_v6());
  return 0;
}
