// quorum.hpp - from the ups and downs of one virtual server's pool to the destinations wanted in the kernel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "ipvs/model.hpp"

namespace baton::ipvs {

struct PoolMember {
  DestKey key;
  Dest dest;  // with its configured weight
  bool inhibit_on_failure = false;
};

struct PoolParams {
  std::vector<PoolMember> members;  // of two with the same key the first counts
  std::optional<PoolMember> sorry;  // sorry_server
  std::uint32_t quorum = 1, hysteresis = 0;
};

/// Keeps which members are up; answers with the wanted destinations (compat 11.3): a member that is down is left out,
/// or kept with weight 0 when inhibit_on_failure; the sorry server serves while the quorum is lost, and then alone: the
/// members still up leave, those with inhibit_on_failure stay with weight 0.  An inhibited sorry server is always
/// there, with weight 0 while it does not serve.
///
/// The quorum is lost when the weights of the members that are up sum to less than quorum - hysteresis, or to 0; it is
/// gained at quorum + hysteresis.  A quorum above the sum of all weights, and a hysteresis not below the quorum, are
/// lowered.  Unlike keepalived's, the bar for gaining is never above the sum of all weights: a pool that is wholly up
/// has its quorum.
class Pool {
 public:
  /// All members up, but for `down`.  `had_quorum`: over a reload or restart, what the former pool had; it decides
  /// between the two bars.
  explicit Pool(PoolParams params, const std::set<DestKey>& down = {}, bool had_quorum = false);

  enum class Change : std::uint8_t { none, members, quorum_lost, quorum_gained };

  /// Unknown keys are ignored (a verdict of a former configuration).
  Change set_up(const DestKey& key, bool up);

  /// False for unknown keys.
  [[nodiscard]] bool is_up(const DestKey& key) const;
  [[nodiscard]] std::set<DestKey> down() const;
  [[nodiscard]] bool has_quorum() const { return has_quorum_; }
  [[nodiscard]] std::map<DestKey, Dest> wanted() const;

 private:
  [[nodiscard]] std::optional<std::size_t> find(const DestKey& key) const;
  bool judge();  // whether the quorum changed

  PoolParams params_;  // the members ordered by key, each once
  std::vector<bool> up_;
  std::uint64_t live_weight_ = 0;
  std::uint64_t lose_below_ = 0, gain_at_ = 0;
  bool has_quorum_ = false;
};

}  // namespace baton::ipvs
