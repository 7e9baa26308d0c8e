// script_checks.hpp - when the scripts of MISC_CHECKs run, and what their ends mean (sans-I/O).
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "checkers/check_state.hpp"
#include "daemon/messages.hpp"

namespace baton::daemon {

struct ScriptCheck {
  std::uint64_t id = 0;      // the owner's; the same check has the same over reloads
  std::uint32_t script = 0;  // its index in the configuration
  std::chrono::seconds timeout{60};
  bool dynamic = false;  // misc_dynamic: 2 and more pass too
  checkers::Schedule schedule;
};

/// What one run came to.
struct ScriptReport {
  std::uint64_t id = 0;
  checkers::Outcome outcome = checkers::Outcome::local_trouble;
  bool up = true;                    // what counts from now on
  bool is_known = false;             // it does: there has been a result
  bool is_news = false;              // it did not count before, or is the first
  bool confirming = false;           // a failure that may still be forgiven
  std::optional<std::int32_t> code;  // of one that passed
  std::string reason;
};

/// The caller sends each RunCheck that tick() gives, hands in the answers, and calls tick() when deadline() is reached.
/// A check never runs twice at once, and not more than kMaxRunning run together: the others are late then.
class ScriptChecks {
 public:
  static constexpr std::size_t kMaxRunning = 64;
  /// How long beyond the timeout the supervisor is waited for.
  static constexpr Duration kPatience = std::chrono::seconds{10};

  /// From now on these and no others, each id once.  A check that was there goes on, a run of it included; the first
  /// runs of new ones are spread over their warm-up.
  void replace(std::vector<ScriptCheck> checks, std::uint64_t generation, Instant now, std::uint64_t seed);

  /// What a former process knew of it; ignored once there is a result.
  void believe(std::uint64_t id, bool up);
  /// No runs until resume(); what runs is not heard any more.
  void suspend(std::uint64_t id);
  void resume(std::uint64_t id, Instant now);

  void tick(Instant now, std::vector<RunCheck>& out);
  /// None for a run that nobody waits for any more.
  std::optional<ScriptReport> ended(const CheckEnded& end, Instant now);
  [[nodiscard]] std::optional<Instant> deadline() const;

 private:
  struct Entry {
    ScriptCheck check;
    checkers::CheckState state;
    Instant due;                       // of the next run, or of the one under way
    std::optional<std::uint64_t> run;  // under way
    Instant give_up;                   // of `run`
  };

  void set_due(Entry& entry, Instant due);
  void forget_run(Entry& entry);
  ScriptReport record(Entry& entry, checkers::Outcome outcome, Instant now);

  std::unordered_map<std::uint64_t, Entry> entries_;
  std::set<std::pair<Instant, std::uint64_t>> agenda_;        // when each is due that does not run
  std::set<std::pair<Instant, std::uint64_t>> unanswered_;    // when those that run are given up
  std::unordered_map<std::uint64_t, std::uint64_t> running_;  // run -> id
  std::uint64_t last_run_ = 0;
  std::uint64_t generation_ = 0;
};

}  // namespace baton::daemon
