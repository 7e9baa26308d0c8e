// instance_link.hpp - what an instance can make of the link that it stands on.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/model.hpp"
#include "core/ip_address.hpp"
#include "daemon/instance_plan.hpp"
#include "daemon/vrrp_instance.hpp"
#include "net/links.hpp"

namespace baton::daemon {

/// Where the advertisements of an instance come from; none when the link has no such address.
std::optional<IpAddress> source_of(const PlannedInstance& plan, Family family, const net::Link& link);

/// interface_up_down_delays, by the interface's name.  A link is told to be down while the backups of its instances
/// still wait: what is longer is shortened, and said in `remarks`.
std::unordered_map<std::string, net::LinkDelay> link_delays(const config::Config& config,
                                                            std::vector<std::string>* remarks);

/// Why a link cannot carry an instance; empty when it can.
std::string trouble_of(const VrrpInstance& instance, const net::Link* link);

}  // namespace baton::daemon
