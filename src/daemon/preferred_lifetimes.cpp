#include "daemon/preferred_lifetimes.hpp"

#include <algorithm>

namespace baton::daemon {

std::optional<std::chrono::seconds> PreferredLifetimes::left(const PlannedAddress& address, Instant now) {
  if (!address.preferred || *address.preferred == std::chrono::seconds::zero()) return address.preferred;
  const auto begun = begun_.try_emplace({address.address, address.device}, now).first->second;
  const auto left = std::chrono::ceil<std::chrono::seconds>(*address.preferred - (now - begun));
  return std::max(left, std::chrono::seconds::zero());
}

}  // namespace baton::daemon
