// Whatever a neighbour sends: decode() takes it or refuses it, and what it takes encodes to the same 24 octets.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "bfd/packet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto packet = baton::bfd::decode(std::span(data, size));
  if (!packet) return 0;
  const auto again = baton::bfd::decode(baton::bfd::encode(*packet));
  if (!again || *again != *packet) std::abort();
  return 0;
}
