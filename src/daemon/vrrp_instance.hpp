// vrrp_instance.hpp - one virtual router at work: its election, the packet it sends, what it expects and holds.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/instance_plan.hpp"
#include "daemon/rate_limit.hpp"
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
  [[nodiscard]] bool is_active() const { return router_.state() == vrrp::State::active; }

  /// The IPv4 packet of an advertisement, with the next identification.  Encoded anew only when priority, source or
  /// plan have changed.  Valid until the next call.
  std::span<const std::uint8_t> packet(Priority priority);

  /// What an advertisement must be to be ours; valid until the next replan().
  [[nodiscard]] vrrp::Expectation expectation() const;

  /// Counts a refused packet; how many were kept quiet when it deserves a line.
  std::optional<std::uint64_t> refused(vrrp::Refusal why, Instant now);

  /// The addresses of the plan in advertisement order.
  [[nodiscard]] const std::vector<IpAddress>& advertised() const { return advertised_; }

  bool packet_waits = false;                 // packet()'s buffer is on its way out
  std::optional<Instant> deadline_in_queue;  // what the engine's queue holds for this instance
  std::optional<Instant> last_sent;          // when an advertisement last went out
  std::string lease_trouble;                 // the kernel's last complaint, so that it is said once
  RateLimit send_trouble{std::chrono::seconds{10}};
  RateLimit list_trouble{std::chrono::seconds{60}};

 private:
  struct Encoded {
    IpAddress source;
    Priority priority = 0;
    std::vector<std::uint8_t> bytes;
  };
  [[nodiscard]] Encoded encoded(Priority priority) const;

  InstanceKey key_;
  PlannedInstance plan_;
  std::vector<IpAddress> advertised_;
  vrrp::VirtualRouter router_;
  std::uint16_t identification_ = 0;
  std::optional<Encoded> encoded_;
  std::array<RateLimit, 16> refusals_;
};

}  // namespace baton::daemon
