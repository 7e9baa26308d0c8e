#include "net/host_codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include <netlink/attr.h>
#include <netlink/msg.h>

#include "net/address_leases.hpp"
#include "net/family_number.hpp"
#include "net/rtnetlink.hpp"

namespace baton::net {
namespace {

template <class Body>
NetlinkMessage message_of(std::uint16_t type, int flags, const Body& body) {
  NetlinkMessage message(nlmsg_alloc_size(kMessageCapacity));
  if (!message) throw std::bad_alloc();
  nlmsghdr* const header = nlmsg_put(message.get(), 0, 0, type, static_cast<int>(sizeof body), flags);
  std::memcpy(nlmsg_data(header), &body, sizeof body);
  return message;
}

/// The body and the attributes up to `most`; false when the message is too short for them.
template <std::size_t N, class Body>
bool read(const nlmsghdr& message, Body& body, std::array<nlattr*, N>& attributes) {
  if (nlmsg_datalen(&message) < static_cast<int>(sizeof body)) return false;
  std::memcpy(&body, nlmsg_data(&message), sizeof body);
  auto* header = const_cast<nlmsghdr*>(&message);  // NOLINT: libnl only reads it
  return nlmsg_parse(header, static_cast<int>(sizeof body), attributes.data(), static_cast<int>(N) - 1, nullptr) >= 0;
}

std::optional<IpAddress> address_of(const nlattr* attribute) {
  if (attribute == nullptr) return std::nullopt;
  const auto length = nla_len(attribute);
  if (length == 4) {
    std::array<std::uint8_t, 4> octets{};
    std::memcpy(octets.data(), nla_data(attribute), octets.size());
    return IpAddress::v4(octets);
  }
  if (length != 16) return std::nullopt;
  std::array<std::uint8_t, 16> octets{};
  std::memcpy(octets.data(), nla_data(attribute), octets.size());
  return IpAddress::v6(octets);
}

std::optional<std::uint32_t> number_in(const nlattr* attribute) {
  if (attribute == nullptr || nla_len(attribute) < static_cast<int>(sizeof(std::uint32_t))) return std::nullopt;
  return nla_get_u32(attribute);
}

}  // namespace

NetlinkMessage dump_of(std::uint16_t type) {
  if (type == RTM_GETLINK) return message_of(type, NLM_F_DUMP, ifinfomsg{});
  if (type == RTM_GETADDR) return message_of(type, NLM_F_DUMP, ifaddrmsg{});
  return message_of(type, NLM_F_DUMP, rtmsg{});
}

NetlinkMessage host_address(std::uint16_t type, const IpAddress& address, IfIndex link) {
  ifaddrmsg body{};
  body.ifa_family = family_number(address.family());
  body.ifa_prefixlen = max_prefix_length(address.family());
  body.ifa_index = number(link);
  if (type == RTM_NEWADDR && address.is_v6()) body.ifa_flags = IFA_F_NODAD;
  auto message = message_of(type, type == RTM_NEWADDR ? NLM_F_CREATE | NLM_F_REPLACE : 0, body);
  put_address(message.get(), IFA_LOCAL, address);
  put_address(message.get(), IFA_ADDRESS, address);
  if (type == RTM_NEWADDR) nla_put_u8(message.get(), IFA_PROTO, kBatonProtocol);
  return message;
}

NetlinkMessage host_route(std::uint16_t type, const IpAddress& address, IfIndex link) {
  rtmsg body{};
  body.rtm_family = AF_INET;
  body.rtm_dst_len = max_prefix_length(Family::ipv4);
  body.rtm_table = RT_TABLE_MAIN;
  body.rtm_protocol = kBatonProtocol;
  body.rtm_scope = RT_SCOPE_LINK;
  body.rtm_type = RTN_UNICAST;
  auto message = message_of(type, type == RTM_NEWROUTE ? NLM_F_CREATE | NLM_F_REPLACE : 0, body);
  put_address(message.get(), RTA_DST, address);
  nla_put_u32(message.get(), RTA_OIF, number(link));
  return message;
}

NetlinkMessage link_state(IfIndex link, bool up) {
  ifinfomsg body{};
  body.ifi_index = static_cast<int>(number(link));
  body.ifi_change = IFF_UP;
  body.ifi_flags = up ? IFF_UP : 0;
  return message_of(RTM_NEWLINK, 0, body);
}

NetlinkMessage new_link(const std::string& name, const std::string& kind) {
  auto message = message_of(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifinfomsg{});
  nla_put_string(message.get(), IFLA_IFNAME, name.c_str());
  nlattr* const info = nla_nest_start(message.get(), IFLA_LINKINFO);
  nla_put_string(message.get(), IFLA_INFO_KIND, kind.c_str());
  nla_nest_end(message.get(), info);
  return message;
}

std::optional<LinkEntry> parse_link_entry(const nlmsghdr& message) {
  ifinfomsg body{};
  std::array<nlattr*, IFLA_IFNAME + 1> attributes{};
  if (message.nlmsg_type != RTM_NEWLINK || !read(message, body, attributes)) return std::nullopt;
  const auto* name = attributes[IFLA_IFNAME];
  if (name == nullptr || body.ifi_index <= 0) return std::nullopt;
  const auto length = std::min<std::size_t>(static_cast<std::size_t>(nla_len(name)), IFNAMSIZ);
  const auto* text = static_cast<const char*>(nla_data(name));
  return LinkEntry{static_cast<IfIndex>(body.ifi_index), std::string(text, strnlen(text, length)),
                   (body.ifi_flags & IFF_UP) != 0};
}

std::optional<AddressEntry> parse_address_entry(const nlmsghdr& message) {
  ifaddrmsg body{};
  std::array<nlattr*, IFA_CACHEINFO + 1> attributes{};
  if (message.nlmsg_type != RTM_NEWADDR || !read(message, body, attributes)) return std::nullopt;
  auto address = address_of(attributes[IFA_LOCAL]);
  if (!address) address = address_of(attributes[IFA_ADDRESS]);
  if (!address) return std::nullopt;
  AddressEntry entry{static_cast<IfIndex>(body.ifa_index), *address, body.ifa_prefixlen, true};
  const auto* cache = attributes[IFA_CACHEINFO];
  if (cache != nullptr && nla_len(cache) >= static_cast<int>(sizeof(ifa_cacheinfo))) {
    ifa_cacheinfo info{};
    std::memcpy(&info, nla_data(cache), sizeof info);
    entry.permanent = info.ifa_valid == kForEver;
  }
  return entry;
}

std::optional<RouteEntry> parse_route_entry(const nlmsghdr& message) {
  rtmsg body{};
  std::array<nlattr*, RTA_TABLE + 1> attributes{};
  if (message.nlmsg_type != RTM_NEWROUTE || !read(message, body, attributes)) return std::nullopt;
  if (number_in(attributes[RTA_TABLE]).value_or(body.rtm_table) != RT_TABLE_MAIN) return std::nullopt;
  if (body.rtm_family != AF_INET && body.rtm_family != AF_INET6) return std::nullopt;
  RouteEntry entry;
  entry.family = body.rtm_family == AF_INET ? Family::ipv4 : Family::ipv6;
  entry.prefix_length = body.rtm_dst_len;
  entry.destination = address_of(attributes[RTA_DST]);
  entry.gateway = address_of(attributes[RTA_GATEWAY]);
  entry.link = static_cast<IfIndex>(number_in(attributes[RTA_OIF]).value_or(0));
  return entry;
}

}  // namespace baton::net
