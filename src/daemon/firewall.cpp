#include "daemon/firewall.hpp"

#include <algorithm>

#include "daemon/log.hpp"
#include "daemon/nft.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kTableWord = "table";

/// nft reads the name of an interface between quotes.
bool is_plain(const std::string& name) {
  return name.find_first_of("\"\\\n") == std::string::npos;
}

}  // namespace

Firewall::Firewall(KernelLedger* ledger) : ledger_(ledger) {
  const auto tables = ledger_->lines_of(kTableWord);
  if (!tables.empty()) table_ = tables.front();
}

void Firewall::set(const vrrp::PacketFilter& wanted) {
  last_wanted_ = wanted;
  if (wanted == in_force_ && (wanted.empty() ? table_.empty() : table_ == wanted.table)) return;
  if (!table_.empty() && (wanted.empty() || table_ != wanted.table)) {
    vrrp::PacketFilter nothing;
    nothing.table = table_;
    if (!replace(nothing)) return;
    ledger_->remove(std::string(kTableWord) + ' ' + table_);
    ledger_->save();
    table_.clear();
  }
  if (!wanted.empty()) {
    ledger_->add(std::string(kTableWord) + ' ' + wanted.table);
    ledger_->save();
    table_ = wanted.table;
    if (!replace(wanted)) return;
  }
  in_force_ = wanted;
}

bool Firewall::replace(const vrrp::PacketFilter& filter) {
  auto done = run(filter);
  if (!done && filter.moves_reports && !filter.virtual_links.empty()) {
    auto plainer = filter;
    plainer.moves_reports = false;
    const auto why = done.error().message;
    done = run(plainer);
    if (done) log::warning("nftables: {}: MLD reports of VMACs are dropped, not moved to their parents", why);
  }
  if (!done) log::error("nftables: {}: packets to virtual addresses are not filtered", done.error().message);
  return done.has_value();
}

Result<void> Firewall::run(const vrrp::PacketFilter& filter) {
  const bool is_sound = is_nft_name(filter.table) &&
                        std::ranges::all_of(filter.virtual_links, is_plain, &vrrp::FilteredLink::name) &&
                        std::ranges::all_of(filter.virtual_links, is_plain, &vrrp::FilteredLink::parent) &&
                        std::ranges::all_of(filter.addresses, is_plain, &vrrp::FilteredAddress::device);
  if (!is_sound) return failure("'" + filter.table + "' is no name of a table");
  return run_nft(vrrp::nft_script(filter));
}

}  // namespace baton::daemon
