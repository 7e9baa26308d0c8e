#include "daemon/vrrp_kernel.hpp"

#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

Sysctls sysctls_of(const std::map<InstanceKey, PlannedInstance>& plan) {
  Sysctls wanted;
  for (const auto& [key, instance] : plan)
    if (instance.promotes_secondaries) wanted["net/ipv4/conf/" + key.interface + "/promote_secondaries"] = 1;
  return wanted;
}

}  // namespace

VrrpKernel::VrrpKernel(boost::asio::io_context& io, net::Links* links, std::string ledger)
    : links_(links),
      ledger_(std::move(ledger)),
      settings_(&ledger_),
      statics_(io, *links, &ledger_),
      routes_(io, *links, &ledger_) {}

void VrrpKernel::prepare(const config::Config& config, const std::map<InstanceKey, PlannedInstance>& plan) {
  sysctls_ = sysctls_of(plan);
  settings_.set(sysctls_);
  statics_.set(config);
  if (const auto fresh = links_->refresh(); !fresh) log::warning("{}", fresh.error().message);
  routes_.plan(config, plan);
}

void VrrpKernel::follow_links() {
  settings_.set(sysctls_);
  statics_.restore();
  routes_.follow_links();
}

void VrrpKernel::end() {
  routes_.release_all();
  routes_.reconcile();
  statics_.set({});
  settings_.set({});
}

}  // namespace baton::daemon
