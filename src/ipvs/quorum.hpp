// quorum.hpp - from the ups and downs of one virtual server's pool to the destinations wanted in the kernel.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ipvs/model.hpp"

namespace baton::ipvs {

struct PoolMember {
  DestKey key;
  Dest dest;  // with its configured weight
  bool inhibit_on_failure = false;
};

struct PoolParams {
  std::vector<PoolMember> members;
  std::optional<PoolMember> sorry;  // sorry_server
  std::uint32_t quorum = 1, hysteresis = 0;
};

/// Keeps which members are up; answers with the wanted destinations (compat 11.3): a member that is down is left out,
/// or kept with weight 0 when inhibit_on_failure; the sorry server serves while the quorum is lost, and then alone.
class Pool {
 public:
  /// All members up, or as `down` says (by key).
  explicit Pool(PoolParams params);

  enum class Change : std::uint8_t { none, members, quorum_lost, quorum_gained };

  /// Unknown keys are ignored (a verdict of a former configuration).
  Change set_up(const DestKey& key, bool up);

  [[nodiscard]] bool is_up(const DestKey& key) const;
  [[nodiscard]] bool has_quorum() const { return has_quorum_; }
  [[nodiscard]] std::map<DestKey, Dest> wanted() const;

 private:
  PoolParams params_;
  std::vector<bool> up_;
  bool has_quorum_ = true;
};

}  // namespace baton::ipvs
