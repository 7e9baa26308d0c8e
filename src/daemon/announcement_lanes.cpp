#include "daemon/announcement_lanes.hpp"

namespace baton::daemon {

AnnouncementLanes::AnnouncementLanes(const config::Config& config)
    : arp_(config.global.garp.vrrp_garp_interval), neighbour_(config.global.garp.vrrp_gna_interval) {
  for (const auto& group : config.garp_groups) {
    for (const auto& alone : group.interface) {
      add(alone.name, next_, group);
      next_ += 2;
    }
    for (const auto& together : group.interfaces)
      add(together.name, next_, group);
    next_ += 2;
  }
}

void AnnouncementLanes::add(const std::string& interface, std::uint32_t number, const config::GarpGroup& group) {
  spaced_.try_emplace(interface, Spacing{number, group.garp_interval, group.gna_interval});
}

AnnouncementLane AnnouncementLanes::lane(const std::string& interface, Family family) {
  auto found = spaced_.find(interface);
  if (found == spaced_.end()) {
    if (arp_ == Duration::zero() && neighbour_ == Duration::zero()) return {};
    found = spaced_.emplace(interface, Spacing{next_, arp_, neighbour_}).first;
    next_ += 2;
  }
  const auto& spacing = found->second;
  const bool is_arp = family == Family::ipv4;
  const auto distance = is_arp ? spacing.arp : spacing.neighbour;
  if (distance == Duration::zero()) return {};
  return {is_arp ? spacing.number : spacing.number + 1, distance};
}

}  // namespace baton::daemon
