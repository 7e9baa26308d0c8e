#include "net/local_addresses.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include <ifaddrs.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/datagrams_per_wake.hpp"

namespace baton::net {
namespace {

/// A takeover moves many addresses: they are looked at once.
constexpr Duration kAddressPause = std::chrono::milliseconds{20};

std::optional<IpAddress> address_of(const sockaddr* from) {
  if (from == nullptr) return std::nullopt;
  if (from->sa_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, from, sizeof v4);
    return IpAddress::v4(ntohl(v4.sin_addr.s_addr));
  }
  if (from->sa_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, from, sizeof v6);
    std::array<std::uint8_t, 16> octets{};
    std::memcpy(octets.data(), &v6.sin6_addr, octets.size());
    return IpAddress::v6(octets);
  }
  return std::nullopt;
}

}  // namespace

LocalAddresses::LocalAddresses(boost::asio::io_context& io, OnChange on_change)
    : socket_(io), soon_(io), on_change_(std::move(on_change)) {}

Result<void> LocalAddresses::start() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) return system_failure("open a netlink socket for addresses", errno);
  socket_.assign(fd);
  sockaddr_nl local{};
  local.nl_family = AF_NETLINK;
  local.nl_groups = RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
    return system_failure("follow the addresses of this host", errno);
  await();
  read();
  return {};
}

bool LocalAddresses::any_between(const IpAddress& first, const IpAddress& last) const {
  if (first == last) return addresses_.contains(first);
  return std::ranges::any_of(addresses_, [&](const IpAddress& address) { return first <= address && address <= last; });
}

void LocalAddresses::await() {
  socket_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error) return;
    drain();
    read_soon();
    await();
  });
}

void LocalAddresses::drain() {
  std::array<std::byte, 8192> nobody_reads_it{};
  for (int i = 0; i < kDatagramsPerWake; ++i) {
    const auto count = ::recv(socket_.native_handle(), nobody_reads_it.data(), nobody_reads_it.size(), MSG_DONTWAIT);
    // ENOBUFS: some were lost, which is no loss.
    if (count < 0 && errno != ENOBUFS && errno != EINTR) return;
  }
}

void LocalAddresses::read_soon() {
  if (std::exchange(soon_posted_, true)) return;
  soon_.expires_after(kAddressPause);
  soon_.async_wait([this](const boost::system::error_code& error) {
    soon_posted_ = false;
    if (!error) read();
  });
}

void LocalAddresses::read() {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return read_soon();
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, ::freeifaddrs);
  std::unordered_set<IpAddress> found;
  for (const auto* each = list; each != nullptr; each = each->ifa_next)
    if (const auto address = address_of(each->ifa_addr)) found.insert(*address);
  if (found == addresses_) return;
  addresses_ = std::move(found);
  on_change_();
}

}  // namespace baton::net
