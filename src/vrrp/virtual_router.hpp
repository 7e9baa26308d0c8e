// virtual_router.hpp - the election of one Virtual Router (RFC 9568 section 6, RFC 3768 section 6).
//
// Sans-I/O: no socket, clock, log or allocation policy.  The caller feeds events together with the present time,
// carries out the actions in order, and calls again with Tick when deadline() is reached.  Same inputs, same outputs:
// the unit tests, the simulator and the daemon all run exactly this code.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/ids.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

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
  bool preempt_mode = true;                                   // Preempt_Mode (6.1)
  Duration preempt_delay{};   // keepalived's preempt_delay: how long lower adverts are endured before preempting
  bool start_active = false;  // priority 255 whose configured state is MASTER or absent (compat 10.4)

  friend bool operator==(const Params&, const Params&) = default;
};

struct Startup {};

/// Start as the active router that a former process of ours was: the addresses are still in the kernel.  Sends an
/// advertisement at once, announces nothing, reports no change to the outside.
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

struct InterfaceUp {
  IpAddress primary_address;
};

/// A reload: keeps the state; deadlines follow the new intervals.
struct Reconfigure {
  Params params;
};

using Event =
    std::variant<Startup, Adopt, Shutdown, Tick, AdvertisementReceived, InterfaceDown, InterfaceUp, Reconfigure>;

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

/// Gratuitous ARP, unsolicited NA (6.4.1, 6.4.2): a burst of garp_master_repeat now.  The core asks again itself after
/// garp_master_delay.
struct AnnounceAddresses {
  friend bool operator==(const AnnounceAddresses&, const AnnounceAddresses&) = default;
};

struct StateChanged {
  State from = State::initialize;
  State to = State::initialize;
  std::string reason;  // one sentence with the numbers: "no advertisement for 3.609 s (down interval 3.609 s)"
  friend bool operator==(const StateChanged&, const StateChanged&) = default;
};

/// Something worth a log line that changes no state: "192.0.2.2 advertises 200 cs, we 100 cs".
struct Remark {
  std::string text;
  friend bool operator==(const Remark&, const Remark&) = default;
};

using Action =
    std::variant<SendAdvertisement, AcquireAddresses, ReleaseAddresses, AnnounceAddresses, StateChanged, Remark>;

inline constexpr Duration kGarpMasterDelay = std::chrono::seconds{5};  // keepalived's garp_master_delay
inline constexpr int kDownTimerAdverts = 3;                            // Active_Down_Interval counts three intervals

class VirtualRouter {
 public:
  explicit VirtualRouter(const Params& params);

  /// Applies one event at `now`, which must never go backwards; appends the actions it causes, in order, to `out`.
  void handle(const Event& event, Instant now, std::vector<Action>& out);

  /// When Tick is next due; none when nothing is awaited.  Covers every timer: Active_Down_Timer, Adver_Timer, the
  /// second announcement, preempt_delay.
  [[nodiscard]] std::optional<Instant> deadline() const;
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Params& params() const { return params_; }

  /// Skew_Time and Active_Down_Interval (6.1): v3 from the interval the active router advertises, v2 from seconds.
  [[nodiscard]] Duration skew_time() const;
  [[nodiscard]] Duration active_down_interval() const;

 private:
  Params params_;
  State state_ = State::initialize;
};

}  // namespace baton::vrrp
