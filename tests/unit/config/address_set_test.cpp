#include "config/address_set.hpp"

#include <cstdint>
#include <vector>

#include <doctest/doctest.h>

namespace baton::config {
namespace {

VirtualAddress entry(IpAddress address, std::uint8_t prefix_length) {
  VirtualAddress entry;
  entry.address = address;
  entry.prefix_length = prefix_length;
  return entry;
}

TEST_CASE("each address is new once; with another prefix it is another one") {
  std::vector<VirtualAddress> entries;
  for (std::uint32_t i = 0; i < 10'000; ++i)
    for (const std::uint8_t prefix_length : {std::uint8_t{24}, std::uint8_t{32}})
      entries.push_back(entry(IpAddress::v4(0x0A000000U + i * 256U), prefix_length));
  AddressSet seen(entries.size());
  for (const VirtualAddress& each : entries)
    REQUIRE(seen.add(each));
  for (const VirtualAddress& each : entries)
    REQUIRE_FALSE(seen.add(each));
}

TEST_CASE("a set for nothing takes one address all the same") {
  AddressSet seen(0);
  const VirtualAddress one = entry(IpAddress::v4(1), 32);
  CHECK(seen.add(one));
  CHECK_FALSE(seen.add(one));
}

}  // namespace
}  // namespace baton::config
