// server_health.hpp - a real server is up while none of its checks has failed (compat 11.1) (pure).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daemon/service_plan.hpp"

namespace baton::daemon {

class ServerHealth {
 public:
  /// A server's checks from now on, each up or down as given; one that was known is replaced.
  void set_checks(const MemberKey& member, std::vector<bool> up);
  void remove(const MemberKey& member);

  /// The verdict on one check; the server's own when that changes it.  An unknown server or check is ignored: a result
  /// that was on its way when the configuration changed.
  std::optional<bool> record(const MemberKey& member, std::size_t check, bool up);

  [[nodiscard]] bool is_up(const MemberKey& member) const;
  /// One check as it stands; none when unknown.
  [[nodiscard]] std::optional<bool> check(const MemberKey& member, std::size_t check) const;
  [[nodiscard]] const std::map<MemberKey, std::vector<bool>>& all() const { return checks_; }

 private:
  std::map<MemberKey, std::vector<bool>> checks_;
};

}  // namespace baton::daemon
