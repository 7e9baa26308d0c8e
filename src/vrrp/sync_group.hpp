// sync_group.hpp - what the members of a sync group must do together (keepalived's vrrp_sync_group).
//
// Pure.  All become MASTER when every one of them would; when one stops being MASTER the others do; when one is in
// FAULT all are.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vrrp/virtual_router.hpp"

namespace baton::vrrp {

/// A member as its group sees it.
struct GroupMember {
  std::string name;
  State state = State::initialize;
  bool wants_active = false;
  std::string wish;   // why it wants to
  std::string fault;  // of its own; empty: none
};

/// What a member is to be told.
struct GroupOrder {
  std::size_t member = 0;
  Event event;
};

/// What follows for the other members when `cause` has changed; in the order of the members, `cause` first.
/// Nothing follows from the orders themselves.
std::vector<GroupOrder> settle(std::span<const GroupMember> members, std::size_t cause);

/// Why a member is in FAULT for its group's sake: "VI_2 of its sync group is in FAULT: eth1 is down"; empty: it need
/// not be.
std::string group_fault(std::span<const GroupMember> members, std::size_t member);

/// The state that users see of a group: that of its members.  None while they differ.
std::optional<State> common_state(std::span<const GroupMember> members);

}  // namespace baton::vrrp
