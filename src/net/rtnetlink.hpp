// rtnetlink.hpp - the kernel's messages about links and addresses as values.
//
// Every function takes bytes as a socket hands them out, trusts no length in them, and reads nothing past their end.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <linux/netlink.h>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "vrrp/announcement.hpp"

namespace baton::net {

/// What an RTM_NEWLINK or RTM_DELLINK says.  Notifications may leave attributes out: unchanged then.
struct LinkMessage {
  bool removed = false;
  IfIndex index{};
  std::optional<std::string> name;
  bool up = false;                      // IFF_UP and IFF_RUNNING
  std::optional<vrrp::MacAddress> mac;  // zero for a hardware address of other than 6 octets
  std::optional<unsigned> mtu;
  std::optional<IfIndex> parent{};           // the link it stands upon; of a veth its other end
  std::optional<std::string> kind{};         // "macvlan", "ipvlan", "veth" ...
  std::optional<std::uint32_t> vrf_table{};  // of a VRF: its routing table
};

/// Of a lifetime in seconds.
inline constexpr std::uint32_t kForEver = 0xffffffff;

/// What an RTM_NEWADDR or RTM_DELADDR says.
struct AddressMessage {
  bool removed = false;
  IfIndex link{};
  IpAddress address;  // the local one of a pair
  std::uint8_t prefix_length = 0;
  std::uint8_t scope = 0;     // RT_SCOPE_*
  std::uint8_t protocol = 0;  // IFA_PROTO
  bool secondary = false;
  bool is_duplicate = false;  // IPv6: another host has it (DAD), so that it cannot be used
  std::string label;
  std::optional<IpAddress> broadcast;
  std::optional<IpAddress> peer{};            // the other one of a pair
  std::optional<std::chrono::seconds> valid;  // what is left of the lifetime; none: for ever
};

/// Each whole message of a datagram, header included, in order; stops at one whose length does not fit.
void for_each_message(std::span<const std::byte> datagram,
                      const std::function<void(const nlmsghdr& header, std::span<const std::byte> message)>& each);

/// The errno in an NLMSG_ERROR or NLMSG_DONE; 0 is success.  EBADMSG when an error is too short to hold one.
[[nodiscard]] int error_code(std::span<const std::byte> message);

/// None when it is about something else (a bridge's port, another type of message) or malformed.
[[nodiscard]] std::optional<LinkMessage> parse_link(std::span<const std::byte> message);
[[nodiscard]] std::optional<AddressMessage> parse_address(std::span<const std::byte> message);

/// Requests for all links (without statistics), for all addresses.
[[nodiscard]] std::vector<std::byte> link_dump_request(std::uint32_t sequence);
[[nodiscard]] std::vector<std::byte> address_dump_request(std::uint32_t sequence);

}  // namespace baton::net
