#include "vrrp/process_tracking.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::vrrp {

bool ProcessTracking::replace(std::vector<TrackedProcess> processes) {
  auto former = std::exchange(entries_, {});
  std::vector<std::optional<Index>> moved(former.size());
  bool is_new = false;
  for (auto& process : processes) {
    const auto found = by_name_.find(process.name);
    const auto at = static_cast<Index>(entries_.size());
    if (found != by_name_.end() && former[found->second].process.pattern == process.pattern) {
      auto& entry = entries_.emplace_back(std::move(former[found->second]));
      entry.quorum.follow(process.quorum);
      entry.process = std::move(process);
      moved[found->second] = at;
      continue;
    }
    is_new = true;
    const ProcessQuorum quorum(process.quorum);
    entries_.push_back({std::move(process), quorum});
  }
  renumber(moved);
  index();
  return is_new;
}

void ProcessTracking::renumber(const std::vector<std::optional<Index>>& moved) {
  for (auto it = members_.begin(); it != members_.end();) {
    Matches matches;
    for (const auto at : it->second.matches)
      if (moved.at(at)) matches.push_back(*moved[at]);
    std::ranges::sort(matches);
    it->second.matches = std::move(matches);
    it = it->second.matches.empty() ? members_.erase(it) : std::next(it);
  }
}

void ProcessTracking::index() {
  by_name_.clear();
  names_.clear();
  commands_.clear();
  command_octets_ = 0;
  for (Index at = 0; at < entries_.size(); ++at) {
    const auto& process = entries_[at].process;
    const bool is_new = by_name_.emplace(process.name, at).second;
    ASSERT(is_new);
    (process.pattern.looks_at_command() ? commands_ : names_)[process.pattern.key()].push_back(at);
    command_octets_ = std::max(command_octets_, process.pattern.needed_octets());
  }
}

std::optional<bool> ProcessTracking::up(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? std::nullopt : entries_[found->second].quorum.up();
}

std::vector<ProcessId> ProcessTracking::members() const {
  std::vector<ProcessId> all;
  all.reserve(members_.size());
  for (const auto& [id, member] : members_)
    all.push_back(id);
  return all;
}

ProcessTracking::Matches ProcessTracking::matches_of(const ProcessImage& image) const {
  Matches matches;
  const auto add = [&](const Keys& keys, std::string_view key) {
    const auto found = keys.find(key);
    if (found == keys.end()) return;
    for (const auto at : found->second)
      if (entries_[at].process.pattern.matches(image.name, image.command_line)) matches.push_back(at);
  };
  add(names_, image.name);
  const std::string_view line = image.command_line;
  if (!line.empty()) add(commands_, line.substr(0, line.find('\0')));
  std::ranges::sort(matches);
  return matches;
}

void ProcessTracking::forked(ProcessId parent, ProcessId child, Instant now, Changes& changes) {
  const auto found = members_.find(parent);
  auto matches = found == members_.end() ? Matches() : found->second.matches;
  // A number that was somebody else's, whose end was not told.
  become(child, std::move(matches), CountCause::forked, CountCause::ended, now, changes);
}

void ProcessTracking::changed(const ProcessImage& image, Instant now, Changes& changes) {
  become(image.id, matches_of(image), CountCause::other, CountCause::other, now, changes);
}

void ProcessTracking::ended(ProcessId id, Instant now, Changes& changes) {
  become(id, {}, CountCause::other, CountCause::ended, now, changes);
}

/// One whose parent matches as well has most likely been forked.
void ProcessTracking::found(const ProcessImage& image, Instant now, Changes& changes) {
  auto matches = matches_of(image);
  if (matches.empty() && !members_.contains(image.id)) return;
  const auto parent = members_.find(image.parent);
  const bool is_child = parent != members_.end() && parent->second.matches == matches;
  become(image.id, std::move(matches), is_child ? CountCause::forked : CountCause::other, CountCause::other, now,
         changes);
}

void ProcessTracking::end_look(Instant now, Changes& changes) {
  std::vector<ProcessId> gone;
  for (const auto& [id, member] : members_)
    if (member.look != look_) gone.push_back(id);
  for (const auto id : gone)
    ended(id, now, changes);
  for (Index at = 0; at < entries_.size(); ++at)
    if (!std::exchange(entries_[at].is_counted, true)) count(at, CountCause::other, now, changes);
}

void ProcessTracking::become(ProcessId id, Matches matches, CountCause more, CountCause fewer, Instant now,
                             Changes& changes) {
  const auto found = members_.find(id);
  if (found == members_.end() && matches.empty()) return;
  const Matches former = found == members_.end() ? Matches() : std::move(found->second.matches);
  if (matches.empty())
    members_.erase(id);
  else
    members_[id] = {matches, look_};
  for (const auto at : former) {
    if (std::ranges::binary_search(matches, at)) continue;
    ASSERT(entries_[at].number > 0);
    --entries_[at].number;
    count(at, fewer, now, changes);
  }
  for (const auto at : matches) {
    if (std::ranges::binary_search(former, at)) continue;
    ++entries_[at].number;
    count(at, more, now, changes);
  }
}

void ProcessTracking::count(Index at, CountCause cause, Instant now, Changes& changes) {
  auto& entry = entries_[at];
  if (!entry.is_counted || !entry.quorum.count(entry.number, cause, now)) return;
  changes.push_back({entry.process.name, *entry.quorum.up(), entry.number});
}

void ProcessTracking::tick(Instant now, Changes& changes) {
  for (auto& entry : entries_)
    if (entry.quorum.tick(now)) changes.push_back({entry.process.name, *entry.quorum.up(), entry.number});
}

std::optional<Instant> ProcessTracking::deadline() const {
  std::optional<Instant> earliest;
  for (const auto& entry : entries_) {
    const auto due = entry.quorum.deadline();
    if (due && (!earliest || *due < *earliest)) earliest = due;
  }
  return earliest;
}

}  // namespace baton::vrrp
