#include "vrrp/sync_group.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::vrrp {

namespace {

/// `cause` and then the others in their order.
std::vector<std::size_t> in_order(std::size_t count, std::size_t cause) {
  std::vector<std::size_t> order{cause};
  for (std::size_t i = 0; i < count; ++i)
    if (i != cause) order.push_back(i);
  return order;
}

bool may_be_active(const GroupMember& member) {
  return member.state == State::active || (member.state == State::backup && member.wants_active);
}

}  // namespace

std::vector<GroupOrder> settle(std::span<const GroupMember> members, std::size_t cause) {
  ASSERT(cause < members.size());
  std::vector<GroupOrder> orders;
  const auto order = in_order(members.size(), cause);
  if (std::ranges::all_of(members, may_be_active)) {
    for (const auto index : order)
      if (members[index].state == State::backup)
        orders.push_back({index, GroupActive{index == cause || members[cause].state == State::active
                                                 ? members[index].wish
                                                 : members[index].wish + ", and so do all of its sync group"}});
    return orders;
  }
  // One that is not active takes the others with it; one that fails has its own way (group_fault).
  if (members[cause].state != State::backup || members[cause].wants_active) return orders;
  for (const auto index : order)
    if (members[index].state == State::active)
      orders.push_back({index, GroupBackup{members[cause].name + " of its sync group is BACKUP"}});
  return orders;
}

std::string group_fault(std::span<const GroupMember> members, std::size_t member) {
  for (std::size_t i = 0; i < members.size(); ++i)
    if (i != member && !members[i].fault.empty())
      return members[i].name + " of its sync group is in FAULT: " + members[i].fault;
  return {};
}

std::optional<State> common_state(std::span<const GroupMember> members) {
  ASSERT(!members.empty());
  const auto first = members.front().state;
  for (const auto& member : members)
    if (member.state != first) return std::nullopt;
  return first;
}

}  // namespace baton::vrrp
