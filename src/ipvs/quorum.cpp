#include "ipvs/quorum.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"
#include "ipvs/slow_start.hpp"

namespace baton::ipvs {

using Kind = PoolEvent::Kind;

Pool::Pool(PoolParams params, Start start) : params_(std::move(params)) {
  auto& members = params_.members;
  std::ranges::stable_sort(members, {}, &PoolMember::key);
  const auto repeated = std::ranges::unique(members, {}, &PoolMember::key);
  members.erase(repeated.begin(), repeated.end());
  members.shrink_to_fit();

  std::uint64_t total = 0;
  for (const auto& member : members)
    total += member.dest.weight;
  quorum_ = static_cast<std::uint32_t>(std::min<std::uint64_t>(params_.quorum, total));
  hysteresis_ = quorum_ == 0 ? 0 : std::min(params_.hysteresis, quorum_ - 1);
  lose_below_ = quorum_ - hysteresis_;
  gain_at_ = std::min(std::uint64_t{quorum_} + hysteresis_, total);
  standings_.resize(members.size());
  if (start == Start::fresh) settle(start);
}

/// Takes the standings as they are: nothing has happened yet.
void Pool::settle(Start start) {
  for (std::size_t i = 0; i < standings_.size(); ++i)
    if (start == Start::fresh && params_.members[i].alpha && params_.members[i].is_checked)
      standings_[i].health = Health::waiting;
  if (params_.max_removed < 100) {
    removals_ = std::make_unique<Removals>(standings_.size(), params_.max_removed);
    std::vector<std::size_t> down;
    for (std::size_t i = 0; i < standings_.size(); ++i) {
      if (standings_[i].health == Health::waiting) removals_->wait(i);
      if (standings_[i].health == Health::down) down.push_back(i);
    }
    std::ranges::sort(down, {}, [this](std::size_t i) { return standings_[i].failure; });
    for (const auto i : down)
      removals_->fail(i);
  }
  count();
  if (start == Start::fresh) {
    Events nobody;
    judge(nobody);
  }
}

Pool Pool::adopted(PoolParams params, const std::set<DestKey>& missing) {
  Pool pool(std::move(params), Start::known);
  for (std::size_t i = 0; i < pool.standings_.size(); ++i) {
    const auto& member = pool.params_.members[i];
    if (!member.is_checked || !missing.contains(member.key)) continue;
    pool.standings_[i].health = Health::down;
    pool.standings_[i].failure = ++pool.failures_;
  }
  pool.settle(Start::known);
  Events nobody;
  pool.judge(nobody);
  return pool;
}

Pool Pool::succeeding(PoolParams params, const Pool& former, Events& out) {
  Pool pool(std::move(params), Start::known);
  pool.failures_ = former.failures_;
  pool.has_quorum_ = former.has_quorum_;
  for (std::size_t i = 0; i < pool.standings_.size(); ++i) {
    const auto& member = pool.params_.members[i];
    auto& standing = pool.standings_[i];
    const auto before = former.find(member.key);
    if (before) standing = former.standings_[*before];
    if (!before && member.alpha && member.is_checked) standing.health = Health::waiting;
    if (member.is_checked) continue;
    // Nobody would ever say that it is up again.
    standing = {};
  }
  pool.settle(Start::known);
  for (const auto& ramp : former.ramps_)
    if (const auto member = pool.find(former.params_.members[ramp.member].key))
      pool.ramps_.push_back({*member, ramp.since});

  pool.compare(former, out);
  pool.judge(out);
  return pool;
}

/// Appends what a reload has changed.
void Pool::compare(const Pool& former, Events& out) const {
  for (std::size_t i = 0; i < former.standings_.size(); ++i) {
    const bool is_gone = !find(former.params_.members[i].key);
    if (is_gone && former.is_in(i)) out.push_back(former.event(Kind::server_down, i));
  }
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    const auto before = former.find(params_.members[i].key);
    if (!before) {
      if (is_in(i)) out.push_back(event(Kind::server_new, i));
      continue;
    }
    if (former.weight(*before) != weight(i)) {
      out.push_back(event(Kind::weight_changed, i));
      out.back().before = former.weight(*before);
      out.back().after = weight(i);
    }
    if (former.is_in(*before) != is_in(i)) out.push_back(event(is_in(i) ? Kind::server_up : Kind::server_down, i));
  }
}

Pool::Events Pool::opening() const {
  Events events;
  for (std::size_t i = 0; i < standings_.size(); ++i)
    if (is_in(i)) events.push_back(event(Kind::server_new, i));
  if (has_quorum_) {
    events.push_back(quorum_event(Kind::quorum_gained, gain_at_));
  } else if (params_.sorry) {
    events.push_back(quorum_event(Kind::quorum_missing, lose_below_));
  }
  return events;
}

Pool::Events Pool::closing() const {
  Events events;
  for (std::size_t i = 0; i < standings_.size(); ++i)
    if (is_in(i)) events.push_back(event(Kind::server_down, i));
  if (has_quorum_) events.push_back(quorum_event(Kind::quorum_lost, lose_below_));
  return events;
}

void Pool::report(const MemberReport& member, Instant now, Events& out) {
  const auto index = find(member.key);
  if (!index || !params_.members[*index].is_checked) return;
  std::erase_if(ramps_, [&](const Ramp& ramp) { return now - ramp.since >= params_.members[ramp.member].slow_start; });
  set_weight(*index, member.weight, out);
  if (member.up)
    take_up(*index, now, out);
  else
    take_down(*index, out);
  judge(out);
}

void Pool::set_weight(std::size_t member, std::optional<std::uint16_t> weight, Events& out) {
  auto& standing = standings_[member];
  const auto before = this->weight(member);
  live_weight_ -= share(member);
  standing.weight = weight;
  live_weight_ += share(member);
  if (this->weight(member) == before) return;
  auto changed = event(Kind::weight_changed, member);
  changed.before = before;
  changed.after = this->weight(member);
  out.push_back(changed);
}

void Pool::take_down(std::size_t member, Events& out) {
  auto& standing = standings_[member];
  if (standing.health == Health::down) return;
  const auto before = std::exchange(standing.health, Health::down);
  standing.failure = ++failures_;
  if (before == Health::waiting) {
    out.push_back(event(Kind::first_failure, member));
    return;
  }
  if (removals_ && !removals_->fail(member)) {
    out.push_back(event(Kind::server_held, member));
    return;
  }
  ASSERT(live_weight_ >= weight(member));
  live_weight_ -= weight(member);
  std::erase_if(ramps_, [member](const Ramp& ramp) { return ramp.member == member; });
  out.push_back(event(Kind::server_down, member));
}

void Pool::take_up(std::size_t member, Instant now, Events& out) {
  auto& standing = standings_[member];
  if (standing.health == Health::up) return;
  const bool was_in = is_in(member);
  const auto before = std::exchange(standing.health, Health::up);
  const auto next = removals_ ? removals_->recover(member) : Removals::kNone;
  if (was_in) {
    out.push_back(event(Kind::server_released, member));
    return;
  }
  live_weight_ += weight(member);
  // A server that waited for its first success starts, it does not recover.
  if (before == Health::down && params_.members[member].slow_start > Duration{}) ramps_.push_back({member, now});
  out.push_back(event(Kind::server_up, member));
  if (next == Removals::kNone) return;
  live_weight_ -= weight(next);
  std::erase_if(ramps_, [next](const Ramp& ramp) { return ramp.member == next; });
  out.push_back(event(Kind::server_down, next));
}

void Pool::count() {
  live_weight_ = 0;
  for (std::size_t i = 0; i < standings_.size(); ++i)
    live_weight_ += share(i);
}

void Pool::judge(Events& out) {
  ASSERT(lose_below_ <= gain_at_ || gain_at_ == 0);
  const bool had = has_quorum_;
  if (live_weight_ == 0 || live_weight_ < lose_below_) {
    has_quorum_ = false;
  } else if (live_weight_ >= gain_at_) {
    has_quorum_ = true;
  }
  if (had && !has_quorum_) out.push_back(quorum_event(Kind::quorum_lost, lose_below_));
  if (!had && has_quorum_) out.push_back(quorum_event(Kind::quorum_gained, gain_at_));
}

PoolEvent Pool::event(PoolEvent::Kind kind, std::size_t member) const {
  PoolEvent event;
  event.kind = kind;
  event.server = params_.members[member].key;
  event.inhibited = params_.members[member].inhibit_on_failure;
  event.is_in = is_in(member);
  return event;
}

PoolEvent Pool::quorum_event(PoolEvent::Kind kind, std::uint64_t bar) const {
  PoolEvent event;
  event.kind = kind;
  event.quorum = quorum_;
  event.hysteresis = hysteresis_;
  event.bar = bar;
  event.live = live_weight_;
  return event;
}

std::uint32_t Pool::weight(std::size_t member) const {
  return standings_[member].weight.value_or(params_.members[member].dest.weight);
}

bool Pool::is_in(std::size_t member) const {
  const auto health = standings_[member].health;
  return health == Health::up || (health == Health::down && removals_ && removals_->is_held(member));
}

bool Pool::is_up(const DestKey& key) const {
  const auto index = find(key);
  return index && standings_[*index].health == Health::up;
}

bool Pool::is_in(const DestKey& key) const {
  const auto index = find(key);
  return index && is_in(*index);
}

std::vector<MemberReport> Pool::reports() const {
  std::vector<MemberReport> reports;
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    const auto& standing = standings_[i];
    if (standing.health == Health::down || (standing.health == Health::up && standing.weight))
      reports.push_back({params_.members[i].key, standing.health == Health::up, standing.weight});
  }
  return reports;
}

Dests Pool::wanted(Instant now) const {
  Dests dests;
  dests.reserve(params_.members.size() + 1);
  const bool sorry_serves = params_.sorry && !has_quorum_;
  for (std::size_t i = 0; i < standings_.size(); ++i) {
    const auto& member = params_.members[i];
    const bool serves = is_in(i) && !sorry_serves;
    if (!serves && !member.inhibit_on_failure) continue;
    const auto entry = dests.emplace_hint(dests.end(), member.key, member.dest);
    entry->second.weight = serves ? weight(i) : 0;
  }
  if (!sorry_serves) {
    for (const auto& ramp : ramps_) {
      const auto& member = params_.members[ramp.member];
      const auto dest = dests.find(member.key);
      ASSERT(dest != dests.end());
      dest->second.weight = ramped_weight(weight(ramp.member), now - ramp.since, member.slow_start);
    }
  }
  if (sorry_serves) {
    dests.insert_or_assign(params_.sorry->key, params_.sorry->dest);  // it may be a member as well
  } else if (params_.sorry && params_.sorry->inhibit_on_failure) {
    auto dest = params_.sorry->dest;
    dest.weight = 0;
    dests.try_emplace(params_.sorry->key, dest);
  }
  return dests;
}

std::optional<Instant> Pool::next_step(Instant now) const {
  std::optional<Instant> next;
  if (params_.sorry && !has_quorum_) return next;
  for (const auto& ramp : ramps_) {
    const auto step = next_ramp_step(weight(ramp.member), now - ramp.since, params_.members[ramp.member].slow_start);
    if (step && (!next || ramp.since + *step < *next)) next = ramp.since + *step;
  }
  return next;
}

std::optional<std::size_t> Pool::find(const DestKey& key) const {
  const auto found = std::ranges::lower_bound(params_.members, key, {}, &PoolMember::key);
  if (found == params_.members.end() || found->key != key) return std::nullopt;
  return static_cast<std::size_t>(found - params_.members.begin());
}

}  // namespace baton::ipvs
