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
  auto& bursts = lane->second.bursts;
  const bool is_spaced = burst.distance > Duration::zero();
  const auto place =
      is_spaced ? bursts.end() : std::ranges::find_if_not(bursts, [](const Waiting& each) { return each.is_news(); });
  bursts.insert(place, {std::move(burst), 0, total});
}

std::size_t AnnouncementQueue::Waiting::turn(std::size_t at) const {
  return is_spaced() ? total - at : burst.addresses.size() - at % burst.addresses.size();
}

bool AnnouncementQueue::has_news(Instant now) const {
  return std::ranges::any_of(lanes_, [now](const auto& entry) {
    const auto& [bursts, next] = entry.second;
    return !bursts.empty() && next <= now && bursts.front().is_news();
  });
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
  const auto& bursts = chosen->second.bursts;
  const auto limit = bursts.front().is_spaced() ? std::min<std::size_t>(out.size(), 1) : out.size();
  std::size_t count = 0;
  // In the order in which taken() gives the turns away.
  bool goes_on = true;
  for (std::size_t round = 0; goes_on && count < limit; ++round) {
    goes_on = false;
    for (const auto& waiting : bursts) {
      if (waiting.is_spaced() != bursts.front().is_spaced()) return count;  // a reload has changed the distance
      const auto& addresses = waiting.burst.addresses;
      const auto first = round == 0 ? waiting.done : (waiting.done / addresses.size() + round) * addresses.size();
      if (first >= waiting.total) continue;
      goes_on = true;
      const auto step = std::min({waiting.turn(first), waiting.total - first, limit - count});
      for (auto at = first; at < first + step; ++at)
        out[count++] = {announcement(waiting.burst.sender, addresses[at % addresses.size()], waiting.burst.is_router),
                        waiting.burst.link};
    }
  }
  return count;
}

void AnnouncementQueue::taken(std::size_t count, Instant now) {
  auto& lane = lanes_.at(current_);
  while (count > 0) {
    ASSERT(!lane.bursts.empty());
    auto& first = lane.bursts.front();
    const auto turn = first.turn(first.done);
    const auto step = std::min({count, turn, first.total - first.done});
    first.done += step;
    count -= step;
    lane.next = now + first.burst.distance;
    if (first.done < first.total && step < turn) continue;  // its turn goes on
    if (first.done < first.total) lane.bursts.push_back(std::move(first));
    lane.bursts.pop_front();
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
