// mark_table.hpp - keeps the packet filter's table that marks what is sent to groups of addresses (nftables_ipvs).
#pragma once

#include <optional>
#include <string>

#include "core/result.hpp"
#include "ipvs/mark_map.hpp"

namespace baton::daemon {

class MarkTable {
 public:
  /// `ledger`: the path of a file that names the table that a former process has left.
  explicit MarkTable(std::string ledger);

  /// Makes the table as `map` has it, in one step, whatever was there; nothing is done when it is so already.  False
  /// when it could not be done (which is told once): call again later.
  bool keep(const ipvs::MarkMap& map);
  /// Takes it away.
  void stop();

 private:
  bool replace(const ipvs::MarkMap& map);

  std::string ledger_;
  std::string table_;                      // that is there, by us; empty: none
  std::optional<ipvs::MarkMap> in_force_;  // none: not known
  std::string trouble_;                    // the last complaint, so that it is said once
};

}  // namespace baton::daemon
