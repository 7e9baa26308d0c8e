#include "vrrp/lease.hpp"

#include <algorithm>

namespace baton::vrrp {

std::chrono::seconds lease_lifetime(Duration advertisement_interval) {
  const auto three = std::chrono::duration_cast<std::chrono::seconds>(3 * advertisement_interval);
  return std::max(three, kShortestLease);
}

bool renewal_due(Instant last, Instant now, Duration advertisement_interval) {
  if (advertisement_interval >= kRenewalPeriod) return true;
  return now + advertisement_interval > last + kRenewalPeriod + kRenewalSlack;
}

}  // namespace baton::vrrp
