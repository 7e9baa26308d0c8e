#include "daemon/vrrp_kernel.hpp"

#include <filesystem>
#include <utility>

#include "daemon/identifier_names.hpp"
#include "daemon/log.hpp"
#include "net/sysctl.hpp"

namespace baton::daemon {

namespace {

const std::string kIpv4 = "net/ipv4/conf/";
constexpr const char* kSourceCheck = "/rp_filter";
const std::string kGroupReports = "net/ipv4/igmp_link_local_mcast_reports";

/// A VMAC hears packets of addresses that are reached by its parent, so its source check must be off; the kernel uses
/// the stricter one of an interface and of all.  So what is set for all is set for each of the others.
void spare_vmacs_the_source_check(const InterfaceSettings& settings, Sysctls* wanted) {
  const auto all = settings.original(kIpv4 + "all" + kSourceCheck).value_or(0);
  if (all == 0) return;
  (*wanted)[kIpv4 + "all" + kSourceCheck] = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator it("/proc/sys/" + kIpv4, error), end; !error && it != end;
       it.increment(error)) {
    const auto name = kIpv4 + it->path().filename().string() + kSourceCheck;
    const bool is_one = it->path().filename() != "all" && it->path().filename() != "lo";
    if (is_one && settings.original(name).value_or(all) < all) (*wanted)[name] = all;
  }
}

/// Looks the groups of interfaces up that are written by name.
void find_groups(const config::FileDefs& files, WantedLinks* links) {
  IdentifierNames names(files.iproute_etc_dir, files.iproute_usr_dir);
  for (auto& [name, link] : *links) {
    if (link.group.empty()) continue;
    const auto found = names.number(IdentifierKind::interface_group, link.group);
    link.group_number = found.value_or(0);
    if (!found) log::error("{}: there is no group of interfaces '{}': it is in the default one", name, link.group);
  }
}

}  // namespace

VrrpKernel::VrrpKernel(boost::asio::io_context& io, net::Links* links, std::string ledger)
    : links_(links),
      ledger_(std::move(ledger)),
      settings_(&ledger_),
      virtual_links_(io, links, &ledger_),
      firewall_(&ledger_),
      statics_(io, *links, &ledger_),
      routes_(io, *links, &ledger_) {}

void VrrpKernel::prepare(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& plan) {
  plan_ = plan;
  wanted_links_ = plan_links(plan);
  find_groups(config.global.files, &wanted_links_);
  firewall_defs_ = config.global.firewall;
  silences_groups_ = config.global.vrrp.disable_local_igmp;
  if (silences_groups_ && !net::read_sysctl(kGroupReports))
    log::error("disable_local_igmp: this kernel has no net.ipv4.igmp_link_local_mcast_reports");
  settings_.set(wanted_sysctls());
  firewall_.set(wanted_filter());
  virtual_links_.set(wanted_links_);
  statics_.set(config);
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
  routes_.plan(config, plan);
}

Sysctls VrrpKernel::wanted_sysctls() const {
  Sysctls wanted;
  bool has_vmacs = false;
  if (silences_groups_) wanted[kGroupReports] = 0;
  for (const auto& [key, instance] : plan_)
    if (instance.promotes_secondaries) wanted[kIpv4 + key.interface + "/promote_secondaries"] = 1;
  for (const auto& [name, link] : wanted_links_) {
    if (link.kind != net::LinkKind::macvlan || link.family != Family::ipv4) continue;
    has_vmacs = true;
    for (const auto* sysctl : {"/arp_ignore", "/arp_filter"})
      wanted[kIpv4 + link.parent + sysctl] = 1;
  }
  if (!has_vmacs) return wanted;
  spare_vmacs_the_source_check(settings_, &wanted);
  for (const auto& [name, link] : wanted_links_)
    if (link.kind == net::LinkKind::macvlan) wanted.erase(kIpv4 + name + kSourceCheck);
  return wanted;
}

vrrp::PacketFilter VrrpKernel::wanted_filter() const {
  vrrp::PacketFilter filter;
  if (firewall_defs_.nftables && !firewall_defs_.nftables->empty()) filter.table = *firewall_defs_.nftables;
  filter.priority = firewall_defs_.nftables_priority;
  filter.counts = firewall_defs_.nftables_counters;
  for (const auto& [name, link] : wanted_links_) {
    if (link.kind != net::LinkKind::macvlan) continue;
    const auto* parent = links_->find(link.parent);
    filter.virtual_links.push_back(
        {name, parent == nullptr ? "" : link.parent, parent == nullptr ? IfIndex{} : parent->index});
  }
  for (const auto& [key, instance] : plan_) {
    if (instance.accepts_packets) continue;
    for (const auto& address : instance.addresses)
      filter.addresses.push_back({address.address, address.device});
  }
  return filter;
}

std::set<std::string> VrrpKernel::restore_links(VirtualLinks::Removed removed) {
  settings_.set(wanted_sysctls());
  firewall_.follow(wanted_filter());
  return virtual_links_.restore(removed);
}

void VrrpKernel::follow_links() {
  statics_.restore();
  routes_.follow_links();
}

void VrrpKernel::end() {
  if (keeps_) return;
  routes_.release_all();
  routes_.reconcile();
  statics_.set({});
  virtual_links_.end();
  firewall_.set({});
  settings_.set({});
}

}  // namespace baton::daemon
