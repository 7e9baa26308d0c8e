// model_address.hpp - an address that the kernel is given: virtual, excluded or static.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/position.hpp"
#include "core/ip_address.hpp"

namespace baton::config {

/// rtnetlink's RT_SCOPE_*.
enum class Scope : std::uint8_t { global = 0, site = 200, link = 253, host = 254, nowhere = 255 };

struct VirtualAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;  // empty: the instance's interface
  Scope scope = Scope::global;
  std::string label;                   // empty: none
  std::optional<IpAddress> broadcast;  // `brd`
  Position position;
  friend bool operator==(const VirtualAddress&, const VirtualAddress&) = default;
};

}  // namespace baton::config
