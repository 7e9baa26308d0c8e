// tracking.hpp - what a virtual router tracks, and what the state of it all does: a priority, a fault, a wait.
//
// Pure.  The arithmetic is keepalived's: effective = base + the sum of the changes, within 1..254; an address owner
// (255) ignores weights.  A tracker without a weight means FAULT instead.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/ids.hpp"

namespace baton::vrrp {

enum class TrackKind : std::uint8_t { interface, script, file, process, bfd, gateway };

/// "interface", "script" ...
const char* name(TrackKind kind);

/// What is tracked; one thing for all who track it.
struct TrackKey {
  TrackKind kind = TrackKind::interface;
  std::string name;
  friend auto operator<=>(const TrackKey&, const TrackKey&) = default;
};

/// What is known of it.
struct TrackValue {
  bool is_known = false;    // no result yet: who tracks it without a weight waits for one
  bool up = true;           // but of a file; without a result what is assumed: up has no effect, down that of down
  std::int64_t number = 0;  // of a file
  friend bool operator==(const TrackValue&, const TrackValue&) = default;
};

inline constexpr TrackValue kTrackedUp{true, true, 0};
inline constexpr TrackValue kTrackedDown{true, false, 0};

/// One thing as one router tracks it.
struct Tracker {
  TrackKey key;
  int weight = 0;            // 0: down means FAULT; of a file the factor of its number, 0: any number but 0 means FAULT
  bool is_reversed = false;  // of a weight its sign; without one up means FAULT
  friend bool operator==(const Tracker&, const Tracker&) = default;
};

/// What a tracker does to its router.
struct TrackEffect {
  bool waits = false;
  bool is_fault = false;
  int change = 0;  // of the priority
  friend bool operator==(const TrackEffect&, const TrackEffect&) = default;
};

TrackEffect effect(const Tracker& tracker, const TrackValue& value);

/// All that one router tracks.
class Tracking {
 public:
  /// From now on these; a key that an instance and its group track counts twice.  What is known of a key that was there
  /// before is still known.
  void replace(std::vector<Tracker> trackers);

  [[nodiscard]] bool tracks(const TrackKey& key) const { return entries_.contains(key); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }

  /// True when the router's effective priority, fault or wait may have changed.  What it does not track is ignored.
  bool set(const TrackKey& key, const TrackValue& value);

  /// Something has no first result yet.
  [[nodiscard]] bool waits() const;
  /// Why the router must be in FAULT, of all trackers the first: "tracked script chk failed".
  [[nodiscard]] std::optional<std::string> fault() const;
  /// 1..254; 255 of a base of 255.
  [[nodiscard]] Priority effective(Priority base) const;
  /// What the last effective change of set() was: "tracked script chk failed (-20)".
  [[nodiscard]] const std::string& last_change() const { return last_change_; }

 private:
  struct Entry {
    Tracker tracker;
    TrackValue value;
  };
  std::multimap<TrackKey, Entry> entries_;
  std::string last_change_;
};

/// Why a router is in FAULT: it is as long as any reason stands.  Each kind of reason has a place of its own, so that
/// whoever withdraws one cannot withdraw another's.
class Faults {
 public:
  enum class Kind : std::uint8_t { link, tracking, addresses, group };

  /// An empty reason withdraws it.
  void set(Kind kind, std::string reason);
  /// The first reason that stands, in the order of the kinds; empty: none.
  [[nodiscard]] const std::string& reason() const;
  /// Likewise, but of the router itself, not of its group.
  [[nodiscard]] const std::string& own_reason() const;

 private:
  std::map<Kind, std::string> reasons_;
};

}  // namespace baton::vrrp
