#include "config/show_tracking.hpp"

#include "config/argument.hpp"
#include "config/keywords.hpp"

namespace baton::config {
namespace {

template <class Objects>
void show_named(Printer& printer, const Keyword& keyword, Block block, const Objects& objects) {
  for (const auto& object : objects)
    printer.block(concat(keyword.name, " ", as_word(object.name)), block, object);
}

const std::vector<Tracked>& entries_of(const Tracking& tracking, Tracker kind) {
  switch (kind) {
    case Tracker::interface: return tracking.interfaces;
    case Tracker::script: return tracking.scripts;
    case Tracker::file: return tracking.files;
    case Tracker::process: return tracking.processes;
    case Tracker::gateway: return tracking.gateways;
    case Tracker::bfd: break;
  }
  return tracking.bfds;
}

/// Whether the tracked object is reversed unless an entry says otherwise.
bool is_object_reversed(const Config& config, const Tracked& entry, Tracker kind) {
  switch (kind) {
    case Tracker::interface: return false;
    case Tracker::script: return config.vrrp_scripts.at(entry.object).weight.is_reversed;
    case Tracker::file: return config.track_files.at(entry.object).weight.is_reversed;
    case Tracker::process: return config.track_processes.at(entry.object).weight.is_reversed;
    case Tracker::gateway: return config.track_gateways.at(entry.object).weight.is_reversed;
    case Tracker::bfd: break;
  }
  return config.bfd_instances.at(entry.object).weight.is_reversed;
}

}  // namespace

void show_track_groups(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::track_group, printer.config().track_groups);
}

void show_group_members(Printer& printer, const Keyword& keyword) {
  printer.open(keyword.name);
  for (const std::string& name : printer.current<TrackGroup>().instances)
    printer.line(as_entry(name));
  printer.close();
}

void show_vrrp_scripts(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::vrrp_script, printer.config().vrrp_scripts);
}

/// Without its user, which has a line of its own.
void show_track_script(Printer& printer, const Keyword& keyword) {
  const VrrpScript& tracker = printer.current<VrrpScript>();
  if (!tracker.script) {
    Script file;
    file.arguments = {tracker.opened_file};
    std::string line = as_script_line(file);
    printer.line(keyword.name, " ", line.insert(1, "<"));
    return;
  }
  Script script = printer.config().scripts.at(*tracker.script);
  script.user.clear();
  script.group.clear();
  printer.line(keyword.name, " ", as_script_line(script));
}

void show_track_script_user(Printer& printer, const Keyword& keyword) {
  const VrrpScript& tracker = printer.current<VrrpScript>();
  if (!tracker.script) return;
  const Script& script = printer.config().scripts.at(*tracker.script);
  if (script.user.empty()) return;
  printer.line(keyword.name, " ", as_word(script.user), script.group.empty() ? "" : " " + as_word(script.group));
}

void show_track_files(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::track_file, printer.config().track_files);
}

void show_init_file(Printer& printer, const Keyword& keyword) {
  const auto& initial = printer.current<TrackFile>().init_file;
  if (initial) printer.line(keyword.name, " ", initial->value, initial->overwrite ? " overwrite" : "");
}

void show_track_processes(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::vrrp_track_process, printer.config().track_processes);
}

void show_process(Printer& printer, const Keyword& keyword) {
  const TrackProcess& tracker = printer.current<TrackProcess>();
  std::string text = as_word(tracker.process);
  for (const std::string& parameter : tracker.parameters)
    text += " " + as_word(parameter);
  printer.line(keyword.name, " ", text);
}

void show_param_match(Printer& printer, const Keyword& keyword) {
  switch (printer.current<TrackProcess>().param_match) {
    case ParamMatch::plain: break;
    case ParamMatch::exact: printer.line(keyword.name); break;
    case ParamMatch::initial: printer.line(keyword.name, " initial"); break;
    case ParamMatch::partial: printer.line(keyword.name, " partial"); break;
  }
}

void show_track_gateways(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::vrrp_track_gateway, printer.config().track_gateways);
}

void show_bfd_instances(Printer& printer, const Keyword& keyword) {
  show_named(printer, keyword, Block::bfd_instance, printer.config().bfd_instances);
}

std::string in_milliseconds(Duration duration) {
  return decimal(std::chrono::duration_cast<std::chrono::nanoseconds>(duration).count());
}

void show_tracked(Printer& printer, const Keyword& keyword, const Tracking& tracking, Tracker kind) {
  const std::vector<Tracked>& entries = entries_of(tracking, kind);
  if (entries.empty()) return;
  printer.open(keyword.name);
  for (const Tracked& entry : entries) {
    const std::string_view reverse = entry.weight.is_reversed                            ? " reverse"
                                     : is_object_reversed(printer.config(), entry, kind) ? " noreverse"
                                                                                         : "";
    printer.line(as_entry(entry.name), " weight ", entry.weight.value, reverse);
  }
  printer.close();
}

}  // namespace baton::config
