#include "vrrp/announcement_schedule.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::vrrp {

namespace {

/// None when there is no period.
std::optional<Instant> after(Duration period, Instant now) {
  return period > Duration::zero() ? std::optional(now + period) : std::nullopt;
}

}  // namespace

void AnnouncementSchedule::set_plan(const AnnouncementPlan& plan, Instant now) {
  const bool other_refresh = plan.refresh != plan_.refresh;
  const bool other_extra = plan.extra != plan_.extra;
  plan_ = plan;
  if (!sent_) return;  // not active
  if (other_refresh) refresh_ = after(plan.refresh, now);
  if (other_extra) extra_ = after(plan.extra, now);
}

unsigned AnnouncementSchedule::begin(Instant now) {
  end();
  if (plan_.delay > Duration::zero()) later({now + plan_.delay, plan_.repeat});
  refresh_ = after(plan_.refresh, now);
  extra_ = after(plan_.extra, now);
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

bool AnnouncementSchedule::extra_due(Instant now) {
  return passed(extra_, plan_.extra, now);
}

void AnnouncementSchedule::end() {
  first_.reset();
  last_.reset();
  refresh_.reset();
  extra_.reset();
  sent_.reset();
}

std::optional<Instant> AnnouncementSchedule::deadline() const {
  std::optional<Instant> earliest = first_ ? std::optional(first_->when) : std::nullopt;
  for (const auto& period : {refresh_, extra_})
    if (period && (!earliest || *period < *earliest)) earliest = period;
  return earliest;
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

unsigned AnnouncementSchedule::refreshed(Instant now) {
  return passed(refresh_, plan_.refresh, now) ? plan_.refresh_repeat : 0;
}

/// From when it was due, so that the period never creeps; what a stall has missed is not made up for.
bool AnnouncementSchedule::passed(std::optional<Instant>& when, Duration period, Instant now) {
  if (!when || now < *when) return false;
  *when += period * ((now - *when) / period + 1);
  ASSERT(*when > now);
  return true;
}

}  // namespace baton::vrrp
