#include "daemon/track_scripts.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace baton::daemon {

namespace {

std::string reason_of(const CheckEnded& end) {
  switch (end.end) {
    case ScriptEnd::exited: return fmt::format("exited with status {}", end.code);
    case ScriptEnd::signalled: return fmt::format("killed by signal {}", end.code);
    case ScriptEnd::timed_out: return "timed out";
    case ScriptEnd::not_run: break;
  }
  return end.reason;
}

}  // namespace

void TrackScripts::replace(std::vector<TrackScript> scripts, std::uint64_t generation, Instant now) {
  generation_ = generation;
  // Runs that a former process asked for may still end: ours have other numbers.
  if (last_run_ == 0) last_run_ = static_cast<std::uint64_t>(now.time_since_epoch().count()) & 0xffffffffffff0000U;
  running_.clear();
  auto former = std::exchange(entries_, {});
  for (auto& script : scripts) {
    Entry entry{.script = {}, .results{script.rise, script.fall, script.init_fail}, .due = now, .run{}, .give_up{}};
    if (const auto found = former.find(script.name); found != former.end()) {
      entry.results = found->second.results;
      entry.results.follow(script.rise, script.fall, script.init_fail);
      if (!found->second.run) entry.due = std::min(found->second.due, now + script.interval);
    }
    auto name = script.name;
    entry.script = std::move(script);
    entries_.emplace(std::move(name), std::move(entry));
  }
}

std::optional<bool> TrackScripts::state(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() ? std::nullopt : found->second.results.up();
}

bool TrackScripts::assumed(const std::string& name) const {
  const auto found = entries_.find(name);
  return found == entries_.end() || !found->second.script.init_fail;
}

void TrackScripts::tick(Instant now, std::vector<RunCheck>& runs, std::vector<std::string>& files) {
  for (auto& [name, entry] : entries_) {
    if (entry.run && now >= entry.give_up) {  // no answer says nothing
      running_.erase(*entry.run);
      entry.run.reset();
    }
    if (now < entry.due) continue;
    const auto interval = entry.script.interval;
    entry.due += interval * ((now - entry.due) / interval + 1);
    if (entry.run) continue;
    if (!entry.script.script) {
      files.push_back(name);
      continue;
    }
    entry.run = ++last_run_;
    entry.give_up = now + entry.script.timeout + kPatience;
    running_.emplace(last_run_, name);
    runs.push_back({last_run_, generation_, *entry.script.script,
                    std::chrono::ceil<std::chrono::milliseconds>(entry.script.timeout)});
  }
}

std::optional<TrackScriptChange> TrackScripts::opened(const std::string& name, bool success) {
  auto& entry = entries_.at(name);
  return record(entry, success, entry.script.opened_file + (success ? " can be opened" : " cannot be opened"));
}

std::optional<TrackScriptChange> TrackScripts::ended(const CheckEnded& end) {
  const auto found = running_.find(end.run);
  if (found == running_.end()) return std::nullopt;
  auto& entry = entries_.at(found->second);
  running_.erase(found);
  entry.run.reset();
  return record(entry, end.end == ScriptEnd::exited && end.code == 0, reason_of(end));
}

std::optional<TrackScriptChange> TrackScripts::record(Entry& entry, bool success, std::string reason) {
  if (!entry.results.record(success)) return std::nullopt;
  return TrackScriptChange{entry.script.name, success, std::move(reason)};
}

std::optional<Instant> TrackScripts::deadline() const {
  std::optional<Instant> earliest;
  for (const auto& [name, entry] : entries_)
    if (!earliest || entry.due < *earliest) earliest = entry.due;
  return earliest;
}

}  // namespace baton::daemon
