#include "net/socket_address.hpp"

#include <cstring>

#include <netinet/in.h>

namespace baton::net {

SocketAddress socket_address(const IpAddress& address, std::uint16_t port, unsigned scope) {
  SocketAddress result;
  const auto octets = address.octets();
  if (address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    std::memcpy(&v4.sin_addr, octets.data(), octets.size());
    std::memcpy(&result.storage, &v4, result.size = sizeof v4);
  } else {
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_scope_id = scope;
    std::memcpy(&v6.sin6_addr, octets.data(), octets.size());
    std::memcpy(&result.storage, &v6, result.size = sizeof v6);
  }
  return result;
}

}  // namespace baton::net
