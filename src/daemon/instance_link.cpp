#include "daemon/instance_link.hpp"

namespace baton::daemon {

std::optional<IpAddress> source_of(const PlannedInstance& plan, Family family, const net::Link& link) {
  return plan.path.source ? plan.path.source : link.primary(family);
}

std::string trouble_of(const VrrpInstance& instance, const net::Link* link) {
  const auto& name = instance.key().interface;
  const auto family = instance.key().family;
  if (instance.key().is_unicast && instance.plan().path.peers.empty()) return "unicast without any peers";
  if (link == nullptr || !link->exists) return name + " does not exist";
  if (!link->up && instance.plan().follows_link) return name + " is down";
  if (source_of(instance.plan(), family, *link)) return {};
  return name + (family == Family::ipv4 ? " has no IPv4 address of its own" : " has no link-local IPv6 address");
}

}  // namespace baton::daemon
