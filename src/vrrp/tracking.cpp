#include "vrrp/tracking.hpp"

#include <algorithm>
#include <utility>

namespace baton::vrrp {

namespace {

constexpr std::int64_t kFileFault = -254;  // and below
constexpr std::int64_t kMostFile = 253;
constexpr int kLeastPriority = 1;
constexpr int kMostPriority = 254;

TrackEffect effect_of_file(const Tracker& tracker, std::int64_t number) {
  if (tracker.weight == 0) return {.is_fault = (number != 0) != tracker.is_reversed};
  // Numbers beyond all sense must not overflow.
  const auto bounded = std::clamp<std::int64_t>(number, -1'000'000, 1'000'000);
  const auto change = bounded * tracker.weight * (tracker.is_reversed ? -1 : 1);
  if (change <= kFileFault) return {.is_fault = true};
  return {.change = static_cast<int>(std::min(change, kMostFile))};
}

/// "failed", "is down", "says 10"
std::string condition(const TrackKey& key, const TrackValue& value) {
  if (!value.is_known) return "has no result";
  switch (key.kind) {
    case TrackKind::file: return "says " + std::to_string(value.number);
    case TrackKind::script: return value.up ? "succeeded" : "failed";
    case TrackKind::process: return value.up ? "runs" : "does not run as often as it should";
    case TrackKind::interface:
    case TrackKind::bfd: return value.up ? "is up" : "is down";
    case TrackKind::gateway: return value.up ? "answers" : "does not answer";
  }
  return "";
}

std::string sentence(const TrackKey& key, const TrackValue& value) {
  return std::string("tracked ") + name(key.kind) + ' ' + key.name + ' ' + condition(key, value);
}

std::string signed_text(int number) {
  return (number > 0 ? "+" : "") + std::to_string(number);
}

}  // namespace

const char* name(TrackKind kind) {
  switch (kind) {
    case TrackKind::interface: return "interface";
    case TrackKind::script: return "script";
    case TrackKind::file: return "file";
    case TrackKind::process: return "process";
    case TrackKind::bfd: return "BFD session";
    case TrackKind::gateway: return "gateway";
  }
  return "thing";
}

TrackEffect effect(const Tracker& tracker, const TrackValue& value) {
  if (!value.is_known && tracker.weight == 0) return {.waits = true};
  if (tracker.key.kind == TrackKind::file) return effect_of_file(tracker, value.number);
  if (tracker.weight == 0) return {.is_fault = value.up == tracker.is_reversed};
  const bool counts = value.up == (tracker.weight > 0) && (value.is_known || !value.up);
  const int sign = tracker.is_reversed ? -1 : 1;
  return {.change = counts ? sign * tracker.weight : 0};
}

void Tracking::replace(std::vector<Tracker> trackers) {
  auto former = std::exchange(entries_, {});
  for (auto& tracker : trackers) {
    const auto found = former.find(tracker.key);
    const auto value = found == former.end() ? TrackValue{} : found->second.value;
    auto key = tracker.key;
    entries_.emplace(std::move(key), Entry{std::move(tracker), value});
  }
}

bool Tracking::set(const TrackKey& key, const TrackValue& value) {
  const auto [first, last] = entries_.equal_range(key);
  TrackEffect before, after;
  bool has_changed = false;
  for (auto it = first; it != last; ++it) {
    auto& entry = it->second;
    before = effect(entry.tracker, entry.value);
    entry.value = value;
    const auto now = effect(entry.tracker, value);
    has_changed = has_changed || before != now;
    after.change += now.change;
    after.is_fault = after.is_fault || now.is_fault;
  }
  if (!has_changed) return false;
  last_change_ = sentence(key, value);
  if (!after.is_fault && std::any_of(first, last, [](const auto& each) { return each.second.tracker.weight != 0; }))
    last_change_ += " (" + signed_text(after.change) + ")";
  return true;
}

bool Tracking::waits() const {
  return std::ranges::any_of(entries_,
                             [](const auto& each) { return effect(each.second.tracker, each.second.value).waits; });
}

std::optional<std::string> Tracking::fault() const {
  for (const auto& [key, entry] : entries_)
    if (effect(entry.tracker, entry.value).is_fault) return sentence(key, entry.value);
  return std::nullopt;
}

Priority Tracking::effective(Priority base) const {
  if (base == kOwnerPriority) return base;
  std::int64_t sum = base;
  for (const auto& [key, entry] : entries_)
    sum += effect(entry.tracker, entry.value).change;
  return static_cast<Priority>(std::clamp<std::int64_t>(sum, kLeastPriority, kMostPriority));
}

void Faults::set(Kind kind, std::string reason) {
  if (reason.empty())
    reasons_.erase(kind);
  else
    reasons_.insert_or_assign(kind, std::move(reason));
}

const std::string& Faults::reason() const {
  static const std::string kNone;
  return reasons_.empty() ? kNone : reasons_.begin()->second;
}

const std::string& Faults::own_reason() const {
  static const std::string kNone;
  return reasons_.empty() || reasons_.begin()->first == Kind::group ? kNone : reasons_.begin()->second;
}

}  // namespace baton::vrrp
