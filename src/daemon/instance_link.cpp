#include "daemon/instance_link.hpp"

#include <fmt/format.h>

#include "config/inheritance.hpp"

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

std::unordered_map<std::string, net::LinkDelay> link_delays(const config::Config& config,
                                                            std::vector<std::string>* remarks) {
  constexpr int kShare = 512;  // of the time of the backups that is left to spare
  std::unordered_map<std::string, net::LinkDelay> delays;
  for (const auto& entry : config.daemon.interface_up_down_delays)
    delays.insert_or_assign(entry.interface.name, net::LinkDelay{entry.down, entry.up});
  if (delays.empty()) return delays;
  for (const auto& instance : config.vrrp_instances) {
    const auto delay = delays.find(instance.interface);
    if (delay == delays.end()) continue;
    const Duration interval = instance.advert_int;
    const auto limit = interval * (config::in_force(config.global, instance).down_timer_adverts - 1);
    if (delay->second.down == Duration::zero() || delay->second.down < limit) continue;
    delay->second.down = limit - limit / kShare;
    remarks->push_back(
        fmt::format("interface_up_down_delays: {} is down after {:.3f} s already, for the backups of {} "
                    "take over soon after that",
                    instance.interface, std::chrono::duration<double>(delay->second.down).count(), instance.name));
  }
  return delays;
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
