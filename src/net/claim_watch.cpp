#include "net/claim_watch.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr int kMaxPackets = 1000;            // of one wake; what is left wakes again
constexpr std::size_t kLongestClaim = 1500;  // octets that are looked at

}  // namespace

ClaimWatch::ClaimWatch(asio::io_context& io, OnClaim on_claim)
    : arp_(io), neighbours_(io), on_claim_(std::move(on_claim)) {}

Result<std::unique_ptr<ClaimWatch>> ClaimWatch::open(asio::io_context& io, const std::string& interface, IfIndex link,
                                                     std::span<const IpAddress> addresses, OnClaim on_claim) {
  std::unique_ptr<ClaimWatch> watch(new ClaimWatch(io, std::move(on_claim)));
  const auto is_v4 = [](const IpAddress& address) { return address.is_v4(); };
  if (std::ranges::any_of(addresses, is_v4))
    if (auto opened = watch->open_arp(link, addresses); !opened) return tl::unexpected<Error>(opened.error());
  if (!std::ranges::all_of(addresses, is_v4))
    if (auto opened = watch->open_neighbours(interface); !opened) return tl::unexpected<Error>(opened.error());
  return watch;
}

/// Protocol 0 until the filter is there: nothing comes in before.
Result<void> ClaimWatch::open_arp(IfIndex link, std::span<const IpAddress> addresses) {
  const int fd = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return system_failure("packet socket for ARP", errno);
  arp_.assign(fd);
  auto program = vrrp::claim_filter(addresses);
  const sock_fprog filter{.len = static_cast<unsigned short>(program.size()), .filter = program.data()};
  if (::setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) != 0)
    return system_failure("filter ARP", errno);
  sockaddr_ll local{};
  local.sll_family = AF_PACKET;
  local.sll_protocol = htons(ETH_P_ARP);
  local.sll_ifindex = static_cast<int>(number(link));
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0)
    return system_failure("hear ARP", errno);
  await(&arp_);
  return {};
}

Result<void> ClaimWatch::open_neighbours(const std::string& interface) {
  const int fd = ::socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMPV6);
  if (fd < 0) return system_failure("socket for Neighbour Advertisements", errno);
  neighbours_.assign(fd);
  icmp6_filter wanted{};
  ICMP6_FILTER_SETBLOCKALL(&wanted);
  ICMP6_FILTER_SETPASS(ND_NEIGHBOR_ADVERT, &wanted);
  if (::setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &wanted, sizeof wanted) != 0 ||
      ::setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, interface.c_str(), static_cast<socklen_t>(interface.size() + 1)) !=
          0)
    return system_failure("hear Neighbour Advertisements on " + interface, errno);
  await(&neighbours_);
  return {};
}

void ClaimWatch::await(asio::posix::stream_descriptor* socket) {
  const auto on_ready = [this, socket, alive = alive_](const boost::system::error_code& error) {
    if (error || !*alive) return;
    drain(socket);
    await(socket);
  };
  socket->async_wait(asio::posix::stream_descriptor::wait_read, on_ready);
}

void ClaimWatch::drain(asio::posix::stream_descriptor* socket) {
  std::array<std::uint8_t, kLongestClaim> buffer{};
  for (int packets = 0; packets < kMaxPackets; ++packets) {
    sockaddr_storage sender{};
    socklen_t length = sizeof sender;
    const auto count = ::recvfrom(socket->native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT,
                                  reinterpret_cast<sockaddr*>(&sender), &length);
    if (count < 0 && errno != EINTR && errno != ENETDOWN) return;
    if (count < 0) continue;
    const auto packet = std::span<const std::uint8_t>(buffer).first(static_cast<std::size_t>(count));
    const bool is_arp = socket == &arp_;
    if (is_arp && reinterpret_cast<const sockaddr_ll&>(sender).sll_pkttype == PACKET_OUTGOING) continue;
    if (const auto claim = is_arp ? vrrp::arp_claim(packet) : vrrp::neighbour_claim(packet)) on_claim_(*claim);
  }
}

}  // namespace baton::net
