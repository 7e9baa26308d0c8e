// vrrp_sync_group after the last line: members that there are, each in one group.
#include <unordered_map>
#include <vector>

#include "config/builder.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

struct Membership {
  const SyncGroupDraft* group = nullptr;  // nullptr: of none yet
  Place place;
};
using Memberships = std::unordered_map<std::string_view, Membership>;

std::string nearest_instance(const Builder& builder, std::string_view name) {
  std::vector<std::string_view> names;
  for (const VrrpInstance& instance : builder.config.vrrp_instances)
    names.push_back(instance.name);
  const std::string_view near = nearest(name, names);
  return near.empty() ? "" : concat("did you mean '", near, "'?");
}

void report_unknown(Builder& builder, const Placed<std::string>& member) {
  if (builder.instance_names.contains(member.value)) {
    builder.error(member.place, concat("vrrp_instance ", quoted(member.value), " is left out: so it is here"));
    return;
  }
  const bool is_kept = builder.would_report(Severity::error, member.place);
  builder.error(member.place, concat("there is no vrrp_instance ", quoted(member.value), ": it is ignored"),
                is_kept ? nearest_instance(builder, member.value) : "");
}

void add_member(Builder& builder, SyncGroupDraft& draft, const Placed<std::string>& member, Memberships& memberships) {
  const auto found = memberships.find(member.value);
  if (found == memberships.end()) {
    report_unknown(builder, member);
    return;
  }
  Membership& membership = found->second;
  if (membership.group != nullptr) {
    builder.error(member.place,
                  membership.group == &draft
                      ? concat(quoted(member.value), " is a member of this group already: it is ignored")
                      : concat(quoted(member.value), " is a member of vrrp_sync_group ",
                               quoted(membership.group->settled.name), " already: it is ignored here"),
                  concat("the other one is in ", builder.at(membership.place), "; an instance has one group"));
    return;
  }
  membership = {&draft, member.place};
  draft.settled.instances.push_back(member.value);
}

/// Whether anything is left of the group.
bool is_worth_keeping(Builder& builder, const SyncGroupDraft& draft) {
  const std::string name = quoted(draft.settled.name);
  const std::size_t members = draft.settled.instances.size();
  if (members == 0) {
    builder.error(draft.place, concat("vrrp_sync_group ", name, " has no members: it is removed"),
                  draft.members_place.position.line == 0 ? "they stand inside: group { A B }" : "");
    return false;
  }
  if (members == 1)
    builder.warn(draft.place,
                 concat("vrrp_sync_group ", name, " has one member, ", quoted(draft.settled.instances.front()),
                        ": there is nothing to keep in step"),
                 "a group is for instances that must be MASTER together");
  return true;
}

}  // namespace

void resolve_sync_groups(Builder& builder) {
  Memberships memberships;
  for (const VrrpInstance& instance : builder.config.vrrp_instances)
    memberships.try_emplace(instance.name);
  for (SyncGroupDraft& draft : builder.sync_groups) {
    for (const Placed<std::string>& member : draft.members)
      add_member(builder, draft, member, memberships);
    if (is_worth_keeping(builder, draft)) builder.config.sync_groups.push_back(draft.settled);
  }
}

}  // namespace baton::config
