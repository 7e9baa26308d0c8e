#include "net/dial.hpp"

#include <cctype>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <linux/icmp.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "net/socket_address.hpp"

namespace baton::net {

using checkers::Done;
using checkers::Outcome;
using checkers::Transport;

namespace {

tl::unexpected<Done> trouble(const std::string& what, int code) {
  return tl::unexpected<Done>(Done{Outcome::local_trouble, what + ": " + error_words(code)});
}

template <class T>
bool set_option(int socket, int level, int name, const T& value) {
  return ::setsockopt(socket, level, name, &value, sizeof value) == 0;
}

/// Source address, source port, interface and mark, as far as they are configured.
Result<void, Done> bind_source(int socket, const checkers::Target& target, unsigned scope) {
  if (target.fwmark != 0 && !set_option(socket, SOL_SOCKET, SO_MARK, target.fwmark))
    return trouble("cannot set mark " + std::to_string(target.fwmark), errno);
  if (!target.bind_if.empty() && ::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, target.bind_if.data(),
                                              static_cast<socklen_t>(target.bind_if.size())) != 0)
    return trouble("cannot use interface " + target.bind_if, errno);
  if (!target.from) return {};

  auto from = *target.from;
  if (from.address.is_unspecified() && from.address.family() != target.to.address.family())
    from.address = target.to.address.is_v4() ? IpAddress::v4(0) : IpAddress::v6({});
  constexpr int kOn = 1;
  if (from.port == 0) {
    // Leaves the choice of the port to connect(), which only wants the pair of ends to be unique.
    set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, kOn);
  } else {
    // The port must be free again for the next probe: no TIME-WAIT of ours, and none of others in the way.
    set_option(socket, SOL_SOCKET, SO_REUSEADDR, kOn);
    constexpr linger kReset{.l_onoff = 1, .l_linger = 0};
    set_option(socket, SOL_SOCKET, SO_LINGER, kReset);
  }
  const auto address = socket_address(from.address, from.port, scope);
  if (::bind(socket, address.get(), address.size) != 0)
    return trouble("cannot bind to " + from.address.to_string() + " port " + std::to_string(from.port), errno);
  return {};
}

/// A raw socket gets the replies to everybody's requests: nothing else of ICMP is let through.
void let_only_replies_in(int socket, bool v4) {
  if (v4) {
    const icmp_filter filter{.data = ~(1U << ICMP_ECHOREPLY)};
    set_option(socket, SOL_RAW, ICMP_FILTER, filter);
    return;
  }
  icmp6_filter filter{};
  for (auto& word : filter.icmp6_filt)
    word = ~0U;
  filter.icmp6_filt[ICMP6_ECHO_REPLY / 32] &= ~(1U << (ICMP6_ECHO_REPLY % 32));
  set_option(socket, IPPROTO_ICMPV6, ICMP6_FILTER, filter);
}

FileDescriptor open_socket(bool v4, Transport transport) {
  constexpr int kFlags = SOCK_NONBLOCK | SOCK_CLOEXEC;
  const int family = v4 ? AF_INET : AF_INET6;
  if (transport == Transport::stream) return FileDescriptor(::socket(family, SOCK_STREAM | kFlags, IPPROTO_TCP));
  if (transport == Transport::datagram) return FileDescriptor(::socket(family, SOCK_DGRAM | kFlags, IPPROTO_UDP));
  const int protocol = v4 ? int{IPPROTO_ICMP} : int{IPPROTO_ICMPV6};
  FileDescriptor socket(::socket(family, SOCK_DGRAM | kFlags, protocol));
  if (socket || (errno != EACCES && errno != EPERM)) return socket;
  FileDescriptor raw(::socket(family, SOCK_RAW | kFlags, protocol));
  if (raw) let_only_replies_in(raw.number(), v4);
  return raw;
}

/// Every ICMP error about our datagram ends the wait for an answer, not a closed port's alone.
void ask_for_errors(int socket, bool v4) {
  constexpr int kOn = 1;
  if (v4)
    set_option(socket, IPPROTO_IP, IP_RECVERR, kOn);
  else
    set_option(socket, IPPROTO_IPV6, IPV6_RECVERR, kOn);
}

/// Of connect()'s errors those that are this machine's own.
bool is_local(int code) {
  return code == EADDRNOTAVAIL || code == EADDRINUSE || code == EAGAIN || code == ENOBUFS || code == ENOMEM ||
         code == EINVAL || code == EAFNOSUPPORT;
}

Done connect_outcome(int code) {
  return Done{is_local(code) ? Outcome::local_trouble : Outcome::failed, error_words(code)};
}

Result<void, Done> connect(const checkers::Target& target, Transport transport, int socket) {
  const bool v4 = target.to.address.is_v4();
  const unsigned scope = v4 || target.bind_if.empty() ? 0 : ::if_nametoindex(target.bind_if.c_str());
  if (auto bound = bind_source(socket, target, scope); !bound) return bound;
  if (transport != Transport::stream) ask_for_errors(socket, v4);
  auto end = target.to;
  if (transport == Transport::echo) end.port = 0;
  const auto to = socket_address(end.address, end.port, scope);
  if (::connect(socket, to.get(), to.size) != 0 && errno != EINPROGRESS)
    return tl::unexpected<Done>(connect_outcome(errno));
  return {};
}

}  // namespace

std::string error_words(int code) {
  std::string words = std::generic_category().message(code);
  if (!words.empty()) words[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(words[0])));
  return words;
}

Result<FileDescriptor, Done> dial(const checkers::Target& target, Transport transport) {
  auto socket = open_socket(target.to.address.is_v4(), transport);
  if (!socket) return trouble("cannot open a socket", errno);
  if (auto connected = connect(target, transport, socket.number()); !connected)
    return tl::unexpected<Done>(std::move(connected.error()));
  return socket;
}

std::optional<Done> connect_failure(int socket) {
  int code = 0;
  socklen_t size = sizeof code;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size) != 0) code = errno;
  if (code == 0) return std::nullopt;
  return connect_outcome(code);
}

}  // namespace baton::net
