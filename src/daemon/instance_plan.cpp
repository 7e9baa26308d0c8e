#include "daemon/instance_plan.hpp"

namespace baton::daemon {

namespace {

PlannedAddress to_planned(const config::VirtualAddress& from, const std::string& interface) {
  PlannedAddress to;
  to.address = from.address;
  to.prefix_length = from.prefix_length;
  to.device = from.device.empty() ? interface : from.device;
  to.scope = static_cast<std::uint8_t>(from.scope);
  to.label = from.label;
  to.broadcast = from.broadcast;
  return to;
}

vrrp::Params to_params(const config::VrrpInstance& from) {
  vrrp::Params to;
  to.version = from.version == 3 ? vrrp::Version::v3 : vrrp::Version::v2;
  to.priority = from.priority;
  to.advertisement_interval = from.advert_int;
  to.preempt_mode = !from.nopreempt;
  to.preempt_delay = from.preempt_delay;
  to.start_active = from.priority == kOwnerPriority && from.state != config::WantedState::backup;
  return to;
}

}  // namespace

std::vector<IpAddress> PlannedInstance::advertised() const {
  std::vector<IpAddress> list;
  list.reserve(addresses.size());
  for (const auto& planned : addresses)
    list.push_back(planned.address);
  return list;
}

std::map<InstanceKey, PlannedInstance> plan_instances(const config::Config& config) {
  std::map<InstanceKey, PlannedInstance> plan;
  for (std::uint32_t index = 0; index < config.vrrp_instances.size(); ++index) {
    const auto& from = config.vrrp_instances[index];
    if (from.family == Family::ipv6) continue;
    PlannedInstance to;
    to.name = from.name;
    to.index = index;
    to.params = to_params(from);
    if (from.auth_type == config::AuthType::pass && from.version == 2)
      to.password = vrrp::simple_password(from.auth_pass);
    for (const auto& address : from.virtual_addresses)
      to.addresses.push_back(to_planned(address, from.interface));
    plan.try_emplace({from.interface, from.vrid}, std::move(to));  // the first one of a pair that differs in its peers
  }
  return plan;
}

}  // namespace baton::daemon
