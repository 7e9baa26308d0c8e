// promises.hpp - what the protocol promises, checked after every event from outside the routers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/scenario.hpp"

namespace baton::vrrp::sim {

class World;
struct Instance;

enum class Promise : std::uint8_t {
  one_master,      // two masters that hear each other both ways, undisturbed, are one within the shorter of their
                   // advertisement intervals (Adver_Timer of either fires) and two wire delays
  not_too_early,   // no takeover before three intervals and the skew time have passed since an advertisement at least
                   // as strong reached the backup's socket, read or not; after a resignation, the skew time
  no_preemption,   // with nopreempt a weaker master counts as much; with preempt_delay it does for so long
  not_too_late,    // a backup that runs is active as soon as that time has passed; a group when that of all has
  never_headless,  // directors that all hear each other have a master within the longest down interval
  succession,      // who takes over from a dead or stalled master finds its address gone, at intervals from 1 s
  address,         // who is active holds the address, who is not does not
  lease,           // who is dead or stalled loses it with the lease
  rhythm,          // a master that runs advertises every interval,
  no_burst,        // without bursts after a stall
  resignation,     // priority 0 is for a stop and a fault alone
  one_group,       // the members of a group are master, in FAULT or not begun all together
  fault,           // in FAULT is who has lost its link or a tracked thing without a weight, or is of such a one's group
  waiting,         // nobody begins before the first results of what it tracks without a weight
  priority,        // the priority in force is the configured one and the weights, within 1..254
  one_in_the_end,  // after quiet: one active, nobody in FAULT,
  strongest_in_the_end,  // the strongest where all preempt,
  switch_in_the_end      // and (unless the network was disturbed: hosts behind a healed partition keep what they
                         // learned) the switch points to it
};
inline constexpr std::size_t kPromises = static_cast<std::size_t>(Promise::switch_in_the_end) + 1;

struct Broken {
  Promise promise;
  std::string what;
};

/// What reached an instance's socket, as far as promises of takeovers need it.
struct Ears {
  struct Heard {
    Instant when;
    Priority priority = 0;
    Duration interval;
    IpAddress source;
  };
  std::optional<Heard> strong;            // of at least our priority; or our own start as a backup
  std::optional<Instant> weak;            // below it
  std::optional<Instant> weak_since;      // the first of them after the last strong one
  std::optional<Instant> weak_by;         // likewise, but of those heard since a reload: a delay has begun by then
  std::optional<Instant> endured;         // the last of them that had to count as a strong one
  std::optional<Instant> resigned;        // priority 0
  std::optional<Instant> first_resigned;  // the first of them after the last strong one
  std::optional<Instant> considered;      // the last that the router may have accepted

  void hear(const Instance& own, const AdvertisementReceived& advertisement, Instant now);
  /// The last thing that counts was a resignation.
  [[nodiscard]] bool was_resigned() const { return resigned && (!strong || *resigned >= strong->when); }
  /// It was active or out: no preemption has begun, unless by what was not read yet.
  void begin_backup(bool has_unread, Instant now);
  /// What was as strong as the new priority stays so.
  void reload(const Params& params);
};

class Promises {
 public:
  /// Looks at `only` one of them, or at all.
  explicit Promises(std::optional<Promise> only) : only_(only) {}

  /// After every event; the first promise broken.
  std::optional<Broken> check(const World& world);

  /// A backup has become active because its timer fired, or because its group agreed.
  void takeover(const World& world, InstanceId id);
  /// An advertisement was sent because a timer fired, `before_last` being the last but one sent so.
  void sent_on_tick(const World& world, InstanceId id, std::optional<Instant> before_last);
  /// An advertisement with priority 0 was sent.
  void resigned(const World& world, InstanceId id, const Event& cause);
  /// At the end of the scenario.
  std::optional<Broken> settled(const World& world);

  [[nodiscard]] Duration longest_split() const { return longest_split_; }

 private:
  void check_patience(const World& world, InstanceId id, bool after_resignation);
  void check_succession(const World& world, InstanceId id);
  void check_split(const World& world, InstanceId one, InstanceId other);
  void check_lateness(const World& world, DirectorId director);
  void check_address(const World& world, InstanceId id);
  void check_rhythm(const World& world, InstanceId id);
  void check_headless(const World& world, unsigned wire);
  [[nodiscard]] std::optional<Instant> hears_all_since(const World& world, InstanceId id) const;
  void check_group(const World& world, DirectorId director);
  void check_tracking(const World& world, DirectorId director);
  void settled_on(const World& world, unsigned wire);
  void break_promise(Promise promise, const std::string& what);

  std::optional<Promise> only_;
  std::optional<Broken> broken_;
  std::array<std::optional<Instant>, kMostWires> headless_since_;
  Duration longest_split_{};
};

}  // namespace baton::vrrp::sim
