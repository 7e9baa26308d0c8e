// health.hpp - turns the outcomes of one check into up and down, and says when to probe next (sans-I/O).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace baton::checkers {

/// What counts for a server: the sum of what its probes said.
enum class Verdict : bool { down = false, up = true };

/// What one probe said.
enum class Outcome : std::uint8_t {
  failed,
  passed,
  local_trouble  // no socket, bind refused: says nothing of the server and changes nothing (compat 11.1)
};

struct Schedule {
  Duration delay_loop = std::chrono::seconds{60};         // between probes of a settled server
  Duration delay_before_retry = std::chrono::seconds{1};  // between probes while a failure is being confirmed
  Duration connect_timeout = std::chrono::seconds{5};     // limit of each wait of a probe, as keepalived has it
  Duration warmup = std::chrono::seconds{60};  // the first probe comes within this time (plus 1 s), at random
  unsigned retry = 1;                          // failures in excess of the first that are forgiven
  Duration latency_limit{0};                   // a probe that took longer has failed; 0: none (Baton's own)
  friend bool operator==(const Schedule&, const Schedule&) = default;
};

/// How long one probe may take in all, however steadily the server dribbles: four waits (connect, handshake, request,
/// reply), or delay_loop where that is longer, for a probe that is not over when the next is due has no worth.
Duration longest_probe(const Schedule& schedule);

/// keepalived's rules (compat 11.1): the very first result counts at once, without retries; later 1+retry attempts,
/// delay_before_retry apart; one success recovers; while down one attempt per delay_loop.
class Health {
 public:
  /// `initial` is what counts until the first result (a checker without a result has passed); `known` says that it is a
  /// result of a former process, so that the next failure is not the very first.
  explicit Health(const Schedule& schedule, Verdict initial = Verdict::up, bool known = false);

  /// The pause between probes once a failure is confirmed, when it is longer than delay_loop (HTTP_GET, SSL_GET).
  void stretch_when_failed(Duration pause) { failed_pause_ = pause; }

  /// Retries before every failure that counts, the very first one and those while down included (SMTP_CHECK).
  void always_retry() { always_retry_ = true; }

  /// Records one probe; returns the new verdict when it changes.
  std::optional<Verdict> record(Outcome probe);
  /// A part of the check has passed, which says nothing of the rest: ends a series of failures, changes no verdict.
  void record_progress();

  /// The pause before the next probe.
  [[nodiscard]] Duration next_delay() const;
  /// The last failure may still be forgiven: next_delay() is delay_before_retry.
  [[nodiscard]] bool confirming() const { return failures_ > 0 && !confirmed_ && !local_trouble_; }
  /// The series of failures is past its retries and has not ended: no further failure is forgiven.
  [[nodiscard]] bool failure_confirmed() const { return confirmed_; }

  [[nodiscard]] Verdict verdict() const { return verdict_; }
  /// There has been a result, now or in a former process.
  [[nodiscard]] bool known() const { return known_; }

 private:
  Schedule schedule_;
  Duration failed_pause_{0};
  bool always_retry_ = false;
  unsigned failures_ = 0;  // in a row, up to the confirmed one
  Verdict verdict_;
  bool known_;
  bool confirmed_;
  bool local_trouble_ = false;  // the last probe never got out
};

/// When the probe numbered `index` of `count` starts: 1 s plus its share of the warm-up, evenly spread with a little
/// seeded jitter, so that ten thousand checks never start together.
Duration first_delay(const Schedule& schedule, std::size_t index, std::size_t count, std::uint64_t seed);

/// When a probe that is due at `due` begins: up to 4 ms later, so that neighbours share one wake-up of the process;
/// with periods under a second up to 1 ms.
Instant gathered(const Schedule& schedule, Instant due);

}  // namespace baton::checkers
