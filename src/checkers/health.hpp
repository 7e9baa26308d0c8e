// health.hpp - turns the results of one check into up and down transitions and says when to probe next (sans-I/O).
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"

namespace baton::checkers {

enum class Verdict : bool { down = false, up = true };

struct Schedule {
  Duration delay_loop = std::chrono::seconds{60};         // between probes of a settled server
  Duration delay_before_retry = std::chrono::seconds{1};  // between probes while a failure is being confirmed
  Duration connect_timeout = std::chrono::seconds{5};     // limit of each wait of a probe, as keepalived has it
  Duration warmup = std::chrono::seconds{60};  // the first probe comes within this time (plus 1 s), at random
  unsigned retry = 1;                          // failures in excess of the first that are forgiven
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// keepalived's rules (compat 11.1): the very first result counts at once, without retries; later 1+retry attempts,
/// delay_before_retry apart; one success recovers; while down one attempt per delay_loop.
class Health {
 public:
  /// `initial` is what counts until the first result (a checker without a result has passed); `known` says that it is a
  /// result of a former process, so that the next failure is not the very first.
  explicit Health(const Schedule& schedule, Verdict initial = Verdict::up, bool known = false);

  /// Records one probe; returns the new verdict when it changes.
  std::optional<Verdict> record(Verdict probe);

  /// How long to wait before the next probe.
  [[nodiscard]] Duration next_delay() const;
  [[nodiscard]] Verdict verdict() const { return verdict_; }

 private:
  Schedule schedule_;
  Verdict verdict_;
  bool known_ = false;
  unsigned failures_ = 0;
};

/// When the probe numbered `index` of `count` starts: 1 s plus its share of the warm-up, evenly spread with a little
/// seeded jitter, so that ten thousand checks never start together.
Duration first_delay(const Schedule& schedule, std::size_t index, std::size_t count, std::uint64_t seed);

}  // namespace baton::checkers
