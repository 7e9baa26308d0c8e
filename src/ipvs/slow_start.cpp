#include "ipvs/slow_start.hpp"

#include <algorithm>

namespace baton::ipvs {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

std::uint64_t count(Duration duration) {
  return static_cast<std::uint64_t>(std::chrono::ceil<milliseconds>(duration).count());
}

}  // namespace

std::uint32_t ramped_weight(std::uint32_t full, Duration since_recovery, Duration length) {
  if (full <= 1 || since_recovery >= length) return full;
  const auto second = std::chrono::floor<seconds>(std::max(since_recovery, Duration{}));
  const std::uint64_t share = full * count(second) / count(length);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(share, 1, full));
}

std::optional<Duration> next_ramp_step(std::uint32_t full, Duration since_recovery, Duration length) {
  const std::uint64_t present = ramped_weight(full, since_recovery, length);
  if (present == full) return std::nullopt;
  const std::uint64_t per_second = std::uint64_t{full} * 1000;
  const seconds second(((present + 1) * count(length) + per_second - 1) / per_second);
  return std::min<Duration>(second, length);
}

}  // namespace baton::ipvs
