// process_tracking.hpp - which of the processes that there are are tracked, how many of each, and what that means
// (sans-I/O).
//
// It remembers those that match and no others.  What it is told may come late and out of order with what is read: a
// look at all processes puts everything right.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/time.hpp"
#include "vrrp/process_pattern.hpp"
#include "vrrp/process_quorum.hpp"

namespace baton::vrrp {

enum class ProcessId : std::int32_t {};

/// A running process, as /proc shows it.
struct ProcessImage {
  ProcessId id{};
  ProcessId parent{};
  std::string name;
  std::string command_line;  // its beginning; empty where nobody looks at it
};

/// vrrp_track_process.
struct TrackedProcess {
  std::string name;
  ProcessPattern pattern;
  QuorumRule quorum;
};

/// There are as many as there should be from now on, or not.
struct ProcessChange {
  std::string name;
  bool up = false;
  std::size_t number = 0;
  friend bool operator==(const ProcessChange&, const ProcessChange&) = default;
};

class ProcessTracking {
 public:
  using Changes = std::vector<ProcessChange>;

  /// From now on these and no others, each name once.  What is known of a name with the same pattern stays known.
  /// True when there is a new pattern, so that a look at all processes is needed.
  bool replace(std::vector<TrackedProcess> processes);

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// How much of a command line has to be read; 0: none.
  [[nodiscard]] std::size_t command_octets() const { return command_octets_; }
  /// Whether it is up; none before the first look at all processes has ended.
  [[nodiscard]] std::optional<bool> up(const std::string& name) const;
  [[nodiscard]] bool matches(ProcessId id) const { return members_.contains(id); }
  /// Those that match.
  [[nodiscard]] std::vector<ProcessId> members() const;

  /// The child is what its parent is, until it changes.
  void forked(ProcessId parent, ProcessId child, Instant now, Changes& changes);
  /// It runs another program, or has another name.
  void changed(const ProcessImage& image, Instant now, Changes& changes);
  void ended(ProcessId id, Instant now, Changes& changes);

  /// A look at all processes: each of them between begin and end; those that are not found have ended.  What happens
  /// meanwhile may be told as well.
  void begin_look() { ++look_; }
  void found(const ProcessImage& image, Instant now, Changes& changes);
  void end_look(Instant now, Changes& changes);

  void tick(Instant now, Changes& changes);
  [[nodiscard]] std::optional<Instant> deadline() const;

 private:
  using Index = std::uint32_t;
  using Matches = std::vector<Index>;  // of entries_, ascending
  struct Entry {
    TrackedProcess process;
    ProcessQuorum quorum;
    std::size_t number = 0;
    bool is_counted = false;  // a look at all processes has ended
  };
  struct Member {
    Matches matches;
    std::uint64_t look = 0;  // in which it was last heard of
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  using Keys = std::unordered_map<std::string, Matches, Hash, std::equal_to<>>;

  void index();
  void renumber(const std::vector<std::optional<Index>>& moved);
  [[nodiscard]] Matches matches_of(const ProcessImage& image) const;
  void become(ProcessId id, Matches matches, CountCause more, CountCause fewer, Instant now, Changes& changes);
  void count(Index at, CountCause cause, Instant now, Changes& changes);

  std::vector<Entry> entries_;
  std::unordered_map<std::string, Index> by_name_;
  Keys names_, commands_;  // the key of a pattern -> entries
  std::unordered_map<ProcessId, Member> members_;
  std::size_t command_octets_ = 0;
  std::uint64_t look_ = 0;
};

}  // namespace baton::vrrp
