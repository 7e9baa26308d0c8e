#include "checkers/check_state.hpp"

#include "core/assert.hpp"

namespace baton::checkers {

namespace {

/// No period is shorter, whatever the configuration says: timers are served once a millisecond.
constexpr Duration kShortestPeriod = std::chrono::milliseconds{1};

}  // namespace

CheckState::CheckState(const CheckSpec& spec, Verdict initial, bool known) : health_(spec.schedule, initial, known) {
  if (const auto* http = std::get_if<HttpSpec>(&spec.what)) {
    ASSERT(!http->urls.empty());
    url_count_ = http->urls.size();
    fast_recovery_ = http->fast_recovery;
    health_.stretch_when_failed(spec.schedule.delay_before_retry);
  }
  if (std::holds_alternative<SmtpSpec>(spec.what)) health_.always_retry();
}

std::optional<Verdict> CheckState::record(Outcome probe) {
  if (url_count_ == 0 || probe != Outcome::passed) return health_.record(probe);

  if (fast_recovery_ && health_.failure_confirmed()) {
    url_ = (url_ + 1) % url_count_;
    return health_.record(Outcome::passed);
  }
  url_ = health_.failure_confirmed() ? 0 : url_ + 1;  // out of a confirmed failure the round starts anew
  if (url_ < url_count_) {
    health_.record_progress();
    return std::nullopt;
  }
  url_ = 0;
  return health_.record(Outcome::passed);
}

Instant CheckState::next_due(Instant due, Instant ended) const {
  const Duration pause = std::max(health_.next_delay(), kShortestPeriod);
  if (health_.confirming()) return ended + pause;
  const Instant next = due + pause;
  if (next > ended) return next;
  const auto missed = (ended - next) / pause + 1;
  return next + missed * pause;
}

}  // namespace baton::checkers
