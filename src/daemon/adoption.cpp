#include "daemon/adoption.hpp"

#include <algorithm>

namespace baton::daemon {

HeldAddress as_held(const PlannedAddress& planned) {
  return {planned.address, planned.prefix_length, planned.device, planned.peer};
}

namespace {

bool is_adopted(const std::set<InstanceKey>& adopted, const VrrpLedger& ledger, const InstanceKey& key) {
  const auto was_master = [&](const HeldInstance& former) { return former.key == key; };
  const auto former = std::ranges::find_if(ledger, was_master);
  return adopted.contains(key) || (former != ledger.end() && former->addresses.empty());
}

/// Members of a sync group go on all or none: one alone would be MASTER beside members that are not.  One that has no
/// addresses goes on when the others do.
void keep_whole_groups(const std::map<InstanceKey, PlannedInstance>& plan, const VrrpLedger& ledger,
                       std::set<InstanceKey>* adopted) {
  std::map<std::string, std::vector<InstanceKey>> groups;
  for (const auto& [key, planned] : plan)
    if (!planned.group.empty()) groups[planned.group].push_back(key);
  for (const auto& [name, members] : groups) {
    const auto goes_on = [&](const InstanceKey& key) { return is_adopted(*adopted, ledger, key); };
    const auto has_address = [&](const InstanceKey& key) { return adopted->contains(key); };
    const bool all = std::ranges::all_of(members, goes_on) && std::ranges::any_of(members, has_address);
    for (const auto& key : members) {
      if (all)
        adopted->insert(key);
      else
        adopted->erase(key);
    }
  }
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
  keep_whole_groups(plan, ledger, &result.adopted);
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
