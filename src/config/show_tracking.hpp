// show_tracking.hpp - what the rows of trackers, of track_* blocks and of track_group print.
#pragma once

#include "config/draft_tracking.hpp"
#include "config/show.hpp"

namespace baton::config {

void show_track_groups(Printer& printer, const Keyword& keyword);
void show_group_members(Printer& printer, const Keyword& keyword);

void show_vrrp_scripts(Printer& printer, const Keyword& keyword);
void show_track_script(Printer& printer, const Keyword& keyword);
void show_track_script_user(Printer& printer, const Keyword& keyword);

void show_track_files(Printer& printer, const Keyword& keyword);
void show_init_file(Printer& printer, const Keyword& keyword);

void show_track_processes(Printer& printer, const Keyword& keyword);
void show_process(Printer& printer, const Keyword& keyword);
void show_param_match(Printer& printer, const Keyword& keyword);

void show_track_gateways(Printer& printer, const Keyword& keyword);

void show_bfd_instances(Printer& printer, const Keyword& keyword);
std::string in_milliseconds(Duration duration);
template <auto Member>
void show_milliseconds(Printer& printer, const Keyword& keyword) {
  if (const auto* value = shown<Member, When::unless_default>(printer))
    printer.line(keyword.name, " ", in_milliseconds(*value));
}
template <auto Member>
void show_address_always(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", shown<Member, When::always>(printer)->to_string());
}

template <auto Member>
void show_track_weight(Printer& printer, const Keyword& keyword) {
  if (const auto* weight = shown<Member, When::unless_default>(printer))
    printer.line(keyword.name, " ", weight->value, weight->is_reversed ? " reverse" : "");
}

void show_tracked(Printer& printer, const Keyword& keyword, const Tracking& tracking, Tracker kind);
template <Tracker kKind>
void show_tracked_by_instance(Printer& printer, const Keyword& keyword) {
  show_tracked(printer, keyword, printer.current<VrrpInstance>().tracking, kKind);
}
template <Tracker kKind>
void show_tracked_by_group(Printer& printer, const Keyword& keyword) {
  show_tracked(printer, keyword, printer.current<SyncGroup>().tracking, kKind);
}

}  // namespace baton::config
