// host_codec.hpp - rtnetlink messages about addresses, devices and routes of both families, as a real server needs
// them.
//
// What comes in is read with libnl's checks of every length.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <linux/netlink.h>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "net/netlink_message.hpp"

namespace baton::net {

/// RTM_GETLINK, RTM_GETADDR or RTM_GETROUTE for all there are, of both families.
NetlinkMessage dump_of(std::uint16_t type);

/// RTM_NEWADDR (never with a lifetime, marked as Baton's) or RTM_DELADDR, with the longest prefix.
NetlinkMessage host_address(std::uint16_t type, const IpAddress& address, IfIndex link);

/// RTM_NEWROUTE or RTM_DELROUTE of the main table to one IPv4 address, scope link.
NetlinkMessage host_route(std::uint16_t type, const IpAddress& address, IfIndex link);

/// RTM_NEWLINK: up or down.
NetlinkMessage link_state(IfIndex link, bool up);

/// RTM_NEWLINK: a new device, whose kernel module is loaded if need be.
NetlinkMessage new_link(const std::string& name, const std::string& kind);

struct LinkEntry {
  IfIndex index{};
  std::string name;
  bool up = false;  // as wanted by the administrator, IFF_UP
};
struct AddressEntry {
  IfIndex link{};
  IpAddress address;
  std::uint8_t prefix_length = 0;
  bool permanent = true;
};
struct RouteEntry {
  Family family = Family::ipv4;
  std::uint8_t prefix_length = 0;
  std::optional<IpAddress> destination;  // none: of prefix length 0
  std::optional<IpAddress> gateway;
  IfIndex link{};
};

/// None when it is about something else or malformed.
std::optional<LinkEntry> parse_link_entry(const nlmsghdr& message);
std::optional<AddressEntry> parse_address_entry(const nlmsghdr& message);
/// Of the main table only.
std::optional<RouteEntry> parse_route_entry(const nlmsghdr& message);

}  // namespace baton::net
