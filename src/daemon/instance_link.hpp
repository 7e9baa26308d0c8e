// instance_link.hpp - what an instance can make of the links that it stands on: its interface, and
// the one that it has made for itself.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/ip_address.hpp"
#include "daemon/instance_plan.hpp"
#include "daemon/vrrp_instance.hpp"
#include "net/links.hpp"

namespace baton::daemon {

/// Where the advertisements of an instance come from; none when the link has no such address.
std::optional<IpAddress> source_of(const VrrpInstance& instance, const net::Links& links);

/// Why its links cannot carry an instance; empty when they can.
std::string trouble_of(const VrrpInstance& instance, const net::Links& links);

/// Whether an instance stands on one of these links.
bool stands_on(const VrrpInstance& instance, const std::set<std::string>& links);

}  // namespace baton::daemon
