// check_state.hpp - where one check stands: its health, the URL that is next, and when (sans-I/O).
#pragma once

#include <cstddef>
#include <optional>

#include "checkers/health.hpp"
#include "checkers/spec.hpp"

namespace baton::checkers {

/// A check of several URLs asks one per delay_loop, in turn; a URL that fails is retried; once its failure is confirmed
/// only that URL is asked, until it passes; then all of them, one per delay_loop, must pass before the server is up
/// (compat 11.2).  So a server with one URL needs two passes to come back, and one with a TCP check needs one.  With
/// fast_recovery the pass of the failed URL is enough.
class CheckState {
 public:
  /// `initial` and `known` as Health has them.
  explicit CheckState(const CheckSpec& spec, Verdict initial = Verdict::up, bool known = false);

  /// The URL that the next probe asks; 0 for checks that have none.
  [[nodiscard]] std::size_t url() const { return url_; }

  /// Records one probe of url(); returns the new verdict when it changes.
  std::optional<Verdict> record(Outcome probe);

  /// When the next probe is due, after one that was due at `due` and ended at `ended`.  A period counts from when the
  /// probe was due, so that it never creeps, and slots that have passed are left out; a pause before a retry counts
  /// from the end of the failed attempt, so that a server that answers late is left in peace for that long.
  [[nodiscard]] Instant next_due(Instant due, Instant ended) const;

  [[nodiscard]] const Health& health() const { return health_; }

 private:
  Health health_;
  std::size_t url_count_ = 0;  // 0: not a check of URLs
  std::size_t url_ = 0;
  bool fast_recovery_ = false;
};

}  // namespace baton::checkers
