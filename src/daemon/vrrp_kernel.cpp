#include "daemon/vrrp_kernel.hpp"

#include <filesystem>
#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

const std::string kIpv4 = "net/ipv4/conf/";
constexpr const char* kSourceCheck = "/rp_filter";

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

vrrp::PacketFilter filter_of(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& plan) {
  const auto& firewall = config.global.firewall;
  vrrp::PacketFilter filter;
  if (firewall.nftables && !firewall.nftables->empty()) filter.table = *firewall.nftables;
  filter.priority = firewall.nftables_priority;
  filter.counts = firewall.nftables_counters;
  for (const auto& [key, instance] : plan) {
    if (instance.vmac) filter.virtual_links.push_back(instance.vmac->name);
    if (instance.accepts_packets) continue;
    for (const auto& address : instance.addresses)
      filter.addresses.push_back({address.address, address.device});
  }
  return filter;
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
  settings_.set(wanted_sysctls());
  firewall_.set(filter_of(config, plan));
  virtual_links_.set(plan);
  statics_.set(config);
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
  routes_.plan(config, plan);
}

Sysctls VrrpKernel::wanted_sysctls() const {
  Sysctls wanted;
  bool has_vmacs = false;
  for (const auto& [key, instance] : plan_) {
    const auto base = kIpv4 + key.interface + '/';
    if (instance.promotes_secondaries) wanted[base + "promote_secondaries"] = 1;
    if (!instance.vmac || key.family != Family::ipv4) continue;
    has_vmacs = true;
    wanted[base + "arp_ignore"] = 1;
    wanted[base + "arp_filter"] = 1;
  }
  if (!has_vmacs) return wanted;
  spare_vmacs_the_source_check(settings_, &wanted);
  for (const auto& [key, instance] : plan_)
    if (instance.vmac) wanted.erase(kIpv4 + instance.vmac->name + kSourceCheck);
  return wanted;
}

std::set<std::string> VrrpKernel::follow_links() {
  settings_.set(wanted_sysctls());
  auto made = virtual_links_.restore();
  statics_.restore();
  routes_.follow_links();
  return made;
}

void VrrpKernel::end() {
  if (keeps_) return;
  routes_.release_all();
  routes_.reconcile();
  statics_.set({});
  virtual_links_.set({});
  firewall_.set({});
  settings_.set({});
}

}  // namespace baton::daemon
