// masquerading.hpp - keeps the packet filter's rules for FULLNAT services: through nft, or iptables where the kernel or
// the machine has no nft.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/result.hpp"
#include "ipvs/model.hpp"

namespace baton::daemon {

class Masquerading {
 public:
  /// `ledger`: the path of a file that says that a former process has left rules.
  explicit Masquerading(std::string ledger);

  /// Makes the rules those of `services`, and has IPVS track connections; nothing is done when they are so already.
  /// Rules of a former process are replaced in one step.  False when it could not be done (which is told once): call
  /// again later.
  bool keep(const std::set<ipvs::ServiceKey>& services);

 private:
  enum class Tool : std::uint8_t { nft, iptables };

  Result<Tool> install(const std::set<ipvs::ServiceKey>& services);
  bool fail(const Error& error);

  std::string ledger_;
  std::optional<std::set<ipvs::ServiceKey>> in_force_;  // none: not known
  std::set<ipvs::ServiceKey> former_;                   // what was in force before
  std::optional<Tool> tool_;                            // that has put it into force
  std::string trouble_;                                 // the last complaint, so that it is said once
};

}  // namespace baton::daemon
