// promises.hpp - what the protocol promises, checked after every event from outside the routers.
//
// 1. One master.  Two active directors that hear each other both ways, undisturbed, are one within the shorter of their
//    advertisement intervals (Adver_Timer of either fires) and two wire delays (the stronger answers the weaker).
// 2. No takeover too early: none before three intervals and the skew time have passed since an advertisement at least
//    as strong reached the backup's socket, read or not; after a resignation, the skew time.  A weaker master that is
//    heard is endured for preempt_delay.
// 3. No takeover too late: a backup that runs is active as soon as that time has passed.
// 4. Never headless: directors that all hear each other have a master within the longest down interval.
// 5. An address is a lease: who is not active does not hold it; who is dead or stalled loses it with the lease; and an
//    undisturbed backup takes it when the dead one's is gone, but for the kernel's lateness, at intervals from 1 s.
// 6. Rhythm: an active director advertises every interval, without bursts after a stall; priority 0 is for a stop and a
//    fault alone.
// 7. In the end, after quiet: one active, the strongest where all preempt, it alone holds the address, and (unless the
//    network itself was disturbed: hosts behind a healed partition keep what they learned) the switch points to it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/scenario.hpp"

namespace baton::vrrp::sim {

class World;
struct Director;

/// What reached a director's socket, as far as promises 2 and 3 need it.
struct Ears {
  struct Heard {
    Instant when;
    Priority priority = 0;
    Duration interval;
    IpAddress source;
  };
  std::optional<Heard> strong;        // of at least our priority; or our own start as a backup
  std::optional<Instant> weak;        // below it
  std::optional<Instant> weak_since;  // the first of them after the last strong one
  std::optional<Instant> resigned;    // priority 0
  std::optional<Instant> considered;  // the last that the router may have accepted

  void hear(const Params& own, const AdvertisementReceived& advertisement, Instant now);
  /// What was as strong as the new priority stays so.
  void reload(const Params& params);
};

class Promises {
 public:
  /// After every event; the first promise broken, or empty.
  std::string check(const World& world);

  /// A backup has become active because its timer fired.
  void takeover(const World& world, DirectorId id);
  /// An advertisement was sent because a timer fired, `before_last` being the last but one sent so.
  void sent_on_tick(const World& world, DirectorId id, std::optional<Instant> before_last);
  /// An advertisement with priority 0 was sent.
  void resigned(DirectorId id, const Event& cause);
  /// At the end of the scenario.
  std::string settled(const World& world) const;

  [[nodiscard]] Duration longest_split() const { return longest_split_; }

 private:
  void check_succession(const World& world, DirectorId id);
  void check_split(const World& world, DirectorId one, DirectorId other);
  void check_lateness(const World& world, DirectorId id);
  void check_address(const World& world, DirectorId id);
  void check_rhythm(const World& world, DirectorId id);
  void check_headless(const World& world);
  void break_promise(const std::string& what);

  std::string broken_;
  std::optional<Instant> headless_since_;
  Duration longest_split_{};
};

}  // namespace baton::vrrp::sim
