// netlink_message.hpp - a netlink message of libnl's with its owner, and what goes into it.
#pragma once

#include <cstddef>
#include <memory>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "core/ip_address.hpp"

namespace baton::net {

struct FreeNetlinkMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using NetlinkMessage = std::unique_ptr<nl_msg, FreeNetlinkMessage>;

/// Octets: a header, a body and a handful of attributes.
inline constexpr std::size_t kMessageCapacity = 512;

inline void put_address(nl_msg* message, int type, const IpAddress& address) {
  const auto octets = address.octets();
  nla_put(message, type, static_cast<int>(octets.size()), octets.data());
}

}  // namespace baton::net
