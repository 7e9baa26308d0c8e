#include "vrrp/announcement_queue.hpp"

#include <algorithm>
#include <utility>

#include "core/assert.hpp"

namespace baton::vrrp {

void AnnouncementQueue::add(AnnouncementBurst burst, Instant now) {
  if (burst.addresses.empty() || burst.repeat == 0) return;
  auto [lane, is_new] = lanes_.try_emplace(burst.lane);
  if (is_new || lane->second.next < now) lane->second.next = now;
  const auto rounds = std::clamp<std::size_t>(kMaxFrames / burst.addresses.size(), 1, burst.repeat);
  const auto total = rounds * burst.addresses.size();
  lane->second.bursts.push_back({std::move(burst), 0, total});
}

void AnnouncementQueue::cancel(const void* owner) {
  for (auto& [number, lane] : lanes_)
    std::erase_if(lane.bursts, [owner](const Waiting& waiting) { return waiting.burst.owner == owner; });
}

std::size_t AnnouncementQueue::ready(std::span<Frame> out, Instant now) {
  std::erase_if(lanes_, [now](const auto& entry) { return entry.second.bursts.empty() && entry.second.next <= now; });
  const auto is_due = [now](const auto& entry) { return !entry.second.bursts.empty() && entry.second.next <= now; };
  const auto chosen = std::ranges::find_if(lanes_, is_due);
  if (chosen == lanes_.end()) return 0;
  current_ = chosen->first;
  std::size_t count = 0;
  for (const auto& [burst, done, total] : chosen->second.bursts) {
    const bool is_spaced = burst.distance > Duration::zero();
    const auto limit = is_spaced ? std::min<std::size_t>(out.size(), 1) : out.size();
    for (auto at = done; at < total && count < limit; ++at)
      out[count++] = {announcement(burst.sender, burst.addresses[at % burst.addresses.size()], burst.is_router),
                      burst.link};
    if (count == limit) break;
  }
  return count;
}

void AnnouncementQueue::taken(std::size_t count, Instant now) {
  auto& lane = lanes_.at(current_);
  while (count > 0) {
    ASSERT(!lane.bursts.empty());
    auto& first = lane.bursts.front();
    const auto step = std::min(count, first.total - first.done);
    first.done += step;
    count -= step;
    lane.next = now + first.burst.distance;
    if (first.done == first.total) lane.bursts.pop_front();
  }
}

AnnouncementQueue::Loss AnnouncementQueue::drop() {
  auto& lane = lanes_.at(current_);
  ASSERT(!lane.bursts.empty());
  const auto& first = lane.bursts.front();
  const Loss loss{first.total - first.done, first.total, first.burst.link};
  lane.bursts.pop_front();
  return loss;
}

std::optional<Instant> AnnouncementQueue::deadline() const {
  std::optional<Instant> earliest;
  for (const auto& [number, lane] : lanes_)
    if (!lane.bursts.empty() && (!earliest || lane.next < *earliest)) earliest = lane.next;
  return earliest;
}

}  // namespace baton::vrrp
