#include "daemon/instance_link.hpp"

#include <fmt/format.h>

#include "config/inheritance.hpp"

namespace baton::daemon {

std::optional<IpAddress> source_of(const PlannedInstance& plan, Family family, const net::Link& link) {
  return plan.path.source ? plan.path.source : link.primary(family);
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
