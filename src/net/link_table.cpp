#include "net/link_table.hpp"

#include <vector>

#include "core/assert.hpp"

namespace baton::net {

const Link* LinkTable::find(std::string_view name) const {
  const auto found = names_.find(std::string(name));
  return found == names_.end() ? nullptr : find(found->second);
}

const Link* LinkTable::find(IfIndex index) const {
  const auto found = entries_.find(index);
  // Without a name it is one whose name another has taken; its own news are still to come.
  return found == entries_.end() || found->second.link.name.empty() ? nullptr : &found->second.link;
}

void LinkTable::set_virtual_addresses(std::unordered_set<IpAddress> addresses) {
  virtual_addresses_ = std::move(addresses);
  for (auto& [index, entry] : entries_) {
    entry.ipv4.candidates.clear();
    entry.ipv6.candidates.clear();
    for (const auto& [key, address] : entry.addresses) {
      if (is_candidate(key, address)) entry.choice(key.first.family()).candidates.emplace(address.rank, key);
    }
    choose_primary(entry);
  }
}

void LinkTable::apply(const LinkMessage& message) {
  if (message.removed) return remove(message.index);
  auto& entry = entries_[message.index];
  entry.generation = generation_;
  Link link = entry.link;
  link.index = message.index;
  link.up = message.up;
  if (message.name) link.name = *message.name;
  if (message.mac) link.mac = *message.mac;
  if (message.mtu) link.mtu = *message.mtu;
  if (message.vrf_table) link.vrf_table = *message.vrf_table;
  if (link == entry.link || link.name.empty()) return;
  const Link old = std::exchange(entry.link, link);
  if (old.name != link.name) {
    if (!old.name.empty()) {
      names_.erase(old.name);
      report_gone(old);
    }
    take_name(link.name, link.index);
  }
  if (observer_.on_change) observer_.on_change(entry.link);
}

void LinkTable::apply(const AddressMessage& message) {
  const auto found = entries_.find(message.link);
  if (found == entries_.end()) return;  // a link that is going away, or news older than the dump
  auto& entry = found->second;
  const AddressKey key{message.address, message.prefix_length};
  auto& candidates = entry.choice(key.first.family()).candidates;
  const auto known = entry.addresses.find(key);
  if (message.removed) {
    if (known == entry.addresses.end()) return;
    candidates.erase(known->second.rank);
    entry.addresses.erase(known);
    count(key.first, -1);
    if (observer_.on_address_removed) observer_.on_address_removed(message.link, key.first, key.second);
  } else {
    const bool is_new = known == entry.addresses.end();
    auto& address = is_new ? entry.addresses[key] : known->second;
    if (is_new) count(key.first, 1);
    const bool is_moved = is_new || address.rank.secondary != message.secondary || address.rank.scope != -message.scope;
    if (!is_new) candidates.erase(address.rank);
    if (is_moved) address.rank = {message.secondary, -message.scope, ++arrivals_};
    address.ours = own_protocol_ != 0 && message.protocol == own_protocol_;
    address.is_duplicate = message.is_duplicate;
    address.generation = generation_;
    if (is_candidate(key, address)) candidates.emplace(address.rank, key);
    if (is_new && observer_.on_address_added) observer_.on_address_added(message.link, key.first, key.second);
  }
  choose_primary(entry);
}

void LinkTable::end_dump() {
  std::vector<IfIndex> gone;
  for (auto& [index, entry] : entries_) {
    if (entry.generation != generation_) {
      gone.push_back(index);
    } else {
      remove_addresses(entry, true);
      choose_primary(entry);
    }
  }
  for (const auto index : gone)
    remove(index);
}

void LinkTable::remove(IfIndex index) {
  const auto found = entries_.find(index);
  if (found == entries_.end()) return;
  remove_addresses(found->second, false);
  const Link link = std::move(found->second.link);
  entries_.erase(found);
  if (link.name.empty()) return;
  ASSERT(names_.at(link.name) == index);
  names_.erase(link.name);
  report_gone(link);
}

void LinkTable::remove_addresses(Entry& entry, bool only_unseen) {
  std::map<Rank, AddressKey> gone;  // reported in the kernel's order
  for (const auto& [key, address] : entry.addresses) {
    if (!only_unseen || address.generation != generation_) gone.emplace(address.rank, key);
  }
  for (const auto& [rank, key] : gone) {
    entry.addresses.erase(key);
    entry.choice(key.first.family()).candidates.erase(rank);
    count(key.first, -1);
    if (observer_.on_address_removed) observer_.on_address_removed(entry.link.index, key.first, key.second);
  }
}

void LinkTable::count(const IpAddress& address, int change) {
  auto& number = address_counts_[address];
  number += change;
  ASSERT(number >= 0);
  if (number == 0) address_counts_.erase(address);
}

void LinkTable::take_name(const std::string& name, IfIndex new_holder) {
  const auto [held, is_free] = names_.try_emplace(name, new_holder);
  if (is_free || held->second == new_holder) return;
  auto& loser = entries_.at(held->second);
  held->second = new_holder;
  report_gone(loser.link);
  loser.link.name.clear();
}

void LinkTable::report_gone(const Link& link) const {
  if (!observer_.on_change) return;
  Link gone = link;
  gone.exists = false;
  gone.up = false;
  observer_.on_change(gone);
}

void LinkTable::choose_primary(Entry& entry) {
  const bool is_other_v4 = choose(entry, entry.ipv4, entry.link.primary_ipv4);
  const bool is_other_v6 = choose(entry, entry.ipv6, entry.link.primary_ipv6);
  if (!is_other_v4 && !is_other_v6) return;
  if (!entry.link.name.empty() && observer_.on_change) observer_.on_change(entry.link);
}

/// Whether `chosen` is another address than before.
bool LinkTable::choose(Entry& entry, Choice& choice, std::optional<IpAddress>& chosen) {
  if (choice.primary) {
    const auto held = entry.addresses.find(*choice.primary);
    if (held != entry.addresses.end() && choice.candidates.contains(held->second.rank)) return false;
  }
  choice.primary.reset();
  if (!choice.candidates.empty()) choice.primary = choice.candidates.begin()->second;
  const auto found = choice.primary ? std::optional(choice.primary->first) : std::nullopt;
  return std::exchange(chosen, found) != found;
}

bool LinkTable::is_candidate(const AddressKey& key, const Address& address) const {
  if (address.ours || address.is_duplicate || virtual_addresses_.contains(key.first)) return false;
  return key.first.is_v4() || key.first.is_link_local();
}

}  // namespace baton::net
