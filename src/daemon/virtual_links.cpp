#include "daemon/virtual_links.hpp"

#include <algorithm>
#include <cerrno>

#include <linux/if_addr.h>

#include "daemon/log.hpp"
#include "net/sysctl.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kLinkWord = "link";
constexpr std::uint8_t kLinkLocalPrefix = 64;

std::string line_of(const std::string& name, const std::string& description) {
  return std::string(kLinkWord) + ' ' + name + (description.empty() ? "" : ' ' + description);
}

/// Where IPv6 is not compiled in, or switched off for good, there is no such number.
void write(const std::string& name, int value) {
  if (net::read_sysctl(name).value_or(value) == value) return;
  if (const auto written = net::write_sysctl(name, value); !written) log::error("{}", written.error().message);
}

/// The kernel puts a macvlan upon another one beside that one, upon its parent, and ipvlans likewise.
bool is_upon(const net::Link& link, const net::Link& parent) {
  return link.parent == parent.index || (link.kind == parent.kind && link.parent == parent.parent);
}

std::string trouble_of(const net::NewLink& link, const net::Answer& answer) {
  if (answer.code == 0) return {};
  if (answer.code == EOPNOTSUPP) return answer.what + ": this kernel has no " + name(link.kind) + 's';
  if (answer.code == EBUSY) return answer.what + ": macvlans and ipvlans cannot stand upon one interface";
  return answer.what;
}

}  // namespace

VirtualLinks::VirtualLinks(boost::asio::io_context& io, net::Links* links, KernelLedger* ledger)
    : links_(links), ledger_(ledger), kernel_(io), addresses_(io) {
  for (const auto& line : ledger_->lines_of(kLinkWord)) {
    const auto end = std::min(line.find(' '), line.size());
    ours_.insert_or_assign(line.substr(0, end), end == line.size() ? std::string() : line.substr(end + 1));
  }
}

void VirtualLinks::set(WantedLinks wanted) {
  wanted_ = std::move(wanted);
  std::vector<std::string> gone;
  for (const auto& [name, description] : ours_) {
    const auto found = wanted_.find(name);
    const auto* link = links_->find(name);
    const bool is_same = found != wanted_.end() &&
                         (description.empty() || description == found->second.description()) &&
                         (link == nullptr || is_as_wanted(*link, found->second));
    if (!is_same) gone.push_back(name);
  }
  remove(gone);
  (void)restore({});
}

std::set<std::string> VirtualLinks::restore(Removed removed) {
  std::set<std::string> made;
  remove_strays();
  make(find_missing(&made), &made);
  if (!made.empty()) {
    refresh();
    std::vector<std::string> in_order(made.begin(), made.end());
    std::ranges::sort(in_order, {}, [this](const std::string& name) { return wanted_.at(name).turn; });
    for (const auto& name : in_order)
      prepare(name, wanted_.at(name));
    refresh();
  }
  ledger_->save();
  set_up();
  put_back(removed);
  return made;
}

/// Ours that stand upon what was their parent before it was renamed, and another has its name now.
void VirtualLinks::remove_strays() {
  std::vector<std::string> strays;
  for (const auto& [name, wanted] : wanted_) {
    const auto* link = links_->find(name);
    const auto* parent = links_->find(wanted.parent);
    if (link == nullptr || parent == nullptr || is_upon(*link, *parent) || !ours_.contains(name)) continue;
    const bool is_ours =
        link->kind == net::name(wanted.kind) && (wanted.kind != net::LinkKind::macvlan || link->mac == wanted.mac);
    if (is_ours) strays.push_back(name);
  }
  remove(strays);
}

/// What is not there and can be made; one that is there as it should be, of keepalived's making, is `made`.
std::vector<net::NewLink> VirtualLinks::find_missing(std::set<std::string>* made) {
  std::vector<net::NewLink> missing;
  for (const auto& [name, wanted] : wanted_) {
    const auto* link = links_->find(name);
    const auto* parent = links_->find(wanted.parent);
    if (link == nullptr) {
      if (parent != nullptr)
        missing.push_back({name, parent->index, wanted.kind, wanted.mac, wanted.ipvlan_flags, wanted.group_number});
    } else if (!is_as_wanted(*link, wanted)) {
      complain(name, "an interface of this name is there already");
    } else if (!ours_.contains(name)) {
      own(name, wanted.description());
      made->insert(name);
    }
  }
  std::ranges::sort(missing, {}, [this](const net::NewLink& link) { return wanted_.at(link.name).turn; });
  return missing;
}

void VirtualLinks::make(const std::vector<net::NewLink>& missing, std::set<std::string>* made) {
  if (missing.empty()) return;
  std::set<std::string> ours;
  for (const auto& link : missing) {
    if (ours_.contains(link.name)) ours.insert(link.name);
    own(link.name, wanted_.at(link.name).description());
  }
  ledger_->save();
  const auto answers = kernel_.make(missing);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& link = missing[i];
    complain(link.name, trouble_of(link, answers[i]));
    if (answers[i].code == 0 && ours.contains(link.name)) log::warning("{} was gone; it is back", link.name);
    if (answers[i].code == 0)
      made->insert(link.name);
    else if (!ours.contains(link.name))
      disown(link.name);
  }
}

bool VirtualLinks::is_as_wanted(const net::Link& link, const WantedLink& wanted) const {
  const auto* parent = links_->find(wanted.parent);
  return parent != nullptr && is_upon(link, *parent) && link.kind == name(wanted.kind) &&
         (wanted.kind != net::LinkKind::macvlan || link.mac == wanted.mac);
}

/// As keepalived sets them up.  A VMAC of IPv4 answers for its own addresses only, and hears packets that seem to come
/// from this machine; one of IPv6 has the link-local address of its parent.  An ipvlan is left as the kernel makes it.
void VirtualLinks::prepare(const std::string& name, const WantedLink& wanted) {
  const auto* link = links_->find(name);
  if (link == nullptr) return;
  const bool is_macvlan = wanted.kind == net::LinkKind::macvlan;
  const auto ipv4 = "net/ipv4/conf/" + name + '/';
  const auto ipv6 = "net/ipv6/conf/" + name + '/';
  if (is_macvlan) write(ipv6 + "addr_gen_mode", 1);
  if (is_macvlan && wanted.family == Family::ipv4) {
    for (const auto* sysctl : {"arp_ignore", "accept_local", "promote_secondaries"})
      write(ipv4 + sysctl, 1);
    write(ipv4 + "rp_filter", 0);
  }
  const IfIndex list[] = {link->index};
  for (const auto& answer : kernel_.set_up(list))
    if (answer.code != 0) log::error("{}", answer.what);
  if (is_macvlan && !wanted.has_ipv6) write(ipv6 + "disable_ipv6", 1);
  if (const auto own = own_address(name, wanted)) add({*own});
}

std::optional<net::LeasedAddress> VirtualLinks::own_address(const std::string& name, const WantedLink& wanted) const {
  const auto* link = links_->find(name);
  const auto* parent = links_->find(wanted.parent);
  if (link == nullptr) return std::nullopt;
  net::LeasedAddress own;
  own.link = link->index;
  if (wanted.address) {
    own.address = wanted.address->address;
    own.prefix_length = wanted.address->prefix_length;
  } else if (wanted.needs_link_local && parent != nullptr && parent->primary_ipv6) {
    own.address = *parent->primary_ipv6;
    own.prefix_length = kLinkLocalPrefix;
  } else {
    return std::nullopt;
  }
  if (own.address.is_v4()) return own;
  own.flags = IFA_F_NODAD;
  own.preferred = std::chrono::seconds::zero();
  return own;
}

/// What somebody has set down; with it went its addresses of IPv6.
void VirtualLinks::set_up() {
  std::vector<IfIndex> down;
  for (const auto& [name, wanted] : wanted_) {
    const auto* link = links_->find(name);
    const auto* parent = links_->find(wanted.parent);
    if (link != nullptr && !link->up && parent != nullptr && parent->up && ours_.contains(name))
      down.push_back(link->index);
  }
  for (const auto& answer : kernel_.set_up(down))
    if (answer.code != 0 && answer.code != ENODEV) log::error("{}", answer.what);
}

void VirtualLinks::put_back(Removed removed) {
  std::vector<net::LeasedAddress> lost;
  for (const auto& [index, address] : removed) {
    const auto* link = links_->find(index);
    const auto wanted = link == nullptr ? wanted_.end() : wanted_.find(link->name);
    if (wanted == wanted_.end() || !ours_.contains(wanted->first)) continue;
    if (const auto own = own_address(wanted->first, wanted->second); own && own->address == address)
      lost.push_back(*own);
  }
  add(lost);
}

void VirtualLinks::add(const std::vector<net::LeasedAddress>& addresses) {
  if (addresses.empty()) return;
  for (const auto& answer : addresses_.add_permanent(addresses))
    if (answer.code != 0 && answer.code != EEXIST) log::error("{}", answer.what);
}

void VirtualLinks::remove(const std::vector<std::string>& names) {
  std::vector<IfIndex> indexes;
  for (const auto& name : names)
    if (const auto* link = links_->find(name); link != nullptr) indexes.push_back(link->index);
  for (const auto& answer : kernel_.remove(indexes))
    if (answer.code != 0 && answer.code != ENODEV) log::error("{}", answer.what);
  for (const auto& name : names)
    disown(name);
  if (indexes.empty()) return;
  ledger_->save();
  refresh();
}

void VirtualLinks::end() {
  const auto is_ipvlan = [this](const auto& own) {
    const auto* link = links_->find(own.first);
    return link != nullptr && link->kind == "ipvlan";
  };
  if (std::ranges::any_of(ours_, is_ipvlan)) net::VirtualLinkKernel::let_packets_out();
  set({});
}

void VirtualLinks::own(const std::string& name, const std::string& description) {
  disown(name);
  ledger_->add(line_of(name, description));
  ours_.insert_or_assign(name, description);
}

void VirtualLinks::disown(const std::string& name) {
  const auto known = ours_.find(name);
  if (known == ours_.end()) return;
  ledger_->remove(line_of(name, known->second));
  ours_.erase(known);
}

void VirtualLinks::refresh() {
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
}

void VirtualLinks::complain(const std::string& name, const std::string& trouble) {
  auto& known = complaints_[name];
  if (known == trouble) return;
  known = trouble;
  if (!trouble.empty()) log::error("{}: {}", name, trouble);
}

}  // namespace baton::daemon
