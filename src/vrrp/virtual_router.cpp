#include "vrrp/virtual_router.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "core/assert.hpp"
#include "core/overloaded.hpp"

namespace baton::vrrp {

namespace {

/// "3.609 s"
std::string text(Duration duration) {
  std::array<char, 32> buffer{};
  const double seconds = std::chrono::duration<double>(duration).count();
  std::snprintf(buffer.data(), buffer.size(), "%.3f s", seconds);
  return buffer.data();
}

std::string text(Priority priority) {
  return std::to_string(unsigned{priority});
}

}  // namespace

const char* users_name(State state) {
  switch (state) {
    case State::initialize: return "INIT";
    case State::backup: return "BACKUP";
    case State::active: return "MASTER";
    case State::fault: return "FAULT";
  }
  return "unknown";
}

VirtualRouter::VirtualRouter(const Params& params)
    : params_(params), active_adver_interval_(params.advertisement_interval), announcements_(params.announcing) {
  ASSERT(params.advertisement_interval > params.phase && params.phase >= Duration::zero());
  ASSERT(params.down_timer_adverts > 0);
}

void VirtualRouter::handle(const Event& event, Instant now, std::vector<Action>& out) {
  ASSERT(now >= last_event_);
  last_event_ = now;
  std::visit([&](const auto& what) { on(what, now, out); }, event);
  ASSERT(is_sound());
}

/// What holds between any two events.
bool VirtualRouter::is_sound() const {
  const bool runs = state_ == State::backup || state_ == State::active;
  if (wants_active_ && (state_ != State::backup || !params_.is_grouped)) return false;
  return timer_.has_value() == runs && (state_ == State::active || !announcements_.deadline());
}

std::optional<Instant> VirtualRouter::deadline() const {
  const auto announcement = announcements_.deadline();
  if (timer_ && announcement) return std::min(*timer_, *announcement);
  return timer_;
}

Duration VirtualRouter::skew_time() const {
  // RFC 3768 6.1 counts in seconds whatever the interval; RFC 9568 6.1 in the active router's intervals.
  const auto unit = params_.version == Version::v2 ? Duration{std::chrono::seconds{1}} : active_adver_interval_;
  return unit * (256 - params_.priority) / 256;
}

Duration VirtualRouter::active_down_interval() const {
  return params_.down_timer_adverts * active_adver_interval_ + skew_time();
}

void VirtualRouter::on(const Startup& event, Instant now, Actions& out) {
  if (state_ != State::initialize) return;
  deaf_until_ = now + event.delay;
  begin("started", now, out);
}

void VirtualRouter::on(const Adopt& /*event*/, Instant now, Actions& out) {
  if (state_ != State::initialize) return;
  become_active({.to = State::active, .reason = "adopted from a former process, which was MASTER", .silent = true}, now,
                out);
}

void VirtualRouter::on(const Shutdown& /*event*/, Instant /*now*/, Actions& out) {
  if (state_ == State::initialize) return;
  leave({.to = State::initialize, .reason = "stopped"}, true, out);
}

void VirtualRouter::on(const Tick& /*event*/, Instant now, Actions& out) {
  if (state_ == State::backup && now >= *timer_) {
    wish_active(takeover_reason(now), now, out);
    return;
  }
  if (state_ != State::active) return;
  if (has_overslept(now)) {
    become_backup({.to = State::backup,
                   .reason = "not run for " + text(now - *timer_) + " beyond the timer: a router of priority " +
                             text(*params_.timer_expired_backup) + " must have taken over (timer_expired_backup)"},
                  now, out);
    return;
  }
  advertise_when_due(now, out);
  announce(announcements_.due(now), out);
}

void VirtualRouter::on(const AdvertisementReceived& advertisement, Instant now, Actions& out) {
  if (now < deaf_until_) return;
  switch (state_) {
    case State::initialize:
    case State::fault: return;
    case State::backup: heard_in_backup(advertisement, now, out); return;
    case State::active: heard_in_active(advertisement, now, out); return;
  }
}

void VirtualRouter::on(const InterfaceDown& event, Instant /*now*/, Actions& out) {
  if (state_ == State::fault) return;
  leave({.to = State::fault, .reason = event.reason}, true, out);  // the farewell goes out if anything still does
}

void VirtualRouter::on(const InterfaceUp& event, Instant now, Actions& out) {
  params_.primary_address = event.primary_address;
  if (state_ == State::fault) begin(event.reason, now, out);
}

/// The skew time is another one, and a backup's deadline moves with it.  An active router tells with its next
/// advertisement: a backup's patience counts from the last better one, so that haste would win nothing.
void VirtualRouter::on(const PriorityChanged& event, Instant /*now*/, Actions& out) {
  ASSERT(event.priority != kResignPriority);
  if (event.priority == params_.priority) return;
  const auto skew_before = skew_time();
  const auto before = std::exchange(params_.priority, event.priority);
  priority_reason_ = event.reason + ": priority " + text(before) + " -> " + text(event.priority);
  if (state_ == State::backup) *timer_ += skew_time() - skew_before;
  out.emplace_back(PriorityAdopted{before, event.priority, event.reason});
}

void VirtualRouter::on(const GroupActive& event, Instant now, Actions& out) {
  if (state_ == State::backup) become_active({.to = State::active, .reason = event.reason}, now, out);
}

void VirtualRouter::on(const GroupBackup& event, Instant now, Actions& out) {
  wants_active_ = false;
  if (state_ == State::active) become_backup({.to = State::backup, .reason = event.reason}, now, out);
}

void VirtualRouter::on(const Reconfigure& event, Instant now, Actions& out) {
  params_.phase = event.params.phase;  // nothing that others need to hear of
  if (event.params == params_) return;
  const auto skew_before = skew_time();
  const auto before = std::exchange(params_, event.params);
  const auto own = params_.advertisement_interval;
  ASSERT(own > params_.phase);
  announcements_.set_plan(params_.announcing, now);
  if (params_.priority != before.priority) priority_reason_.clear();
  if (!params_.is_grouped && std::exchange(wants_active_, false)) timer_ = now;  // alone it need not wait any longer
  if (state_ == State::active) {
    active_adver_interval_ = own;
    out.emplace_back(SendAdvertisement{params_.priority});
    timer_ = now + own - params_.phase;
    return;
  }
  if (before.version == params_.version && before.advertisement_interval == own) {
    const auto adverts = int(params_.down_timer_adverts) - int(before.down_timer_adverts);
    if (state_ == State::backup) *timer_ += adverts * active_adver_interval_ + skew_time() - skew_before;
    return;
  }
  // The active router's interval stays in force until it advertises another: it may not have been reloaded yet.
  const bool learned = state_ == State::backup && before.version == Version::v3 && params_.version == Version::v3;
  active_adver_interval_ = learned ? std::max(active_adver_interval_, own) : own;
  if (state_ != State::backup) return;
  active_router_.reset();
  timer_set_ = now;
  timer_ = now + active_down_interval();
}

/// RFC 9568 6.4.2, RFC 3768 6.4.2.
void VirtualRouter::heard_in_backup(const AdvertisementReceived& advertisement, Instant now, Actions& out) {
  const Heard heard{advertisement.source, advertisement.priority};
  if (advertisement.priority == kResignPriority) {
    active_router_ = heard;
    timer_set_ = now;
    timer_ = now + skew_time();  // one that wants to be active already goes on wanting
    return;
  }
  if (advertisement.priority < params_.priority) {
    if (preempts(now)) {
      weaker_ = heard;
      return;
    }
  } else {
    preempt_since_.reset();
  }
  weaker_.reset();
  wants_active_ = false;
  learn_interval(advertisement, out);
  active_router_ = heard;
  timer_set_ = now;
  timer_ = now + active_down_interval();
}

/// RFC 9568 6.4.3, RFC 3768 6.4.3.
void VirtualRouter::heard_in_active(const AdvertisementReceived& advertisement, Instant now, Actions& out) {
  const auto theirs = advertisement.priority;
  const auto ours = params_.priority;
  if (theirs == kResignPriority) {
    out.emplace_back(SendAdvertisement{ours});
    timer_ = now + params_.advertisement_interval;
    return;
  }
  const auto who = advertisement.source.to_string();
  if (theirs == ours && advertisement.source == params_.primary_address) {
    out.emplace_back(Remark{"an advertisement with our own priority " + text(ours) + " comes from our own address " +
                            who + ": is a packet of ours sent back, or the address in use twice?"});
    return;
  }
  if (theirs > ours || (theirs == ours && advertisement.source > params_.primary_address)) {
    auto reason = who + " advertises priority " + text(theirs) + ", ours is " + own_priority();
    if (theirs == ours) reason += " and our address " + params_.primary_address.to_string() + " is lower";
    learn_interval(advertisement, out);
    if (params_.higher_prio_send_advert) out.emplace_back(SendAdvertisement{ours});
    become_backup({.to = State::backup, .reason = std::move(reason)}, now, out);
    active_router_ = {advertisement.source, theirs};
    return;
  }
  out.emplace_back(HeardWeaker{});
  const bool answers = !params_.lower_prio_no_advert;
  if (answers) out.emplace_back(SendAdvertisement{ours});  // asserts who is active; Adver_Timer runs on
  const auto repeat = announcements_.answer(now);
  announce(repeat, out);
  const bool announces = params_.announcing.lower_priority_repeat > 0;
  const auto* deeds = answers && announces ? ", we advertise and announce again"
                      : answers            ? ", we advertise again"
                      : announces          ? ", we announce again"
                                           : "";
  out.emplace_back(
      Remark{who + " advertises priority " + text(theirs) + ", ours is " + text(ours) + ": it is to yield" + deeds});
}

/// 6.4.1; the same after a fault.
void VirtualRouter::begin(const std::string& how, Instant now, Actions& out) {
  active_adver_interval_ = params_.advertisement_interval;
  const auto priority = " with priority " + text(params_.priority);
  const auto delay = std::max(deaf_until_ - now, Duration::zero());
  if (params_.start_active && !params_.is_grouped && delay == Duration::zero()) {
    become_active({.to = State::active, .reason = how + priority + " as the owner of the addresses"}, now, out);
    return;
  }
  const auto silence = params_.start_active ? Duration::zero() : active_down_interval();
  auto reason = how + priority + ", listening for " + text(silence);
  if (delay > Duration::zero()) reason += " after the startup delay of " + text(delay);
  become_backup({.to = State::backup, .reason = std::move(reason)}, now, out);
  timer_set_ = now + delay;
  timer_ = now + delay + silence;
}

/// A member of a sync group waits for the others; the timer asks again, and what it hears may change its mind.
void VirtualRouter::wish_active(std::string reason, Instant now, Actions& out) {
  if (!params_.is_grouped) {
    become_active({.to = State::active, .reason = std::move(reason)}, now, out);
    return;
  }
  if (!wants_active_) wish_ = std::move(reason);
  wants_active_ = true;
  timer_ = now + active_down_interval();
  out.emplace_back(WantsActive{});
}

void VirtualRouter::become_active(StateChanged change, Instant now, Actions& out) {
  ASSERT(state_ != State::active);
  ASSERT(params_.priority != kResignPriority);
  change.from = std::exchange(state_, State::active);
  active_adver_interval_ = params_.advertisement_interval;
  timer_ = now + params_.advertisement_interval - params_.phase;
  wants_active_ = false;
  active_router_.reset();
  weaker_.reset();
  preempt_since_.reset();
  out.emplace_back(SendAdvertisement{params_.priority});
  out.emplace_back(AcquireAddresses{});
  announce(announcements_.begin(now), out);
  out.emplace_back(std::move(change));
}

void VirtualRouter::become_backup(StateChanged change, Instant now, Actions& out) {
  ASSERT(state_ != State::backup);
  leave(std::move(change), false, out);
  timer_set_ = now;
  timer_ = now + active_down_interval();
}

void VirtualRouter::leave(StateChanged change, bool resign, Actions& out) {
  ASSERT(change.to != State::active);
  change.from = std::exchange(state_, change.to);
  if (change.from == State::active) {
    if (resign) out.emplace_back(SendAdvertisement{kResignPriority});
    out.emplace_back(ReleaseAddresses{});
  }
  timer_.reset();
  wants_active_ = false;
  announcements_.end();
  active_router_.reset();
  weaker_.reset();
  preempt_since_.reset();
  out.emplace_back(std::move(change));
}

void VirtualRouter::advertise_when_due(Instant now, Actions& out) {
  if (now < *timer_) return;
  out.emplace_back(SendAdvertisement{params_.priority});
  // From when it was due, so that the period never creeps; what a stall has missed is not made up for.
  const auto interval = params_.advertisement_interval;
  *timer_ += interval * ((now - *timer_) / interval + 1);
  ASSERT(*timer_ > now);
}

void VirtualRouter::announce(unsigned repeat, Actions& out) {
  if (repeat > 0) out.emplace_back(AnnounceAddresses{repeat});
}

/// keepalived's timer_expired_backup, which needs nopreempt: a router that takes over preempts us anyway otherwise.
bool VirtualRouter::has_overslept(Instant now) const {
  if (!params_.timer_expired_backup || params_.preempt_mode || params_.priority == kOwnerPriority) return false;
  const auto interval = params_.advertisement_interval;
  const auto unit = params_.version == Version::v2 ? Duration{std::chrono::seconds{1}} : interval;
  const auto skew = unit * (256 - *params_.timer_expired_backup) / 256;
  // The others last heard us one interval before our timer was due.
  return now - *timer_ + interval > params_.down_timer_adverts * interval + skew;
}

/// Version 3 only: version 2 refuses other intervals than ours.
void VirtualRouter::learn_interval(const AdvertisementReceived& advertisement, Actions& out) {
  const auto theirs = advertisement.max_adver_interval;
  if (params_.version == Version::v2 || theirs <= Duration::zero() || theirs == active_adver_interval_) return;
  out.emplace_back(Remark{advertisement.source.to_string() + " advertises every " + text(theirs) + ", not every " +
                          text(active_adver_interval_) + ": its interval is followed"});
  active_adver_interval_ = theirs;
}

/// Whether a weaker router's advertisement is to be discarded, so that the down timer runs out.
bool VirtualRouter::preempts(Instant now) {
  if (params_.priority == kOwnerPriority) return true;  // whatever the flag (6.1)
  if (!params_.preempt_mode) return false;
  if (!preempt_since_) preempt_since_ = now;
  return now - *preempt_since_ >= params_.preempt_delay;
}

/// With what tracking did to it, if it did anything.
std::string VirtualRouter::own_priority() const {
  const auto priority = text(params_.priority);
  return priority_reason_.empty() ? priority : priority + " (" + priority_reason_ + ")";
}

std::string VirtualRouter::takeover_reason(Instant now) const {
  const auto waited = text(now - timer_set_);
  if (active_router_ && active_router_->priority == kResignPriority)
    return active_router_->source.to_string() + " resigned " + waited + " ago (skew time " + text(skew_time()) + ")";
  const auto limit = " (down interval " + text(active_down_interval()) + ")";
  if (weaker_)
    return "preempting " + weaker_->source.to_string() + ", whose priority " + text(weaker_->priority) +
           " is below our " + own_priority() + ": no better advertisement for " + waited + limit;
  if (!active_router_) return "no advertisement for " + waited + limit;
  return "no advertisement of " + active_router_->source.to_string() + " for " + waited + limit;
}

}  // namespace baton::vrrp
