#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_instance.hpp"
#include "config/set_tracking.hpp"
#include "config/show_instance.hpp"
#include "config/show_tracking.hpp"

namespace baton::config {
namespace {

constexpr auto kVrrpSyncGroup = std::to_array<Keyword>({
    {"group", list("<instance> ..."), "", "Members, one name per word",
     first_counts({.set = open_members, .opens = Block::name_list, .entry = add_members, .show = show_members})},
    {"track_interface",
     repeated(list("<name> [weight <n>] ...")),
     "",
     "Interfaces tracked by every member",
     {.opens = Block::track_interface,
      .entry = add_tracked_by_group<Tracker::interface>,
      .show = show_tracked_by_group<Tracker::interface>}},
    {"track_script",
     repeated(list("<name> [weight <n>] ...")),
     "",
     "vrrp_scripts tracked by every member",
     {.opens = Block::track_script,
      .entry = add_tracked_by_group<Tracker::script>,
      .show = show_tracked_by_group<Tracker::script>}},
    {"track_file",
     repeated(list("<name> [weight <n>] ...")),
     "",
     "Track files tracked by every member",
     {.opens = Block::track_file_entry,
      .entry = add_tracked_by_group<Tracker::file>,
      .show = show_tracked_by_group<Tracker::file>}},
    {"track_process",
     repeated(list("<name> [weight <n>] ...")),
     "",
     "Track processes tracked by every member",
     {.opens = Block::track_process,
      .entry = add_tracked_by_group<Tracker::process>,
      .show = show_tracked_by_group<Tracker::process>}},
    {"track_bfd",
     repeated(list("<name> [weight <n>] ...")),
     "",
     "BFD sessions tracked by every member",
     {.opens = Block::track_bfd,
      .entry = add_tracked_by_group<Tracker::bfd>,
      .show = show_tracked_by_group<Tracker::bfd>}},
    {"track_gateway", repeated(list("<name> [weight <n>] ...")), "", "vrrp_track_gateways tracked by every member",
     own({.opens = Block::track_gateway,
          .entry = add_tracked_by_group<Tracker::gateway>,
          .show = show_tracked_by_group<Tracker::gateway>})},
    {"notify_backup", script(), "", "Script run when the group enters BACKUP; no arguments added",
     first_counts(script_field<&SyncGroup::notify_backup>())},
    {"notify_master", script(), "", "Script run when the group enters MASTER; no arguments added",
     first_counts(script_field<&SyncGroup::notify_master>())},
    {"notify_fault", script(), "", "Script run when the group enters FAULT; no arguments added",
     first_counts(script_field<&SyncGroup::notify_fault>())},
    {"notify_stop", script(), "", "Script run when the group enters STOP (shutdown); no arguments added",
     first_counts(script_field<&SyncGroup::notify_stop>())},
    {"notify", script(), "", "Script for every state; GROUP <name> <state> 0 appended",
     first_counts(script_field<&SyncGroup::notify>())},
    {"smtp_alert", boolean(), "global default, else off", "Mail on group state changes",
     boolean_field<&SyncGroup::smtp_alert>()},
    {"global_tracking", none(), "", "Deprecated; acts as sync_group_tracking_weight",
     old_spelling("sync_group_tracking_weight", {.set = set_flag<&SyncGroup::sync_group_tracking_weight>})},
    {"sync_group_tracking_weight", none(), "off",
     "Let weights of trackers of the members change priorities (otherwise weighted trackers of members are dropped)",
     flag_field<&SyncGroup::sync_group_tracking_weight>()},
    {"notify_priority_changes", boolean(), "global default",
     "Write priority changes of the members to the notify pipes", boolean_field<&SyncGroup::notify_priority_changes>()},
});

constexpr auto kGroupSections = std::to_array<Section>({
    {{Block::vrrp_sync_group}, kVrrpSyncGroup},
});

}  // namespace

std::span<const Section> group_keywords() {
  return kGroupSections;
}

}  // namespace baton::config
