// script_queue.hpp - which script may run when: in order, one at a time in each lane, the newest state wins (pure).
#pragma once

#include <compare>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/time.hpp"

namespace baton::daemon {

/// An instance has two lanes, so that a slow `notify` script does not hold up `notify_master`.
enum class Lane : std::uint8_t { state, any };

struct LaneKey {
  std::string object;  // "INSTANCE VI_1"
  Lane lane = Lane::state;
  friend auto operator<=>(const LaneKey&, const LaneKey&) = default;
};

struct ScriptCommand {
  std::vector<std::string> arguments;  // at least the program
  std::string user, group;             // empty: the default
  Duration time_limit = std::chrono::seconds{60};
  friend bool operator==(const ScriptCommand&, const ScriptCommand&) = default;
};

using ScriptId = std::uint64_t;

struct StartScript {
  ScriptId id = 0;
  LaneKey lane;
  ScriptCommand command;
  friend bool operator==(const StartScript&, const StartScript&) = default;
};
/// Ask it to end: TERM for its process group.
struct TerminateScript {
  ScriptId id = 0;
  friend bool operator==(const TerminateScript&, const TerminateScript&) = default;
};
/// It did not: KILL.
struct KillScript {
  ScriptId id = 0;
  friend bool operator==(const KillScript&, const KillScript&) = default;
};
using ScriptAction = std::variant<StartScript, TerminateScript, KillScript>;

/// The caller carries out the actions in order, reports each end with ended(), a failed start too, and calls tick()
/// when deadline() is reached.
class ScriptQueue {
 public:
  using Actions = std::vector<ScriptAction>;

  /// Starts it, or lets it wait for its lane, where it takes the place of one that waits already.
  void submit(const LaneKey& lane, ScriptCommand command, Instant now, Actions& out);
  void ended(ScriptId id, Instant now, Actions& out);
  void tick(Instant now, Actions& out);

  /// The daemon stops: whoever holds up another ends now, the rest within kLastGrace.
  void hurry(Instant now, Actions& out);

  /// Nobody wants them any more: whoever waits is forgotten, whoever runs ends now.
  void cancel(Instant now, Actions& out);

  [[nodiscard]] std::optional<Instant> deadline() const;
  [[nodiscard]] bool idle() const { return lanes_.empty(); }
  [[nodiscard]] std::size_t running() const { return running_.size(); }

  static constexpr Duration kKillAfter = std::chrono::seconds{2};
  static constexpr Duration kLastGrace = std::chrono::milliseconds{900};
  static constexpr Duration kLastKillAfter = std::chrono::milliseconds{100};
  static constexpr std::size_t kMaxRunning = 256;  // the others wait: a mass failover must not fork thousands at once

 private:
  struct LaneState {
    std::optional<ScriptId> running;
    std::optional<ScriptCommand> waiting;
    bool ready = false;  // in ready_, waiting for kMaxRunning
  };
  struct Running {
    LaneKey lane;
    Instant due;
    bool terminated = false;
  };

  void start_ready(Instant now, Actions& out);
  void set_due(ScriptId id, Running& script, Instant due);
  void terminate(ScriptId id, Running& script, Instant now, Actions& out);

  std::map<LaneKey, LaneState> lanes_;  // only those with something running or waiting
  std::map<ScriptId, Running> running_;
  std::set<std::pair<Instant, ScriptId>> deadlines_;
  std::deque<LaneKey> ready_;
  ScriptId next_ = 1;
  bool hurried_ = false;
};

}  // namespace baton::daemon
