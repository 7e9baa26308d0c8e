#include "daemon/adoption.hpp"

#include <algorithm>

namespace baton::daemon {

namespace {

HeldAddress as_held(const PlannedAddress& planned) {
  return {planned.address, planned.prefix_length, planned.device, planned.peer};
}

}  // namespace

Adoption adopt(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& ledger,
               const std::vector<HeldAddress>& present) {
  Adoption result;
  const std::set<HeldAddress> there(present.begin(), present.end());
  std::set<HeldAddress> ours;
  std::set<HeldAddress> kept;
  for (const auto& former : ledger) {
    ours.insert(former.addresses.begin(), former.addresses.end());
    const auto& key = former.key;
    const auto is_there = [&there](const HeldAddress& held) { return there.contains(held); };
    if (plan.contains(key) && std::ranges::any_of(former.addresses, is_there)) result.adopted.insert(key);
  }
  for (const auto& [key, planned] : plan) {
    auto& names = result.adopted.contains(key) || planned.params.start_active ? kept : ours;
    for (const auto& address : planned.addresses)
      names.insert(as_held(address));
  }
  std::ranges::copy_if(present, std::back_inserter(result.leftovers),
                       [&](const HeldAddress& held) { return ours.contains(held) && !kept.contains(held); });
  return result;
}

}  // namespace baton::daemon
