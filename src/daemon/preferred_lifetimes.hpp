// preferred_lifetimes.hpp - how long the kernel may still choose an address as a source by itself (preferred_lft;
// pure).
//
// An address is a lease that is renewed all the time, and each renewal tells the kernel both lifetimes anew: so the
// time that the user has given must be counted here.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "core/ip_address.hpp"
#include "core/time.hpp"
#include "daemon/instance_plan.hpp"

namespace baton::daemon {

/// Of the addresses that one instance holds.
class PreferredLifetimes {
 public:
  /// What is left of `preferred_lft` at `now`, in whole seconds rounded up, 0 when it is over; none: it has no end. The
  /// time of an address begins when it is asked for first.
  [[nodiscard]] std::optional<std::chrono::seconds> left(const PlannedAddress& address, Instant now);

  /// It is held no more: its time begins anew.
  void forget(const PlannedAddress& address) { begun_.erase({address.address, address.device}); }
  void forget_all() { begun_.clear(); }

 private:
  std::map<std::pair<IpAddress, std::string>, Instant> begun_;  // of those that end alone
};

}  // namespace baton::daemon
