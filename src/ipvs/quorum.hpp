// quorum.hpp - from the ups and downs of one virtual server's pool to the destinations wanted in the kernel (sans-I/O).
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/time.hpp"
#include "ipvs/model.hpp"
#include "ipvs/pool_event.hpp"
#include "ipvs/removals.hpp"

namespace baton::ipvs {

struct PoolMember {
  DestKey key;
  Dest dest;  // with its configured weight
  bool inhibit_on_failure = false;
  bool is_checked = true;              // otherwise it is always up
  bool alpha = false;                  // one of its checks must pass first
  std::chrono::seconds slow_start{0};  // 0: the full weight at once
};

struct PoolParams {
  std::vector<PoolMember> members;  // of two with the same key the first counts
  std::optional<PoolMember> sorry;  // sorry_server
  std::uint32_t quorum = 1, hysteresis = 0;
  std::uint8_t max_removed = 100;  // percent of the members that checks may take out
  bool omega = false;              // its end is told at the daemon's stop, too
};

/// How a member stands, for whoever knows nothing.
struct MemberReport {
  DestKey key;
  bool up = false;
  std::optional<std::uint16_t> weight;  // effective; absent: as configured
  friend bool operator==(const MemberReport&, const MemberReport&) = default;
};

/// Keeps which members are up; answers with the wanted destinations (compat 11.3): a member that is down is left out,
/// or kept with weight 0 when inhibit_on_failure; the sorry server serves while the quorum is lost, and then alone: the
/// members still up leave, those with inhibit_on_failure stay with weight 0.  An inhibited sorry server is always
/// there, with weight 0 while it does not serve.
///
/// The quorum is lost when the effective weights of the members that are in sum to less than quorum - hysteresis, or to
/// 0; it is gained at quorum + hysteresis.  A quorum above the sum of the configured weights, and a hysteresis not
/// below the quorum, are lowered.  Unlike keepalived's, the bar for gaining is never above the sum of all configured
/// weights: a pool that is wholly up has its quorum.
class Pool {
 public:
  using Events = std::vector<PoolEvent>;

  /// At the daemon's start: all members are up, but those with alpha wait for their first success.
  explicit Pool(PoolParams params) : Pool(std::move(params), Start::fresh) {}
  /// Over a table that a former process has left: what is not in it is down.
  static Pool adopted(PoolParams params, const std::set<DestKey>& missing);
  /// Over a reload: what the former pool knew; new members are as at the start.  Appends what has changed.
  static Pool succeeding(PoolParams params, const Pool& former, Events& out);

  /// What is told when the pool begins to serve: nothing of a quorum that is not there, unless a sorry server stands in
  /// (as keepalived has it).
  [[nodiscard]] Events opening() const;
  /// What is told when it ends: whoever is in goes, then the quorum.
  [[nodiscard]] Events closing() const;

  /// What checks say of a member.  Unknown keys are ignored (a verdict of a former configuration).
  void report(const MemberReport& member, Instant now, Events& out);

  /// False for unknown keys, for those that wait, and for those that are only held by max_removed.
  [[nodiscard]] bool is_up(const DestKey& key) const;
  /// Whether it serves, or would if the quorum were there.  False for unknown keys.
  [[nodiscard]] bool is_in(const DestKey& key) const;
  /// Members that were judged to be down, and those whose weight is not the configured one.
  [[nodiscard]] std::vector<MemberReport> reports() const;
  [[nodiscard]] const PoolParams& params() const { return params_; }
  [[nodiscard]] bool has_quorum() const { return has_quorum_; }

  /// At `now`: weights still grow after a recovery (slow_start).
  [[nodiscard]] Dests wanted(Instant now) const;
  /// When wanted() next changes by time alone.
  [[nodiscard]] std::optional<Instant> next_step(Instant now) const;

 private:
  enum class Start : std::uint8_t { fresh, known };
  enum class Health : std::uint8_t { up, down, waiting };
  struct Standing {
    Health health = Health::up;
    std::optional<std::uint16_t> weight;
    std::uint32_t failure = 0;  // of one that is down: its number, so that the oldest is known
  };
  struct Ramp {
    std::size_t member = 0;
    Instant since;
  };

  Pool(PoolParams params, Start start);
  void settle(Start start);
  void compare(const Pool& former, Events& out) const;
  [[nodiscard]] std::optional<std::size_t> find(const DestKey& key) const;
  [[nodiscard]] std::uint32_t weight(std::size_t member) const;
  [[nodiscard]] bool is_in(std::size_t member) const;
  [[nodiscard]] std::uint64_t share(std::size_t member) const { return is_in(member) ? weight(member) : 0; }
  void take_down(std::size_t member, Events& out);
  void take_up(std::size_t member, Instant now, Events& out);
  void set_weight(std::size_t member, std::optional<std::uint16_t> weight, Events& out);
  void count();
  void judge(Events& out);
  [[nodiscard]] PoolEvent event(PoolEvent::Kind kind, std::size_t member) const;
  [[nodiscard]] PoolEvent quorum_event(PoolEvent::Kind kind, std::uint64_t bar) const;

  PoolParams params_;  // the members ordered by key, each once
  std::vector<Standing> standings_;
  std::vector<Ramp> ramps_;             // of members that have come back lately
  std::unique_ptr<Removals> removals_;  // only where max_removed is set
  std::uint64_t live_weight_ = 0;
  std::uint64_t lose_below_ = 0, gain_at_ = 0;
  std::uint32_t quorum_ = 0, hysteresis_ = 0;  // lowered
  std::uint32_t failures_ = 0;
  bool has_quorum_ = false;
};

}  // namespace baton::ipvs
