// ipvs_tables.hpp - short ways to write IPVS tables in tests.
#pragma once

#include <set>
#include <string_view>

#include "ipvs/model.hpp"
#include "unit/addresses.hpp"

namespace ipvs_tables {

using namespace baton;
using namespace baton::ipvs;

inline ServiceKey key(Protocol protocol, std::string_view text, std::uint16_t port) {
  const auto parsed = address(text);
  return {.family = parsed.family(), .protocol = protocol, .address = parsed, .port = port, .fwmark = 0};
}

inline ServiceKey tcp(std::string_view text, std::uint16_t port) {
  return key(Protocol::tcp, text, port);
}

inline ServiceKey mark(std::uint32_t fwmark, Family family = Family::ipv4) {
  return {.family = family, .protocol = Protocol::none, .address = {}, .port = 0, .fwmark = fwmark};
}

inline DestKey at(std::string_view text, std::uint16_t port) {
  return {.address = address(text), .port = port};
}

inline Dest weighing(std::uint32_t weight) {
  Dest dest;
  dest.weight = weight;
  return dest;
}

}  // namespace ipvs_tables
