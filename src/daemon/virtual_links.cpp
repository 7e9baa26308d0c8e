#include "daemon/virtual_links.hpp"

#include <algorithm>
#include <utility>

#include <linux/if_addr.h>

#include "daemon/log.hpp"
#include "net/sysctl.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kWord = "link";
constexpr std::uint8_t kLinkLocalPrefix = 64;

std::string line_of(const std::string& name) {
  return std::string(kWord) + ' ' + name;
}

/// Where IPv6 is not compiled in, or switched off for good, there is no such number.
void write(const std::string& name, int value) {
  if (net::read_sysctl(name).value_or(value) == value) return;
  if (const auto written = net::write_sysctl(name, value); !written) log::error("{}", written.error().message);
}

}  // namespace

VirtualLinks::VirtualLinks(boost::asio::io_context& io, net::Links* links, KernelLedger* ledger)
    : links_(links), ledger_(ledger), kernel_(io), addresses_(io) {
  for (const auto& name : ledger_->lines_of(kWord))
    ours_.insert(name);
}

void VirtualLinks::set(const std::map<InstanceKey, PlannedInstance>& plan) {
  wanted_.clear();
  const auto is_v6 = [](const PlannedAddress& planned) { return planned.address.is_v6(); };
  for (const auto& [key, instance] : plan)
    if (instance.vmac)
      wanted_[instance.vmac->name] = {key.interface, instance.vmac->mac, key.family,
                                      std::ranges::any_of(instance.addresses, is_v6), instance.vmac->sends_adverts};
  std::vector<std::string> gone;
  for (const auto& name : ours_) {
    const auto wanted = wanted_.find(name);
    const auto* link = links_->find(name);
    const bool is_same = wanted != wanted_.end() && (link == nullptr || link->mac == wanted->second.mac);
    if (!is_same) gone.push_back(name);
  }
  remove(gone);
  (void)restore();
}

std::set<std::string> VirtualLinks::restore() {
  std::set<std::string> made;
  std::vector<net::Macvlan> missing;
  for (const auto& [name, wanted] : wanted_) {
    const auto* link = links_->find(name);
    const auto* parent = links_->find(wanted.parent);
    if (link == nullptr && parent != nullptr) missing.push_back({name, parent->index, wanted.mac});
    if (link != nullptr && link->mac != wanted.mac) complain(name, "an interface of this name is there already");
    if (link != nullptr && link->mac == wanted.mac && ours_.insert(name).second) {  // keepalived's, of a former run
      ledger_->add(line_of(name));
      made.insert(name);
    }
  }
  for (const auto& link : missing)
    ledger_->add(line_of(link.name));
  ledger_->save();
  const auto answers = kernel_.make(missing);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    complain(missing[i].name, answers[i].code == 0 ? std::string() : answers[i].what);
    if (answers[i].code == 0) {
      ours_.insert(missing[i].name);
      made.insert(missing[i].name);
    } else if (!ours_.contains(missing[i].name)) {
      ledger_->remove(line_of(missing[i].name));
    }
  }
  if (made.empty()) return made;
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
  for (const auto& name : made)
    prepare(name, wanted_.at(name));
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
  ledger_->save();
  return made;
}

/// As keepalived sets it up: over IPv4 it answers for its own addresses only, and hears packets that seem to come from
/// this machine; over IPv6 it needs the link-local address that adverts are sent from.
void VirtualLinks::prepare(const std::string& name, const Wanted& wanted) {
  const auto* link = links_->find(name);
  if (link == nullptr) return;
  const auto ipv4 = "net/ipv4/conf/" + name + '/';
  const auto ipv6 = "net/ipv6/conf/" + name + '/';
  write(ipv6 + "addr_gen_mode", 1);
  if (wanted.family == Family::ipv4) {
    for (const auto* sysctl : {"arp_ignore", "accept_local", "promote_secondaries"})
      write(ipv4 + sysctl, 1);
    write(ipv4 + "rp_filter", 0);
  }
  const IfIndex list[] = {link->index};
  for (const auto& answer : kernel_.set_up(list))
    if (answer.code != 0) log::error("{}", answer.what);
  if (!wanted.has_ipv6) write(ipv6 + "disable_ipv6", 1);
  const auto* parent = links_->find(wanted.parent);
  if (wanted.family != Family::ipv6 || !wanted.sends_adverts || parent == nullptr || !parent->primary_ipv6) return;
  net::LeasedAddress own;
  own.address = *parent->primary_ipv6;
  own.prefix_length = kLinkLocalPrefix;
  own.link = link->index;
  own.flags = IFA_F_NODAD;
  own.preferred = std::chrono::seconds::zero();
  const net::LeasedAddress addresses[] = {own};
  for (const auto& answer : addresses_.add_permanent(addresses))
    if (answer.code != 0 && answer.code != EEXIST) log::error("{}", answer.what);
}

void VirtualLinks::remove(const std::vector<std::string>& names) {
  std::vector<IfIndex> indexes;
  for (const auto& name : names)
    if (const auto* link = links_->find(name); link != nullptr) indexes.push_back(link->index);
  for (const auto& answer : kernel_.remove(indexes))
    if (answer.code != 0 && answer.code != ENODEV) log::error("{}", answer.what);
  for (const auto& name : names) {
    ours_.erase(name);
    ledger_->remove(line_of(name));
  }
  if (indexes.empty()) return;
  ledger_->save();
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
}

void VirtualLinks::complain(const std::string& name, const std::string& trouble) {
  auto& known = complaints_[name];
  if (known == trouble) return;
  known = trouble;
  if (!trouble.empty()) log::error("VMAC {}: {}", name, trouble);
}

}  // namespace baton::daemon
