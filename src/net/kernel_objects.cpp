#include "net/kernel_objects.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <new>
#include <system_error>
#include <utility>

#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netlink/msg.h>

#include "net/datagrams_per_wake.hpp"
#include "net/netlink_message.hpp"
#include "net/rtnetlink.hpp"

namespace baton::net {
namespace asio = boost::asio;
namespace {

constexpr std::size_t kRouteDatagram = 32768;  // octets, as the kernel makes them at most
constexpr int kRouteBuffer = 1 << 20;          // octets

NetlinkMessage message_of(const ObjectBytes& bytes, bool removes) {
  ObjectBytes copy = bytes;
  nlmsghdr header{};
  std::memcpy(&header, copy.data(), sizeof header);
  if (removes) {
    header.nlmsg_type = header.nlmsg_type == RTM_NEWRULE ? RTM_DELRULE : RTM_DELROUTE;
    header.nlmsg_flags = NLM_F_REQUEST;
    std::memcpy(copy.data(), &header, sizeof header);
  }
  NetlinkMessage message(nlmsg_convert(reinterpret_cast<nlmsghdr*>(copy.data())));
  if (!message) throw std::bad_alloc();
  return message;
}

bool is_gone(int code) {
  return code == ESRCH || code == ENOENT || code == ENODEV || code == EADDRNOTAVAIL || code == EINVAL;
}

int open_watch() {
  const int fd = ::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);
  if (fd < 0) throw std::system_error(errno, std::generic_category(), "netlink socket for routes");
  sockaddr_nl local{};
  local.nl_family = AF_NETLINK;
  local.nl_groups = RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE | RTMGRP_IPV4_RULE;
  int group = RTNLGRP_IPV6_RULE;
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&local), sizeof local) != 0 ||
      ::setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0) {
    const int code = errno;
    ::close(fd);
    throw std::system_error(code, std::generic_category(), "netlink groups of routes");
  }
  (void)::setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &kRouteBuffer, sizeof kRouteBuffer);
  return fd;
}

}  // namespace

KernelObjects::KernelObjects(asio::io_context& io) : socket_(io, NETLINK_ROUTE) {}

std::vector<Answer> KernelObjects::add(std::span<const ObjectBytes> objects) {
  Batch batch;
  for (const auto& object : objects)
    batch.add(message_of(object, false).get(), {});
  return batch.empty() ? std::vector<Answer>{} : socket_.run(batch, batch.limit());
}

std::vector<Answer> KernelObjects::remove(std::span<const ObjectBytes> objects) {
  Batch batch;
  for (const auto& object : objects)
    batch.add(message_of(object, true).get(), {});
  if (batch.empty()) return {};
  auto answers = socket_.run(batch, batch.limit());
  for (auto& answer : answers)
    if (is_gone(answer.code)) answer = {};
  return answers;
}

ObjectWatch::ObjectWatch(asio::io_context& io, OnRemoved on_removed, OnLost on_lost)
    : socket_(io, open_watch()), on_removed_(std::move(on_removed)), on_lost_(std::move(on_lost)) {
  await();
}

void ObjectWatch::await() {
  const auto on_ready = [this, alive = alive_](const boost::system::error_code& error) {
    if (error || !*alive) return;
    drain();
    await();
  };
  socket_.async_wait(asio::posix::stream_descriptor::wait_read, on_ready);
}

void ObjectWatch::drain() {
  std::array<std::byte, kRouteDatagram> buffer;  // which the kernel writes
  for (int datagrams = 0; datagrams < kDatagramsPerWake; ++datagrams) {
    sockaddr_nl sender{};
    socklen_t length = sizeof sender;
    const auto count = ::recvfrom(socket_.native_handle(), buffer.data(), buffer.size(), MSG_DONTWAIT,
                                  reinterpret_cast<sockaddr*>(&sender), &length);
    if (count < 0 && errno == ENOBUFS) {
      on_lost_();
      continue;
    }
    if (count < 0) return;
    if (sender.nl_pid != 0) continue;  // not from the kernel
    const auto each = [this](const nlmsghdr&, std::span<const std::byte> message) {
      if (const auto key = removed_object(message)) on_removed_(*key);
    };
    for_each_message(std::span<const std::byte>(buffer).first(static_cast<std::size_t>(count)), each);
  }
}

}  // namespace baton::net
