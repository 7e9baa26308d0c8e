// addresses.hpp - IP addresses for tests, from text.
#pragma once

#include <string_view>

#include <doctest/doctest.h>

#include "core/ip_address.hpp"

namespace baton {

inline IpAddress address(std::string_view text) {
  const auto parsed = IpAddress::parse(text);
  REQUIRE(parsed);
  return *parsed;
}

}  // namespace baton
