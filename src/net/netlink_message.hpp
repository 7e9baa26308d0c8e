// netlink_message.hpp - a netlink message of libnl's with its owner.
#pragma once

#include <memory>

#include <netlink/msg.h>

namespace baton::net {

struct FreeNetlinkMessage {
  void operator()(nl_msg* message) const { nlmsg_free(message); }
};
using NetlinkMessage = std::unique_ptr<nl_msg, FreeNetlinkMessage>;

}  // namespace baton::net
