#include "net/real_server_host.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/datagrams_per_wake.hpp"
#include "net/host_codec.hpp"
#include "net/sysctl.hpp"

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds kChangePause{100};  // changes that come so soon after the first are one

int open_notifications() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "netlink socket for changes");
  sockaddr_nl local{};
  local.nl_family = AF_NETLINK;
  local.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0) {
    const int code = errno;
    ::close(fd);
    throw std::system_error(code, std::generic_category(), "netlink groups of changes");
  }
  return fd;
}

/// What the kernel says when there was nothing to do.
bool is_already_so(realserver::Operation::Kind kind, int code) {
  using Kind = realserver::Operation::Kind;
  switch (kind) {
    case Kind::remove_address: return code == EADDRNOTAVAIL || code == ENODEV;
    case Kind::remove_route: return code == ESRCH || code == ENODEV;
    case Kind::make_device: return code == EEXIST;
    case Kind::set_down: return code == ENODEV;
    default: return false;
  }
}

NetlinkMessage message_for(const realserver::Operation& operation, IfIndex link) {
  using Kind = realserver::Operation::Kind;
  switch (operation.kind) {
    case Kind::remove_route: return host_route(RTM_DELROUTE, operation.address, link);
    case Kind::add_route: return host_route(RTM_NEWROUTE, operation.address, link);
    case Kind::remove_address: return host_address(RTM_DELADDR, operation.address, link);
    case Kind::add_address: return host_address(RTM_NEWADDR, operation.address, link);
    case Kind::set_down: return link_state(link, false);
    case Kind::set_up: return link_state(link, true);
    default: return new_link(operation.name, operation.made_of);
  }
}

}  // namespace

RealServerHost::RealServerHost(asio::io_context& io)
    : socket_(io, NETLINK_ROUTE), notifications_(io, open_notifications()) {}

Result<realserver::Machine> RealServerHost::read(const std::vector<std::string>& sysctls) {
  realserver::Machine machine;
  std::unordered_map<std::uint32_t, std::string> names;
  const auto name_of = [&names](IfIndex link) {
    const auto found = names.find(number(link));
    return found == names.end() ? std::string() : found->second;
  };
  const auto take_link = [&](const nlmsghdr& header) {
    const auto entry = parse_link_entry(header);
    if (!entry) return;
    names[number(entry->index)] = entry->name;
    machine.devices[entry->name] = entry->up;
  };
  const auto take_address = [&](const nlmsghdr& header) {
    const auto entry = parse_address_entry(header);
    if (entry) machine.addresses.insert({entry->address, name_of(entry->link), entry->prefix_length, entry->permanent});
  };
  const auto take_route = [&](const nlmsghdr& header) {
    const auto entry = parse_route_entry(header);
    if (!entry) return;
    if (entry->prefix_length == 0 && entry->gateway) machine.gateways.push_back(*entry->gateway);
    if (entry->prefix_length == max_prefix_length(Family::ipv4) && entry->family == Family::ipv4 && entry->destination)
      machine.routes.insert({*entry->destination, name_of(entry->link)});
  };
  struct Dump {
    std::uint16_t type;
    const char* what;
    std::function<void(const nlmsghdr&)> take;
  };
  for (const auto& dump : {Dump{RTM_GETLINK, "interfaces", take_link}, Dump{RTM_GETADDR, "addresses", take_address},
                           Dump{RTM_GETROUTE, "routes", take_route}}) {
    const auto request = dump_of(dump.type);
    if (auto read = socket_.query(request.get(), kKernelLimit, dump.take); !read)
      return failure(std::string("reading ") + dump.what + ": " + read.error().message, read.error().system_code);
  }
  for (const auto& name : sysctls)
    if (const auto value = read_sysctl(name)) machine.sysctls[name] = *value;
  return machine;
}

Result<void> RealServerHost::carry_out(const realserver::Operation& operation) {
  using Kind = realserver::Operation::Kind;
  if (operation.kind == Kind::forget_sysctl) return {};
  if (operation.kind == Kind::write_sysctl || operation.kind == Kind::restore_sysctl)
    return write_sysctl(operation.name, operation.value);
  const auto link = static_cast<IfIndex>(::if_nametoindex(operation.name.c_str()));
  if (link == IfIndex{} && operation.kind != Kind::make_device) {
    if (realserver::gives_up(operation)) return {};
    return system_failure(describe(operation), ENODEV);
  }
  Batch batch;
  batch.add(message_for(operation, link).get(), describe(operation));
  const auto answers = socket_.run(batch, kKernelLimit);
  if (answers.front().code == 0 || is_already_so(operation.kind, answers.front().code)) return {};
  return failure(answers.front().what, answers.front().code);
}

asio::awaitable<void> RealServerHost::watch(std::function<void()> changed) {
  asio::steady_timer pause(notifications_.get_executor());
  std::array<std::byte, 8192> discarded{};
  for (;;) {
    const auto [ec] = co_await notifications_.async_wait(asio::posix::stream_descriptor::wait_read,
                                                         asio::as_tuple(asio::use_awaitable));
    if (ec) co_return;
    pause.expires_after(kChangePause);
    const auto [interrupted] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    if (interrupted) co_return;
    // What has changed is read anew; a full buffer (ENOBUFS) says no less than a message.
    for (int i = 0; i < kDatagramsPerWake; ++i) {
      const auto length = ::recv(notifications_.native_handle(), discarded.data(), discarded.size(), MSG_DONTWAIT);
      if (length < 0 && errno != ENOBUFS && errno != EINTR) break;
    }
    changed();
  }
}

}  // namespace baton::net
