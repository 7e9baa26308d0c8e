// masquerade.hpp - the packet filter's half of FULLNAT: what IPVS forwards for these services leaves with the
// director's own address as its source (pure: rules as the text that nft and iptables-restore read).
#pragma once

#include <set>
#include <string>

#include "ipvs/model.hpp"

namespace baton::ipvs {

inline constexpr const char* kMasqueradeTable = "baton_fullnat";  // of nft
inline constexpr const char* kMasqueradeChain = "BATON-FULLNAT";  // of iptables, table nat

/// For `nft -f -`: in one transaction the tables of both families are what the services need, whatever they were; a
/// family without services has none.  A connection is known by where its client sent it.
std::string nft_masquerade(const std::set<ServiceKey>& services);

/// For `iptables-restore --noflush` or `ip6tables-restore --noflush`: the chain holds a rule for each service of the
/// family, whatever it held; nothing jumps to it yet.
std::string iptables_masquerade(const std::set<ServiceKey>& services, Family family);

/// For the same, once POSTROUTING jumps to the chain: takes both away.
std::string iptables_without_masquerade();

bool has_family(const std::set<ServiceKey>& services, Family family);

}  // namespace baton::ipvs
