// vrrp_instance.hpp - one virtual router at work: its election, the packets it sends, what it expects and holds.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "daemon/instance_plan.hpp"
#include "daemon/preferred_lifetimes.hpp"
#include "daemon/rate_limit.hpp"
#include "vrrp/expectation.hpp"
#include "vrrp/packet.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::daemon {

class VrrpInstance {
 public:
  VrrpInstance(InstanceKey key, PlannedInstance plan);

  /// A new plan of the same key.  The caller sees to addresses that come and go, and hands the router its Reconfigure.
  void replan(PlannedInstance plan);

  [[nodiscard]] const InstanceKey& key() const { return key_; }
  [[nodiscard]] const PlannedInstance& plan() const { return plan_; }
  [[nodiscard]] vrrp::VirtualRouter& router() { return router_; }
  [[nodiscard]] const vrrp::VirtualRouter& router() const { return router_; }
  [[nodiscard]] vrrp::Tracking& tracking() { return tracking_; }
  [[nodiscard]] const vrrp::Tracking& tracking() const { return tracking_; }
  [[nodiscard]] vrrp::Faults& faults() { return faults_; }
  [[nodiscard]] const vrrp::Faults& faults() const { return faults_; }
  /// What the router is to have: those of the plan, with the priority that tracking makes of it.
  [[nodiscard]] vrrp::Params params_in_force() const;
  [[nodiscard]] bool is_active() const { return router_.state() == vrrp::State::active; }

  /// The packets of one advertisement, one for the group or for each peer, with the next identification.  Encoded anew
  /// only when priority, source, checksum or plan have changed.  Valid until the next call.
  std::span<const std::vector<std::uint8_t>> packets(Priority priority);

  /// What an advertisement must be to be ours; valid until the next replan().
  [[nodiscard]] vrrp::Expectation expectation() const;

  /// An advertisement that was acceptable: what is learnt of it.  Whether its list of addresses is to be remarked upon.
  bool accept(const vrrp::Received& received, Instant now);

  /// Counts a refused packet; how many were kept quiet when it deserves a line.
  std::optional<std::uint64_t> refused(vrrp::Refusal why, Instant now);
  [[nodiscard]] const vrrp::RefusalCounts& refusals() const { return counts_; }

  /// The sequence number of the last Authentication Header; a former process of ours may have come far.
  void set_sequence(std::uint32_t sequence) { sequence_ = sequence; }

  /// The addresses of the plan in advertisement order.
  [[nodiscard]] const std::vector<IpAddress>& advertised() const { return advertised_; }

  bool packet_waits = false;                 // packets()'s buffers are on their way out
  std::optional<Instant> deadline_in_queue;  // what the engine's queue holds for this instance
  Instant last_event;                        // when the router was last told of something
  Instant active_since;                      // when it last became active
  std::optional<Instant> last_sent;          // when an advertisement last went out
  std::string lease_trouble;                 // the kernel's last complaint, so that it is said once
  PreferredLifetimes preferred;              // of the addresses that it holds
  RateLimit send_trouble{std::chrono::seconds{10}};
  RateLimit duplicates{std::chrono::seconds{10}};  // strangers that claim its addresses (RFC 5227 2.4, DEFEND_INTERVAL)

 private:
  void encode(Priority priority);
  void encode(Priority priority, const IpAddress& destination);

  InstanceKey key_;
  PlannedInstance plan_;
  std::vector<IpAddress> advertised_;
  vrrp::VirtualRouter router_;
  vrrp::Tracking tracking_;
  vrrp::Faults faults_;
  vrrp::ChecksumForm checksum_form_;
  std::uint16_t identification_ = 0;
  std::uint32_t sequence_ = 0;  // of Authentication Headers, ours and theirs, as keepalived counts them
  std::optional<Priority> encoded_priority_;
  IpAddress encoded_source_;
  std::vector<std::vector<std::uint8_t>> packets_;
  std::optional<IpAddress> list_checked_of_;  // whose list of addresses has been looked at
  RateLimit list_trouble_{std::chrono::seconds{60}};
  std::map<vrrp::Refusal, RateLimit> refusals_;  // of those that were met
  vrrp::RefusalCounts counts_;
};

}  // namespace baton::daemon
