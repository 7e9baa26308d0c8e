#include "ipvs/quorum.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::ipvs {

Pool::Pool(PoolParams params, const std::set<DestKey>& down, bool had_quorum)
    : params_(std::move(params)), has_quorum_(had_quorum) {
  auto& members = params_.members;
  std::ranges::stable_sort(members, {}, &PoolMember::key);
  const auto repeated = std::ranges::unique(members, {}, &PoolMember::key);
  members.erase(repeated.begin(), repeated.end());

  std::uint64_t total = 0;
  up_.reserve(members.size());
  for (const auto& member : members) {
    const bool is_up = !down.contains(member.key);
    up_.push_back(is_up);
    total += member.dest.weight;
    if (is_up) live_weight_ += member.dest.weight;
  }
  const auto quorum = std::min<std::uint64_t>(params_.quorum, total);
  const auto hysteresis = quorum == 0 ? 0 : std::min<std::uint64_t>(params_.hysteresis, quorum - 1);
  lose_below_ = quorum - hysteresis;
  gain_at_ = std::min(quorum + hysteresis, total);
  judge();
}

bool Pool::judge() {
  ASSERT(lose_below_ <= gain_at_);
  const bool had = has_quorum_;
  if (live_weight_ == 0 || live_weight_ < lose_below_) {
    has_quorum_ = false;
  } else if (live_weight_ >= gain_at_) {
    has_quorum_ = true;
  }
  return has_quorum_ != had;
}

Pool::Change Pool::set_up(const DestKey& key, bool up) {
  const auto index = find(key);
  if (!index || up_[*index] == up) return Change::none;
  const std::uint64_t weight = params_.members[*index].dest.weight;
  ASSERT(up || live_weight_ >= weight);
  up_[*index] = up;
  live_weight_ = up ? live_weight_ + weight : live_weight_ - weight;
  if (!judge()) return Change::members;
  return has_quorum_ ? Change::quorum_gained : Change::quorum_lost;
}

bool Pool::is_up(const DestKey& key) const {
  const auto index = find(key);
  return index && up_[*index];
}

std::set<DestKey> Pool::down() const {
  std::set<DestKey> keys;
  for (std::size_t i = 0; i < up_.size(); ++i) {
    if (!up_[i]) keys.insert(keys.end(), params_.members[i].key);
  }
  return keys;
}

std::map<DestKey, Dest> Pool::wanted() const {
  std::map<DestKey, Dest> dests;
  const bool sorry_serves = params_.sorry && !has_quorum_;
  for (std::size_t i = 0; i < up_.size(); ++i) {
    const auto& member = params_.members[i];
    const bool serves = up_[i] && !sorry_serves;
    if (!serves && !member.inhibit_on_failure) continue;
    const auto entry = dests.emplace_hint(dests.end(), member.key, member.dest);
    if (!serves) entry->second.weight = 0;
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

std::optional<std::size_t> Pool::find(const DestKey& key) const {
  const auto found = std::ranges::lower_bound(params_.members, key, {}, &PoolMember::key);
  if (found == params_.members.end() || found->key != key) return std::nullopt;
  return static_cast<std::size_t>(found - params_.members.begin());
}

}  // namespace baton::ipvs
