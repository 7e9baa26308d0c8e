#include "daemon/mark_table.hpp"

#include <utility>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/nft.hpp"

namespace baton::daemon {

MarkTable::MarkTable(std::string ledger) : ledger_(std::move(ledger)) {
  table_ = read_ledger(ledger_);
  if (!table_.empty() && table_.back() == '\n') table_.pop_back();
  if (!is_nft_name(table_)) table_.clear();  // the ledger may be damaged
}

bool MarkTable::keep(const ipvs::MarkMap& map) {
  if (in_force_ == map || (map.ranges.empty() && table_.empty())) return true;
  in_force_.reset();
  if (!table_.empty() && table_ != map.table && !replace({table_, -1, {}, false})) return false;
  if (!replace(map)) return false;
  in_force_ = map;
  return true;
}

void MarkTable::stop() {
  if (!table_.empty()) replace({table_, -1, {}, false});
}

bool MarkTable::replace(const ipvs::MarkMap& map) {
  // What is about to be there is in the ledger first: a crash in between leaves nothing unknown.
  if (!map.ranges.empty()) {
    if (const auto written = write_ledger(ledger_, map.table + '\n'); !written)
      log::error("{}", written.error().message);
    table_ = map.table;
  }
  const auto done = is_nft_name(map.table) ? run_nft(ipvs::nft_script(map))
                                           : Result<void>(failure("'" + map.table + "' is no name of a table"));
  if (!done) {
    if (done.error().message != trouble_) log::error("nftables_ipvs: {}", done.error().message);
    trouble_ = done.error().message;
    return false;
  }
  trouble_.clear();
  if (!map.ranges.empty()) return true;
  table_.clear();
  static_cast<void>(write_ledger(ledger_, {}));
  return true;
}

}  // namespace baton::daemon
