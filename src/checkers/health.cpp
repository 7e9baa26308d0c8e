#include "checkers/health.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::checkers {

Health::Health(const Schedule& schedule, Verdict initial, bool known)
    : schedule_(schedule), verdict_(initial), known_(known), confirmed_(known && initial == Verdict::down) {}

std::optional<Verdict> Health::record(Outcome probe) {
  local_trouble_ = probe == Outcome::local_trouble;
  if (local_trouble_) return std::nullopt;

  if (probe == Outcome::passed) {
    failures_ = 0;
    confirmed_ = false;
  } else if (!confirmed_ || always_retry_) {
    failures_ = confirmed_ ? 1 : failures_ + 1;
    confirmed_ = (!known_ && !always_retry_) || failures_ > schedule_.retry;
  }
  if (confirming()) return std::nullopt;

  ASSERT(probe == Outcome::passed || confirmed_);
  known_ = true;
  const Verdict next = probe == Outcome::passed ? Verdict::up : Verdict::down;
  if (next == verdict_) return std::nullopt;
  verdict_ = next;
  return next;
}

void Health::record_progress() {
  local_trouble_ = false;
  failures_ = 0;
  confirmed_ = false;
}

Duration Health::next_delay() const {
  if (confirming()) return schedule_.delay_before_retry;
  return confirmed_ && !local_trouble_ ? std::max(schedule_.delay_loop, failed_pause_) : schedule_.delay_loop;
}

Duration longest_probe(const Schedule& schedule) {
  return std::max(4 * schedule.connect_timeout, schedule.delay_loop);
}

Duration first_delay(const Schedule& schedule, std::size_t index, std::size_t count, std::uint64_t seed) {
  ASSERT(index < count);
  // splitmix64: the jitter of each index is its own, and a seed always gives the same.
  std::uint64_t mixed = seed + (std::uint64_t{index} + 1) * 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
  mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
  mixed ^= mixed >> 31U;
  const double jitter = static_cast<double>(mixed >> 11U) * 0x1p-53;  // 0 <= jitter < 1: within the index's own share
  const double share = (static_cast<double>(index) + jitter) / static_cast<double>(count);
  const std::chrono::duration<double, Duration::period> spread(static_cast<double>(schedule.warmup.count()) * share);
  return std::chrono::seconds{1} + std::chrono::duration_cast<Duration>(spread);
}

Instant gathered(const Schedule& schedule, Instant due) {
  using std::chrono::milliseconds;
  const milliseconds grain = schedule.delay_loop < std::chrono::seconds{1} ? milliseconds{1} : milliseconds{4};
  const auto whole = std::chrono::ceil<milliseconds>(due.time_since_epoch());
  return Instant((whole + grain - milliseconds{1}) / grain * grain);
}

}  // namespace baton::checkers
