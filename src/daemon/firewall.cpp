#include "daemon/firewall.hpp"

#include <algorithm>

#include "daemon/log.hpp"
#include "net/program.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kLimit = std::chrono::seconds{2};  // nft takes some milliseconds
constexpr const char* kWord = "table";

/// A word that nft takes for a name and nothing else.
bool is_name(const std::string& word) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !word.empty() && word.size() < 64 && std::ranges::all_of(word, is_part);
}

/// nft reads the name of an interface between quotes.
bool is_plain(const std::string& name) {
  return name.find_first_of("\"\\\n") == std::string::npos;
}

}  // namespace

Firewall::Firewall(KernelLedger* ledger) : ledger_(ledger) {
  const auto tables = ledger_->lines_of(kWord);
  if (!tables.empty()) table_ = tables.front();
}

void Firewall::set(const vrrp::PacketFilter& wanted) {
  last_wanted_ = wanted;
  if (wanted == in_force_ && (wanted.empty() ? table_.empty() : table_ == wanted.table)) return;
  if (!table_.empty() && (wanted.empty() || table_ != wanted.table)) {
    vrrp::PacketFilter nothing;
    nothing.table = table_;
    if (!replace(nothing)) return;
    ledger_->remove(std::string(kWord) + ' ' + table_);
    ledger_->save();
    table_.clear();
  }
  if (!wanted.empty()) {
    ledger_->add(std::string(kWord) + ' ' + wanted.table);
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
  const bool is_sound = is_name(filter.table) &&
                        std::ranges::all_of(filter.virtual_links, is_plain, &vrrp::FilteredLink::name) &&
                        std::ranges::all_of(filter.virtual_links, is_plain, &vrrp::FilteredLink::parent) &&
                        std::ranges::all_of(filter.addresses, is_plain, &vrrp::FilteredAddress::device);
  if (!is_sound) return failure("'" + filter.table + "' is no name of a table");
  return net::run_system_program({"nft", "-f", "-"}, vrrp::nft_script(filter), kLimit);
}

}  // namespace baton::daemon
