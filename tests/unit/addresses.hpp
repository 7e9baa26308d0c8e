// addresses.hpp - IP addresses for tests, from text; also for constants, which no test case is there yet to judge.
#pragma once

#include <string_view>

#include "core/ip_address.hpp"

namespace baton {

/// Throws what std::optional throws when it is none.
inline IpAddress address(std::string_view text) {
  return IpAddress::parse(text).value();
}

}  // namespace baton
