#include "ipvs/removals.hpp"

#include "core/assert.hpp"

namespace baton::ipvs {

Removals::Removals(std::size_t members, unsigned percent)
    : allowed_(members * percent / 100), standings_(members, Standing::in) {
  ASSERT(percent <= 100);
}

void Removals::wait(std::size_t member) {
  ASSERT(standings_.at(member) == Standing::in);
  standings_[member] = Standing::out;
  ++out_;
}

bool Removals::fail(std::size_t member) {
  auto& standing = standings_.at(member);
  if (standing != Standing::in) return standing == Standing::out;
  if (out_ < allowed_) {
    standing = Standing::out;
    ++out_;
    return true;
  }
  standing = Standing::held;
  held_.emplace(failures_, member);
  failure_of_.emplace(member, failures_);
  ++failures_;
  return false;
}

std::size_t Removals::recover(std::size_t member) {
  auto& standing = standings_.at(member);
  const bool was_out = standing == Standing::out;
  if (standing == Standing::held) {
    const auto failure = failure_of_.find(member);
    held_.erase(failure->second);
    failure_of_.erase(failure);
  }
  standing = Standing::in;
  if (!was_out) return kNone;
  ASSERT(out_ > 0);
  --out_;
  if (held_.empty() || out_ >= allowed_) return kNone;
  const auto next = held_.begin()->second;
  held_.erase(held_.begin());
  failure_of_.erase(next);
  standings_[next] = Standing::out;
  ++out_;
  return next;
}

std::vector<std::size_t> Removals::held() const {
  std::vector<std::size_t> members;
  members.reserve(held_.size());
  for (const auto& [failure, member] : held_)
    members.push_back(member);
  return members;
}

}  // namespace baton::ipvs
