// interface_settings.hpp - sysctls that instances want otherwise than they are, put back when nobody wants them.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "daemon/kernel_ledger.hpp"

namespace baton::daemon {

/// Name with slashes, without /proc/sys, and value.
using Sysctls = std::map<std::string, int>;

class InterfaceSettings {
 public:
  /// `ledger` outlives this; what a former process has changed is known from it.
  explicit InterfaceSettings(KernelLedger* ledger);

  /// What it was before we changed it, else what it is; none when there is none.
  [[nodiscard]] std::optional<int> original(const std::string& name) const;

  /// Sets what is not so yet, puts back what is wanted no more.  One whose interface does not exist waits for the next
  /// call.
  void set(const Sysctls& wanted);

 private:
  void put_back(const std::string& name, int former);

  KernelLedger* ledger_;
  Sysctls former_;  // of all that we have changed
};

}  // namespace baton::daemon
