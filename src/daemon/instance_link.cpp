#include "daemon/instance_link.hpp"

namespace baton::daemon {

namespace {

/// The interface of its own that adverts go by; empty: there is none.
std::string own_link(const VrrpInstance& instance) {
  const auto& interface = instance.key().interface;
  const auto& device = instance.plan().sending_device(interface);
  return device == interface ? std::string() : device;
}

}  // namespace

std::optional<IpAddress> source_of(const VrrpInstance& instance, const net::Links& links) {
  if (instance.plan().path.source) return instance.plan().path.source;
  const auto* link = links.find(instance.plan().source_device(instance.key().interface));
  return link == nullptr ? std::nullopt : link->primary(instance.key().family);
}

std::string trouble_of(const VrrpInstance& instance, const net::Links& links) {
  const auto& name = instance.key().interface;
  const auto family = instance.key().family;
  const auto& plan = instance.plan();
  const auto* link = links.find(name);
  if (instance.key().is_unicast && plan.path.peers.empty()) return "unicast without any peers";
  if (link == nullptr || !link->exists) return name + " does not exist";
  if (!link->up && plan.follows_link) return name + " is down";
  if (const auto own = own_link(instance); !own.empty() && links.find(own) == nullptr) return own + " does not exist";
  if (source_of(instance, links)) return {};
  return plan.source_device(name) +
         (family == Family::ipv4 ? " has no IPv4 address of its own" : " has no link-local IPv6 address");
}

bool stands_on(const VrrpInstance& instance, const std::set<std::string>& links) {
  if (links.contains(instance.key().interface)) return true;
  const auto own = own_link(instance);
  return !own.empty() && links.contains(own);
}

}  // namespace baton::daemon
