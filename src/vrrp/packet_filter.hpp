// packet_filter.hpp - the nftables rules that virtual routers need, as a script for nft(8) (pure).
//
// A master that is not the owner of its addresses and has no Accept_Mode takes no packet that is sent to them (RFC 9568
// 6.1, 6.4.3), but for neighbour discovery.  The rules stand in every state: a router that does not hold the addresses
// gets no such packet, so that nothing has to be done at a take-over.  What a VMAC asks of routers and says of its
// multicast groups is kept from the wire: it would make switches look for the virtual MAC at a backup.  The reports of
// IPv6 groups leave by its parent instead, with the MAC of that one: switches that listen to them (RFC 4541) would keep
// the questions for an address from us otherwise.
#pragma once

#include <string>
#include <vector>

#include "core/ids.hpp"
#include "core/ip_address.hpp"

namespace baton::vrrp {

struct FilteredAddress {
  IpAddress address;
  std::string device;  // where it is; of a link-local one only there
  friend bool operator==(const FilteredAddress&, const FilteredAddress&) = default;
};

/// A VMAC.
struct FilteredLink {
  std::string name;
  std::string parent;      // empty: it does not exist
  IfIndex parent_index{};  // nftables takes the number and keeps it: another is another rule
  friend bool operator==(const FilteredLink&, const FilteredLink&) = default;
};

struct PacketFilter {
  std::string table = "keepalived";
  int priority = -1;
  bool counts = false;  // a counter in each rule
  std::vector<FilteredAddress> addresses;
  std::vector<FilteredLink> virtual_links;
  bool moves_reports = true;  // false where the kernel cannot (nft_dup_ipv6)
  [[nodiscard]] bool empty() const { return addresses.empty() && virtual_links.empty(); }
  friend bool operator==(const PacketFilter&, const PacketFilter&) = default;
};

/// Replaces the tables of both families in one transaction; takes them away when there is nothing to filter.
std::string nft_script(const PacketFilter& filter);

}  // namespace baton::vrrp
