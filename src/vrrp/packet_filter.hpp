// packet_filter.hpp - the nftables rules that virtual routers need, as a script for nft(8) (pure).
//
// A master that is not the owner of its addresses and has no Accept_Mode takes no packet that is sent to them (RFC 9568
// 6.1, 6.4.3), but for neighbour discovery.  The rules stand in every state: a router that does not hold the addresses
// gets no such packet, so that nothing has to be done at a take-over.  What a VMAC says of its multicast groups and
// asks of routers is kept from the wire: it would make switches look for the virtual MAC at a backup.
#pragma once

#include <string>
#include <vector>

#include "core/ip_address.hpp"

namespace baton::vrrp {

struct FilteredAddress {
  IpAddress address;
  std::string device;  // where it is; of a link-local one only there
  friend bool operator==(const FilteredAddress&, const FilteredAddress&) = default;
};

struct PacketFilter {
  std::string table = "keepalived";
  int priority = -1;
  bool counts = false;  // a counter in each rule
  std::vector<FilteredAddress> addresses;
  std::vector<std::string> virtual_links;  // VMACs
  [[nodiscard]] bool empty() const { return addresses.empty() && virtual_links.empty(); }
  friend bool operator==(const PacketFilter&, const PacketFilter&) = default;
};

/// Replaces the tables of both families in one transaction; takes them away when there is nothing to filter.
std::string nft_script(const PacketFilter& filter);

}  // namespace baton::vrrp
