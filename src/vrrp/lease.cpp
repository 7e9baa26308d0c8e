#include "vrrp/lease.hpp"

#include <algorithm>

namespace baton::vrrp {

std::chrono::seconds lease_lifetime(Duration silence) {
  return std::max(std::chrono::duration_cast<std::chrono::seconds>(silence), kShortestLease);
}

std::chrono::seconds lease_lifetime(Duration silence, Duration age) {
  const auto spent = std::chrono::ceil<std::chrono::seconds>(age - kRenewalSlack);
  return std::max(lease_lifetime(silence) - std::max(spent, std::chrono::seconds{0}), kShortestLease);
}

bool renewal_due(Instant last, Instant now, Duration advertisement_interval) {
  if (advertisement_interval >= kRenewalPeriod) return true;
  return now + advertisement_interval > last + kRenewalPeriod + kRenewalSlack;
}

bool leader_is_late(Instant last, Instant now) {
  return now > last + kRenewalPeriod + kRenewalSlack;
}

}  // namespace baton::vrrp
