// mark_map.hpp - the packet filter gives what is sent to many addresses one firewall mark, so that one service of IPVS
// serves them all (pure: the text that nft reads).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ipvs/model.hpp"

namespace baton::ipvs {

/// The addresses first to last, both included, of one family; port 0 is every port.
struct MarkedRange {
  Protocol protocol = Protocol::tcp;
  IpAddress first, last;
  std::uint16_t port = 0;
  std::uint32_t fwmark = 0;
  friend bool operator==(const MarkedRange&, const MarkedRange&) = default;
};

struct MarkMap {
  std::string table;
  std::int32_t priority = -1;
  std::vector<MarkedRange> ranges;
  bool has_counters = false;  // of packets and octets, for the rule and for each element
  friend bool operator==(const MarkMap&, const MarkMap&) = default;
};

/// For `nft -f -`: in one transaction the tables of both families are as the map says, whatever they were; a family
/// without ranges has none.
std::string nft_script(const MarkMap& map);

}  // namespace baton::ipvs
