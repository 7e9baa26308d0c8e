// The blocks of what can be tracked: vrrp_script, track_file, vrrp_track_process.
#include <algorithm>
#include <limits>

#include "config/script_line.hpp"
#include "config/set_tracking.hpp"

namespace baton::config {

/// Where there are two of a name, keepalived has both, and finds the first.
bool take_tracker_name(Builder& builder, const Line& line, TrackingDraft::Names& names, std::string& name,
                       Position& position) {
  const Word& word = line.first();
  const auto [before, is_new] = names.emplace(word.text, word.place);
  if (!is_new) {
    builder.report(Severity::error, Status::ok, word.place,
                   concat("there is a ", line.keyword->name, " ", quoted(word.text), " already: this one is skipped"),
                   concat("the other one is in ", builder.at(before->second)));
    return false;
  }
  if (line.words.size() > 2)
    builder.advise(line.words[2].place,
                   concat(quoted(line.words[2].text), " is ignored: a ", line.keyword->name, " has one name"),
                   "a name with blanks stands in double quotes");
  name = word.text;
  position = word.place.position;
  builder.tracking.place = word.place;
  return true;
}

bool open_vrrp_script(Builder& builder, const Line& line) {
  builder.vrrp_script = {};
  builder.tracking.user.reset();
  builder.tracking.group.clear();
  return take_tracker_name(builder, line, builder.tracking.scripts, builder.vrrp_script.name,
                           builder.vrrp_script.position);
}

void close_vrrp_script(Builder& builder) {
  VrrpScript& tracker = builder.vrrp_script;
  if (!tracker.script && tracker.opened_file.empty()) {
    builder.error(builder.tracking.place,
                  concat("vrrp_script ", quoted(tracker.name), " has no script: it is left out"),
                  "write script \"/path/of/the/command and its arguments\"");
    return;
  }
  if (builder.tracking.user && tracker.script) {
    Script& script = builder.config.scripts.at(*tracker.script);
    script.user = std::move(builder.tracking.user->value);
    script.group = std::move(builder.tracking.group);
  }
  builder.config.vrrp_scripts.push_back(std::move(tracker));
}

bool set_track_script(Builder& builder, const Line& line) {
  VrrpScript& tracker = builder.vrrp_script;
  if (line.first().text.empty()) return true;  // an empty text: close_vrrp_script() tells
  if (line.first().text.starts_with('<')) {
    ScriptLine file = parse_script_line(line.raw.substr(line.words[0].place.length));
    if (file.fault.empty() && file.arguments.size() == 1 && file.arguments[0].size() > 1) {
      tracker.script.reset();
      tracker.opened_file = file.arguments[0].substr(1);
      return true;
    }
    builder.error(line.first().place, "a file test is '<' and the path of the file: the line is ignored",
                  "script \"</path/of/the/file\"");
    return false;
  }
  const auto index = read_script(builder, line);
  if (!index) return false;
  tracker.opened_file.clear();
  tracker.script = index;
  return true;
}

namespace {

/// A time of a script; 0 becomes 1 s as keepalived has it.
std::optional<Duration> read_script_time(Builder& builder, const Line& line) {
  std::int64_t microseconds = -1;
  if (parse_decimal(line.first().text, microseconds) != DecimalFault::none || microseconds != 0)
    return read_seconds(builder, line);
  builder.warn(line.first().place, concat(line.keyword->name, " 0 becomes 1 s"));
  return std::chrono::seconds{1};
}

}  // namespace

bool set_script_interval(Builder& builder, const Line& line) {
  const auto value = read_script_time(builder, line);
  if (value) builder.vrrp_script.interval = *value;
  return value.has_value();
}

bool set_script_timeout(Builder& builder, const Line& line) {
  const auto value = read_script_time(builder, line);
  if (value) builder.vrrp_script.timeout = *value;
  return value.has_value();
}

bool set_track_script_user(Builder& builder, const Line& line) {
  builder.tracking.user = Placed<std::string>{std::string(line.first().text), line.first().place};
  builder.tracking.group = line.words.size() > 2 ? std::string(line.words[2].text) : std::string{};
  if (line.words.size() > 3)
    builder.advise(line.words[3].place,
                   concat(quoted(line.words[3].text), " is ignored: user takes a user and a group"));
  return true;
}

bool open_track_file(Builder& builder, const Line& line) {
  builder.track_file = {};
  return take_tracker_name(builder, line, builder.tracking.files, builder.track_file.name, builder.track_file.position);
}

void close_track_file(Builder& builder) {
  if (builder.track_file.file.empty()) {
    builder.error(builder.tracking.place,
                  concat("track_file ", quoted(builder.track_file.name), " has no file: it is left out"),
                  "write file /path/of/the/file");
    return;
  }
  builder.config.track_files.push_back(std::move(builder.track_file));
}

bool set_init_file(Builder& builder, const Line& line) {
  InitialNumber initial;
  for (const Word& word : line.words.subspan(1)) {
    if (word.text == "overwrite") {
      initial.overwrite = true;
      continue;
    }
    const auto value = parse_integer(word.text);
    constexpr auto kMost = std::numeric_limits<std::int32_t>::max();
    if (!value || *value > kMost || *value < -std::int64_t{kMost} - 1) {
      builder.error(word.place,
                    concat("init_file takes a whole number of 32 bits and overwrite, not ", quoted(word.text)),
                    "the line is ignored");
      return false;
    }
    initial.value = static_cast<std::int32_t>(*value);
  }
  builder.track_file.init_file = initial;
  return true;
}

bool open_track_process(Builder& builder, const Line& line) {
  builder.track_process = {};
  return take_tracker_name(builder, line, builder.tracking.processes, builder.track_process.name,
                           builder.track_process.position);
}

namespace {

/// Where only the name is compared, one that the kernel never gives is never found; keepalived says nothing of it.
void advise_on_process_name(Builder& builder, const TrackProcess& tracker) {
  constexpr std::size_t kLongest = 15;
  if (tracker.full_command || !tracker.parameters.empty() || tracker.param_match != ParamMatch::plain) return;
  const bool is_path = tracker.process.find('/') != std::string::npos;
  if (!is_path && tracker.process.size() <= kLongest) return;
  builder.advise(builder.tracking.place,
                 concat("vrrp_track_process ", quoted(tracker.name), " finds nothing: the name of a process ",
                        is_path ? "is no path" : "has 15 octets at most"),
                 "write full_command, too: then it is compared with the first word of the command line");
}

}  // namespace

void close_track_process(Builder& builder) {
  TrackProcess& tracker = builder.track_process;
  if (tracker.process.empty()) {
    builder.error(builder.tracking.place,
                  concat("vrrp_track_process ", quoted(tracker.name), " has no process: it is left out"),
                  "write process and the name or path of a program");
    return;
  }
  if (tracker.quorum_max && *tracker.quorum_max != 0 && *tracker.quorum_max < tracker.quorum) {
    builder.error(builder.tracking.place,
                  concat("vrrp_track_process ", quoted(tracker.name), ": quorum_max ", *tracker.quorum_max,
                         " is below quorum ", tracker.quorum),
                  "quorum_max is ignored");
    tracker.quorum_max.reset();
  }
  advise_on_process_name(builder, tracker);
  builder.config.track_processes.push_back(std::move(tracker));
}

bool set_process(Builder& builder, const Line& line) {
  builder.track_process.process = line.first().text;
  builder.track_process.parameters.clear();
  for (const Word& word : line.words.subspan(2))
    builder.track_process.parameters.emplace_back(word.text);
  return true;
}

bool set_param_match(Builder& builder, const Line& line) {
  if (!line.has_value()) {
    builder.track_process.param_match = ParamMatch::exact;
    return true;
  }
  const std::string_view word = line.first().text;
  if (word != "initial" && word != "partial") {
    builder.error(line.first().place, concat("param_match takes initial, partial or nothing, not ", quoted(word)),
                  "the line is ignored");
    return false;
  }
  builder.track_process.param_match = word == "initial" ? ParamMatch::initial : ParamMatch::partial;
  return true;
}

bool set_process_delay(Builder& builder, const Line& line) {
  const auto value = read_seconds(builder, line);
  if (!value) return false;
  builder.track_process.terminate_delay = *value;
  builder.track_process.fork_delay = *value;
  return true;
}

}  // namespace baton::config
