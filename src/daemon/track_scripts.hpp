// track_scripts.hpp - when the vrrp_scripts run, and what their ends mean (sans-I/O).
//
// As keepalived: the first result decides alone, whatever rise and fall say; a timeout is a failure; a run is skipped
// while the one before it goes on.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.hpp"
#include "daemon/messages.hpp"
#include "vrrp/rise_fall.hpp"

namespace baton::daemon {

struct TrackScript {
  std::string name;
  std::optional<std::uint32_t> script;  // its index in the configuration
  std::string opened_file;              // without a script: up while it can be opened
  Duration interval = std::chrono::seconds{1};
  Duration timeout = std::chrono::seconds{1};
  std::uint32_t rise = 1, fall = 1;
  bool init_fail = false;  // assumed to be down before there is a result; then `rise` counts from the first one
};

/// A script is up or down from now on.
struct TrackScriptChange {
  std::string name;
  bool up = false;
  std::string reason;  // "exited with status 1"
};

class TrackScripts {
 public:
  /// How long beyond the timeout the supervisor is waited for.
  static constexpr Duration kPatience = std::chrono::seconds{10};

  /// From now on these and no others, each name once.  What is known of a name stays known (as in keepalived 2.2.7);
  /// new ones run at once.  Runs under way are not heard any more.
  void replace(std::vector<TrackScript> scripts, std::uint64_t generation, Instant now);

  /// Whether it is up; none before there is a result.
  [[nodiscard]] std::optional<bool> state(const std::string& name) const;
  /// What is to be taken for its state before there is a result.
  [[nodiscard]] bool assumed(const std::string& name) const;

  /// What is due: the runs to be asked for, and the names whose file is to be tried (answered with opened()).
  void tick(Instant now, std::vector<RunCheck>& runs, std::vector<std::string>& files);
  [[nodiscard]] const std::string& opened_file(const std::string& name) const {
    return entries_.at(name).script.opened_file;
  }
  std::optional<TrackScriptChange> opened(const std::string& name, bool success);
  /// None when nothing changes.
  std::optional<TrackScriptChange> ended(const CheckEnded& end);
  [[nodiscard]] std::optional<Instant> deadline() const;

 private:
  struct Entry {
    TrackScript script;
    vrrp::RiseFall results;
    Instant due;
    std::optional<std::uint64_t> run;  // under way
    Instant give_up;                   // of `run`
  };
  static std::optional<TrackScriptChange> record(Entry& entry, bool success, std::string reason);

  std::map<std::string, Entry> entries_;
  std::map<std::uint64_t, std::string> running_;
  std::uint64_t last_run_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace baton::daemon
