// adoption.hpp - at the start of the vrrp role: which instances go on as master, and which addresses nobody holds
// (pure).
#pragma once

#include <map>
#include <set>
#include <vector>

#include "daemon/instance_plan.hpp"
#include "daemon/ledger.hpp"

namespace baton::daemon {

HeldAddress as_held(const PlannedAddress& planned);

struct Adoption {
  std::set<InstanceKey> adopted;
  /// In the kernel and of ours, but of no adopted instance: to be removed before the elections begin, because a backup
  /// that holds addresses answers ARP beside the master.
  std::vector<HeldAddress> leftovers;
};

/// An instance is adopted when the ledger calls it master and one of its addresses is still `present`: then its lease
/// has not run out, and no other director has taken over; members of a sync group are only together.  Leftovers are
/// present addresses that the ledger or a planned instance names and no adopted one has (keepalived removes what it
/// finds of its own, too); those of an instance that starts active stay, for an address owner's are there before it.
Adoption adopt(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& ledger,
               const std::vector<HeldAddress>& present);

}  // namespace baton::daemon
