#include "daemon/vrrp_groups.hpp"

#include <algorithm>

namespace baton::daemon {

void VrrpGroups::configure(const Instances& instances) {
  auto former = std::exchange(groups_, {});
  group_of_.clear();
  for (const auto& [key, instance] : instances) {
    const auto& name = instance->plan().group;
    if (name.empty()) continue;
    auto& group = groups_[name];
    group.name = name;
    group.members.push_back(instance.get());
    group_of_.emplace(instance->plan().name, name);
    const auto waits = [](const vrrp::Tracker& tracker) {
      return tracker.key.kind == vrrp::TrackKind::script && tracker.weight == 0;
    };
    if (std::ranges::any_of(instance->plan().trackers, waits)) group.begins = false;
    if (const auto found = former.find(name); found != former.end()) {
      group.told = found->second.told;
      group.told_of = found->second.told_of;
    }
  }
  for (auto& [name, group] : groups_)
    std::ranges::sort(group.members, {}, [](const VrrpInstance* member) { return member->plan().group_position; });
}

std::vector<VrrpInstance*> VrrpGroups::with(VrrpInstance* instance) const {
  std::vector<VrrpInstance*> list{instance};
  const auto group = groups_.find(instance->plan().group);
  if (group == groups_.end()) return list;
  for (auto* member : group->second.members)
    if (member != instance) list.push_back(member);
  return list;
}

std::vector<vrrp::GroupMember> VrrpGroups::views(const Group& group) {
  std::vector<vrrp::GroupMember> views;
  views.reserve(group.members.size());
  for (const auto* member : group.members) {
    const auto& router = member->router();
    views.push_back(
        {member->plan().name, router.state(), router.wants_active(), router.wish(), member->faults().own_reason()});
  }
  return views;
}

void VrrpGroups::spread_faults(const VrrpInstance& cause) {
  const auto group = groups_.find(cause.plan().group);
  if (group == groups_.end()) return;
  const auto members = views(group->second);
  for (std::size_t i = 0; i < members.size(); ++i)
    group->second.members[i]->faults().set(vrrp::Faults::Kind::group, vrrp::group_fault(members, i));
}

std::vector<VrrpGroups::Order> VrrpGroups::orders(const VrrpInstance& cause) const {
  std::vector<Order> orders;
  const auto group = groups_.find(cause.plan().group);
  if (group == groups_.end()) return orders;
  const auto& members = group->second.members;
  const auto position = std::ranges::find(members, &cause);
  if (position == members.end()) return orders;
  for (auto& order : vrrp::settle(views(group->second), static_cast<std::size_t>(position - members.begin())))
    orders.emplace_back(members[order.member], std::move(order.event));
  return orders;
}

/// keepalived's order: a group is told when all of its members are; but at the start before them, unless one of them
/// waits for a script.
void VrrpGroups::tell(const Notify& notify, const std::function<void(const Notify&)>& on_notify) {
  const auto name = group_of_.find(notify.instance);
  const auto found = name == group_of_.end() ? groups_.end() : groups_.find(name->second);
  if (found == groups_.end() || notify.state > NotifyState::stop) return on_notify(notify);
  auto& group = found->second;
  group.told_of.insert_or_assign(notify.instance, notify.state);
  const Notify of_group{group.name, notify.state, 0, true};
  if (!group.told && group.begins && notify.state == NotifyState::backup) {
    group.told = notify.state;
    on_notify(of_group);
  }
  on_notify(notify);
  const auto has_it = [&](const VrrpInstance* member) {
    const auto told = group.told_of.find(member->plan().name);
    return told != group.told_of.end() && told->second == notify.state;
  };
  if (group.told == notify.state || !std::ranges::all_of(group.members, has_it)) return;
  group.told = notify.state;
  on_notify(of_group);
}

}  // namespace baton::daemon
