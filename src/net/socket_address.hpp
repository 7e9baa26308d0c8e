// socket_address.hpp - an address and a port as the system calls of sockets take them.
#pragma once

#include <cstdint>

#include <sys/socket.h>

#include "core/ip_address.hpp"

namespace baton::net {

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t size = 0;
  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

/// `scope` is the interface for a link-local address; the kernel overlooks it for others.
SocketAddress socket_address(const IpAddress& address, std::uint16_t port, unsigned scope = 0);

}  // namespace baton::net
