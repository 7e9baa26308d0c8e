#include "daemon/mark_table.hpp"

#include <algorithm>
#include <utility>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "net/program.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kLimit = std::chrono::seconds{2};  // nft takes some milliseconds

/// A word that nft takes for a name and nothing else; the ledger may be damaged.
bool is_name(const std::string& word) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !word.empty() && word.size() < 64 && std::ranges::all_of(word, is_part);
}

}  // namespace

MarkTable::MarkTable(std::string ledger) : ledger_(std::move(ledger)) {
  table_ = read_ledger(ledger_);
  if (!table_.empty() && table_.back() == '\n') table_.pop_back();
  if (!is_name(table_)) table_.clear();
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
  const auto done = is_name(map.table) ? net::run_system_program({"nft", "-f", "-"}, ipvs::nft_script(map), kLimit)
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
