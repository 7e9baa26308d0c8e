#include "net/virtual_link.hpp"

#include <memory>
#include <new>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <poll.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "net/host_codec.hpp"
#include "net/netlink_message.hpp"

namespace baton::net {
namespace {

NetlinkMessage link_message(std::uint16_t type, int flags, IfIndex index) {
  NetlinkMessage message(nlmsg_alloc_size(kMessageCapacity));
  if (!message) throw std::bad_alloc();
  auto* const header = nlmsg_put(message.get(), 0, 0, type, static_cast<int>(sizeof(ifinfomsg)), flags);
  auto* const body = static_cast<ifinfomsg*>(nlmsg_data(header));
  *body = {};
  body->ifi_index = static_cast<int>(number(index));
  return message;
}

NetlinkMessage make_message(const NewLink& link) {
  auto message = link_message(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, IfIndex{});
  nla_put_string(message.get(), IFLA_IFNAME, link.name.c_str());
  nla_put_u32(message.get(), IFLA_LINK, number(link.parent));
  if (link.group != 0) nla_put_u32(message.get(), IFLA_GROUP, link.group);
  const bool is_macvlan = link.kind == LinkKind::macvlan;
  if (is_macvlan) nla_put(message.get(), IFLA_ADDRESS, static_cast<int>(link.mac.size()), link.mac.data());
  nlattr* const info = nla_nest_start(message.get(), IFLA_LINKINFO);
  nla_put_string(message.get(), IFLA_INFO_KIND, name(link.kind));
  nlattr* const data = nla_nest_start(message.get(), IFLA_INFO_DATA);
  if (is_macvlan) {
    nla_put_u32(message.get(), IFLA_MACVLAN_MODE, MACVLAN_MODE_PRIVATE);
  } else {
    nla_put_u16(message.get(), IFLA_IPVLAN_MODE, IPVLAN_MODE_L2);
    nla_put_u16(message.get(), IFLA_IPVLAN_FLAGS, link.ipvlan_flags);
  }
  nla_nest_end(message.get(), data);
  nla_nest_end(message.get(), info);
  return message;
}

}  // namespace

const char* name(LinkKind kind) {
  return kind == LinkKind::macvlan ? "macvlan" : "ipvlan";
}

VirtualLinkKernel::VirtualLinkKernel(boost::asio::io_context& io) : socket_(io, NETLINK_ROUTE) {}

std::vector<Answer> VirtualLinkKernel::make(std::span<const NewLink> links) {
  Batch batch;
  for (const auto& link : links)
    batch.add(make_message(link).get(), "make " + link.name);
  return batch.empty() ? std::vector<Answer>{} : socket_.run(batch, kKernelLimit);
}

std::vector<Answer> VirtualLinkKernel::set_up(std::span<const IfIndex> links) {
  Batch batch;
  for (const auto link : links)
    batch.add(link_state(link, true).get(), "set interface " + std::to_string(number(link)) + " up");
  return batch.empty() ? std::vector<Answer>{} : socket_.run(batch, kKernelLimit);
}

void VirtualLinkKernel::let_packets_out() {
  ::poll(nullptr, 0, static_cast<int>(kTimeToLeave.count()));
}

std::vector<Answer> VirtualLinkKernel::remove(std::span<const IfIndex> links) {
  Batch batch;
  for (const auto link : links)
    batch.add(link_message(RTM_DELLINK, 0, link).get(), "remove interface " + std::to_string(number(link)));
  return batch.empty() ? std::vector<Answer>{} : socket_.run(batch, kKernelLimit);
}

}  // namespace baton::net
