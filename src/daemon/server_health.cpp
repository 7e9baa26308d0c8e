#include "daemon/server_health.hpp"

#include <algorithm>
#include <utility>

namespace baton::daemon {

namespace {

bool all_up(const std::vector<bool>& checks) {
  return std::ranges::all_of(checks, [](bool up) { return up; });
}

}  // namespace

void ServerHealth::set_checks(const MemberKey& member, std::vector<bool> up) {
  checks_.insert_or_assign(member, std::move(up));
}

void ServerHealth::remove(const MemberKey& member) {
  checks_.erase(member);
}

std::optional<bool> ServerHealth::record(const MemberKey& member, std::size_t check, bool up) {
  const auto found = checks_.find(member);
  if (found == checks_.end() || check >= found->second.size()) return std::nullopt;
  const bool before = all_up(found->second);
  found->second[check] = up;
  const bool after = all_up(found->second);
  if (before == after) return std::nullopt;
  return after;
}

bool ServerHealth::is_up(const MemberKey& member) const {
  const auto found = checks_.find(member);
  return found == checks_.end() || all_up(found->second);
}

std::optional<bool> ServerHealth::check(const MemberKey& member, std::size_t check) const {
  const auto found = checks_.find(member);
  if (found == checks_.end() || check >= found->second.size()) return std::nullopt;
  return found->second[check];
}

}  // namespace baton::daemon
