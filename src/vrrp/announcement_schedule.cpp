#include "vrrp/announcement_schedule.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::vrrp {

void AnnouncementSchedule::set_plan(const AnnouncementPlan& plan, Instant now) {
  const bool other_refresh = plan.refresh != plan_.refresh;
  plan_ = plan;
  if (!sent_ || !other_refresh) return;  // not active
  refresh_ = plan.refresh > Duration::zero() ? std::optional(now + plan.refresh) : std::nullopt;
}

unsigned AnnouncementSchedule::begin(Instant now) {
  end();
  if (plan_.delay > Duration::zero()) later({now + plan_.delay, plan_.repeat});
  if (plan_.refresh > Duration::zero()) refresh_ = now + plan_.refresh;
  return sent(plan_.repeat, now);
}

unsigned AnnouncementSchedule::answer(Instant now) {
  const auto repeat = plan_.lower_priority_repeat;
  if (repeat == 0) return 0;
  const bool is_early = sent_ && now - *sent_ < kAnnouncementGap;
  if (is_early) later({*sent_ + kAnnouncementGap, repeat});
  if (plan_.lower_priority_delay > Duration::zero()) later({now + plan_.lower_priority_delay, repeat});
  return is_early ? 0 : sent(repeat, now);
}

unsigned AnnouncementSchedule::due(Instant now) {
  unsigned repeat = refreshed(now);
  while (first_ && first_->when <= now) {
    repeat = std::max(repeat, first_->repeat);
    first_ = std::exchange(last_, std::nullopt);
  }
  return repeat == 0 ? 0 : sent(repeat, now);
}

void AnnouncementSchedule::end() {
  first_.reset();
  last_.reset();
  refresh_.reset();
  sent_.reset();
}

std::optional<Instant> AnnouncementSchedule::deadline() const {
  if (first_ && refresh_) return std::min(first_->when, *refresh_);
  return first_ ? std::optional(first_->when) : refresh_;
}

/// Of more than two, those between the first and the last are left out.
void AnnouncementSchedule::later(const Burst& burst) {
  if (!first_) {
    first_ = burst;
    return;
  }
  const auto [early, late] =
      std::minmax(*first_, burst, [](const Burst& a, const Burst& b) { return a.when < b.when; });
  const Burst rest = late;
  first_ = early;
  if (rest.when == first_->when) return;
  if (!last_ || rest.when > last_->when) last_ = rest;
}

unsigned AnnouncementSchedule::sent(unsigned repeat, Instant now) {
  sent_ = now;
  return repeat;
}

/// From when it was due, so that the period never creeps; what a stall has missed is not made up for.
unsigned AnnouncementSchedule::refreshed(Instant now) {
  if (!refresh_ || now < *refresh_) return 0;
  *refresh_ += plan_.refresh * ((now - *refresh_) / plan_.refresh + 1);
  ASSERT(*refresh_ > now);
  return plan_.refresh_repeat;
}

}  // namespace baton::vrrp
