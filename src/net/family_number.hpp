// family_number.hpp - AF_INET or AF_INET6, in the one octet that rtnetlink has for it.
#pragma once

#include <cstdint>

#include <sys/socket.h>

#include "core/ip_address.hpp"

namespace baton::net {

constexpr std::uint8_t family_number(Family family) {
  return family == Family::ipv4 ? AF_INET : AF_INET6;
}

}  // namespace baton::net
