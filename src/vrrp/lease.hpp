// lease.hpp - how long a virtual address lives in the kernel without us, and when that is renewed.
//
// A virtual address is a lease: the kernel removes it when its lifetime has run out, so a director whose daemon is
// dead, stopped or hung loses it by itself.  The kernel counts lifetimes in whole seconds and ends them late: it rounds
// its next look up by at most a quarter of a second, an idle machine adds to that, and two looks are at least a second
// apart, so that leases renewed at different moments wait for each other.  Measured on Linux 6.1 and 6.18: 0 to 0.4 s
// late, rarely 0.8 s, for leases renewed together; up to 1.04 s for those behind another.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace baton::vrrp {

/// The shortest lifetime: with 1 s, a renewal that comes a little late would lose the address.
inline constexpr std::chrono::seconds kShortestLease{2};

/// Renewals are never further apart than this (plus the slack below), however short the advertisement interval.
inline constexpr std::chrono::seconds kRenewalPeriod{1};

/// How late an advertisement may be sent without its renewal being put off to the next one.
inline constexpr std::chrono::milliseconds kRenewalSlack{50};

/// `silence` in whole seconds, rounded down, at least kShortestLease: what a backup waits without its Skew_Time, which
/// is three advertisement intervals, or as many as down_timer_adverts says.
[[nodiscard]] std::chrono::seconds lease_lifetime(Duration silence);

/// The same for a lease that is renewed when the instance's last advertisement is `age` old already, because all leases
/// are renewed together: shorter by the whole seconds that cover the age, so that a backup still finds it gone.
[[nodiscard]] std::chrono::seconds lease_lifetime(Duration silence, Duration age);

/// One instance leads: its advertisements renew the leases of all (see the first comment: leases that are renewed at
/// different moments end late).  Whether the leader's advertisement sent at `now` renews the leases last renewed at
/// `last`: always from one second upwards; below, when the next advertisement would come later than kRenewalPeriod
/// after `last`.  Once a second for intervals that divide a second, under twice a second for every other.
[[nodiscard]] bool renewal_due(Instant last, Instant now, Duration advertisement_interval);

/// Whether another instance's advertisement sent at `now` renews all, and leads from then on: the leader has been
/// silent.
[[nodiscard]] bool leader_is_late(Instant last, Instant now);

}  // namespace baton::vrrp
