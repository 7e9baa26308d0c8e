// virtual_router.hpp - the election of one Virtual Router (RFC 9568 section 6, RFC 3768 section 6).
//
// Sans-I/O: no socket, clock, log or allocation policy.  The caller feeds events together with the present time,
// carries out the actions in order, and calls again with Tick when deadline() is reached.  Same inputs, same outputs:
// the unit tests, the simulator and the daemon all run exactly this code.
//
// Where the RFCs leave a choice, or keepalived's users expect something else:
// - Leaving for good (Shutdown) and a fault send priority 0 first and release the addresses then: the backup waits its
//   skew time anyway, and a host that hangs while releasing has resigned all the same.
// - An active router that hears a weaker one answers with an advertisement at once, in version 2 too (RFC 3768 only
//   discards it), and announces its addresses again.  Adver_Timer runs on (9568 6.4.3); keepalived restarts it.
// - An owner (priority 255) hears advertisements like everybody else (9568 7.1 would discard them): of two owners the
//   one with the lower address yields.  keepalived 2.2.7 sets both to 254.
// - After preempt_delay the weaker router is not replaced at once: its advertisements no longer count, so that the down
//   timer runs out (keepalived).
// - A priority 0 advertisement always sets the down timer to the skew time (9568 6.4.2), whatever was left of it.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"
#include "vrrp/announcement_schedule.hpp"

namespace baton::vrrp {

enum class Version : std::uint8_t { v2 = 2, v3 = 3 };

/// What users see is keepalived's words: backup BACKUP, active MASTER, fault FAULT, initialize INIT (STOP when
/// stopping). `fault` is Initialize with a cause: the interface is down; no packet is sent or heard.
enum class State : std::uint8_t { initialize, backup, active, fault };

/// MASTER, BACKUP, FAULT, INIT.
const char* users_name(State state);

struct Params {
  IpAddress primary_address;      // source of our ADVERTISEMENTs; breaks priority ties (6.4.3)
  Version version = Version::v2;  // decides the unit of Skew_Time: v2 (256-p)/256 s whatever the interval
  Priority priority = kDefaultPriority;
  Duration advertisement_interval = std::chrono::seconds{1};  // v2 whole seconds 1..255; v3 10 ms..40.95 s in 10 ms
  /// How much sooner than a whole interval the second advertisement follows the first, less than the interval: of many
  /// routers that become active in the same moment each has its own, and they advertise, and are missed, one after the
  /// other.
  Duration phase{};
  bool preempt_mode = true;         // Preempt_Mode (6.1)
  Duration preempt_delay{};         // keepalived's preempt_delay: how long lower adverts are endured before preempting
  bool start_active = false;        // priority 255 whose configured state is MASTER or absent (compat 10.4)
  unsigned down_timer_adverts = 3;  // Active_Down_Interval counts so many intervals; RFC 9568: 3
  bool higher_prio_send_advert = false;  // one more advertisement before we step down for a stronger router
  bool lower_prio_no_advert = false;     // a weaker router is not answered with an advertisement (RFC 3768)
  bool is_grouped = false;  // a member of a sync group: becomes active when its group says so (sync_group.hpp)
  std::optional<Priority> timer_expired_backup;  // step back when one of this priority must have taken over from us
  AnnouncementPlan announcing;

  friend bool operator==(const Params&, const Params&) = default;
};

/// With a `delay` (keepalived's vrrp_startup_delay) the router is in backup and deaf for so long, and only then begins
/// to count the silence of others; an owner becomes active then.
struct Startup {
  Duration delay{};
};

/// Start as the active router that a former process of ours was: the addresses are still in the kernel.  As becoming
/// active, but the change is `silent`.  Advertises, acquires (what is missing comes back) and announces: should a
/// backup have taken over in between, the switches learn where the addresses are.
struct Adopt {};

struct Shutdown {};

struct Tick {};

struct AdvertisementReceived {
  IpAddress source;
  Priority priority = 0;          // 0: the sender resigns
  Duration max_adver_interval{};  // as found in the packet
};

struct InterfaceDown {
  std::string reason;  // for the decision log: "eth0 is down"
};

/// Ends a fault; in any other state it only tells our address.
struct InterfaceUp {
  IpAddress primary_address;
  std::string reason = "the interface is up";
};

/// Tracking gives another effective priority: 1..254 (255 only from a reload).  No deadline is lost by it.
struct PriorityChanged {
  Priority priority = kDefaultPriority;
  std::string reason;  // "tracked script chk failed (-20)"
};

/// The sync group of a member: all become active together, and none stays so alone.
struct GroupActive {
  std::string reason;
};
struct GroupBackup {
  std::string reason;
};

/// A reload: keeps the state; deadlines follow the new intervals.  An active router advertises a change at once.
struct Reconfigure {
  Params params;
};

using Event = std::variant<Startup, Adopt, Shutdown, Tick, AdvertisementReceived, InterfaceDown, InterfaceUp,
                           PriorityChanged, GroupActive, GroupBackup, Reconfigure>;

struct SendAdvertisement {
  Priority priority = 0;  // 0 on resignation
  friend bool operator==(const SendAdvertisement&, const SendAdvertisement&) = default;
};

/// Put the virtual addresses on the interface.
struct AcquireAddresses {
  friend bool operator==(const AcquireAddresses&, const AcquireAddresses&) = default;
};

/// Take them away.
struct ReleaseAddresses {
  friend bool operator==(const ReleaseAddresses&, const ReleaseAddresses&) = default;
};

/// Gratuitous ARP, unsolicited NA (6.4.1, 6.4.2): each address `repeat` times now.  The core asks again itself when the
/// next burst is due.  Bursts are at least kAnnouncementGap apart.
struct AnnounceAddresses {
  unsigned repeat = 0;
  friend bool operator==(const AnnounceAddresses&, const AnnounceAddresses&) = default;
};

struct StateChanged {
  State from = State::initialize;
  State to = State::initialize;
  std::string reason;   // one sentence with the numbers: "no advertisement for 3.609 s (down interval 3.609 s)"
  bool silent = false;  // adoption: nothing has changed for notify scripts
  friend bool operator==(const StateChanged&, const StateChanged&) = default;
};

/// The effective priority is another one, in whatever state.
struct PriorityAdopted {
  Priority from = 0;
  Priority to = 0;
  std::string reason;
  friend bool operator==(const PriorityAdopted&, const PriorityAdopted&) = default;
};

/// The active router has heard a weaker one (keepalived's MASTER_RX_LOWER_PRI).
struct HeardWeaker {
  friend bool operator==(const HeardWeaker&, const HeardWeaker&) = default;
};

/// A member of a sync group would be active now if it were alone.
struct WantsActive {
  friend bool operator==(const WantsActive&, const WantsActive&) = default;
};

/// Something worth a log line that changes no state: "192.0.2.2 advertises 200 cs, we 100 cs".
struct Remark {
  std::string text;
  friend bool operator==(const Remark&, const Remark&) = default;
};

using Action = std::variant<SendAdvertisement, AcquireAddresses, ReleaseAddresses, AnnounceAddresses, StateChanged,
                            PriorityAdopted, HeardWeaker, WantsActive, Remark>;

class VirtualRouter {
 public:
  explicit VirtualRouter(const Params& params);

  /// Applies one event at `now`, which must never go backwards; appends the actions it causes, in order, to `out`.
  void handle(const Event& event, Instant now, std::vector<Action>& out);

  /// When Tick is next due; none when nothing is awaited.  Covers Active_Down_Timer, Adver_Timer and later
  /// announcements; preempt_delay is judged when an advertisement comes.  Tick may come late or early; what is not due
  /// is not done.
  [[nodiscard]] std::optional<Instant> deadline() const;
  [[nodiscard]] State state() const { return state_; }
  /// In backup, and would be active now if it were not of a sync group.
  [[nodiscard]] bool wants_active() const { return wants_active_; }
  /// Why: as the reason of a StateChanged.
  [[nodiscard]] const std::string& wish() const { return wish_; }
  [[nodiscard]] const Params& params() const { return params_; }

  /// Skew_Time and Active_Down_Interval (6.1): v3 from the interval the active router advertises, v2 from seconds.
  [[nodiscard]] Duration skew_time() const;
  [[nodiscard]] Duration active_down_interval() const;

 private:
  using Actions = std::vector<Action>;

  /// Whom we last heard in backup, for the reasons of what follows.
  struct Heard {
    IpAddress source;
    Priority priority = 0;
  };

  void on(const Startup& event, Instant now, Actions& out);
  void on(const Adopt&, Instant now, Actions& out);
  void on(const Shutdown&, Instant now, Actions& out);
  void on(const Tick&, Instant now, Actions& out);
  void on(const AdvertisementReceived& advertisement, Instant now, Actions& out);
  void on(const InterfaceDown& event, Instant now, Actions& out);
  void on(const InterfaceUp& event, Instant now, Actions& out);
  void on(const PriorityChanged& event, Instant now, Actions& out);
  void on(const GroupActive& event, Instant now, Actions& out);
  void on(const GroupBackup& event, Instant now, Actions& out);
  void on(const Reconfigure& event, Instant now, Actions& out);

  void heard_in_backup(const AdvertisementReceived& advertisement, Instant now, Actions& out);
  void heard_in_active(const AdvertisementReceived& advertisement, Instant now, Actions& out);
  void begin(const std::string& how, Instant now, Actions& out);
  void wish_active(std::string reason, Instant now, Actions& out);
  void become_active(StateChanged change, Instant now, Actions& out);
  void become_backup(StateChanged change, Instant now, Actions& out);
  void leave(StateChanged change, bool resign, Actions& out);
  void advertise_when_due(Instant now, Actions& out);
  static void announce(unsigned repeat, Actions& out);
  [[nodiscard]] bool has_overslept(Instant now) const;
  void learn_interval(const AdvertisementReceived& advertisement, Actions& out);
  [[nodiscard]] bool preempts(Instant now);
  [[nodiscard]] std::string takeover_reason(Instant now) const;
  [[nodiscard]] std::string own_priority() const;
  [[nodiscard]] bool is_sound() const;

  Params params_;
  std::string priority_reason_;  // what tracking last did to the priority; empty: nothing
  State state_ = State::initialize;
  bool wants_active_ = false;
  std::string wish_;
  Duration active_adver_interval_;        // Active_Adver_Interval (6.1); ours until another is heard
  std::optional<Instant> timer_;          // Active_Down_Timer in backup, Adver_Timer in active, else none
  Instant deaf_until_{};                  // the startup delay: nothing is heard, no silence counts
  Instant timer_set_{};                   // when Active_Down_Timer was last started
  std::optional<Heard> active_router_;    // in backup: who last restarted the timer
  std::optional<Heard> weaker_;           // in backup: whose advertisement was last discarded
  std::optional<Instant> preempt_since_;  // in backup: when preempt_delay began
  AnnouncementSchedule announcements_;
  Instant last_event_{};  // time never goes backwards
};

}  // namespace baton::vrrp
