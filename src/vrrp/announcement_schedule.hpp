// announcement_schedule.hpp - when an active router announces its addresses, and how often each time (keepalived's
// garp_* keywords).
//
// Sans-I/O, as the election that it belongs to.
#pragma once

#include <optional>

#include "core/time.hpp"

namespace baton::vrrp {

/// However many weaker routers are heard, bursts are this far apart: forged packets cost the network little.
inline constexpr Duration kAnnouncementGap = std::chrono::milliseconds{100};

/// keepalived's defaults.
struct AnnouncementPlan {
  unsigned repeat = 5;                       // garp_master_repeat: announcements of each address in a burst
  Duration delay = std::chrono::seconds{5};  // garp_master_delay: the second burst; 0: there is none
  Duration refresh{};                        // garp_master_refresh: every so often; 0: never
  unsigned refresh_repeat = 1;               // garp_master_refresh_repeat
  unsigned lower_priority_repeat = 5;        // garp_lower_prio_repeat: 0: no burst
  Duration lower_priority_delay = std::chrono::seconds{5};  // garp_lower_prio_delay: 0: no second burst
  Duration extra{};  // garp_extra_if: every so often where no advertisements leave; 0: never
  friend bool operator==(const AnnouncementPlan&, const AnnouncementPlan&) = default;
};

/// Every function that returns a number says how often each address is to be announced now; 0: not at all.
class AnnouncementSchedule {
 public:
  explicit AnnouncementSchedule(const AnnouncementPlan& plan) : plan_(plan) {}

  /// A reload: what is under way stays, a refresh counts from `now`.
  void set_plan(const AnnouncementPlan& plan, Instant now);

  /// We have become the active router.
  unsigned begin(Instant now);

  /// A weaker router believes that it is active, too.
  unsigned answer(Instant now);

  /// What is due.  After a stall one burst is for all.
  unsigned due(Instant now);

  /// Whether the interfaces that no advertisements leave by are due, so that switches do not forget their MACs.
  bool extra_due(Instant now);

  /// We are active no longer.
  void end();

  [[nodiscard]] std::optional<Instant> deadline() const;

 private:
  struct Burst {
    Instant when;
    unsigned repeat = 0;
  };
  void later(const Burst& burst);
  unsigned sent(unsigned repeat, Instant now);
  unsigned refreshed(Instant now);
  static bool passed(std::optional<Instant>& when, Duration period, Instant now);

  AnnouncementPlan plan_;
  std::optional<Burst> first_;  // the next one
  std::optional<Burst> last_;   // the last one, when another comes before it
  std::optional<Instant> refresh_, extra_;
  std::optional<Instant> sent_;  // so that bursts keep their distance
};

}  // namespace baton::vrrp
