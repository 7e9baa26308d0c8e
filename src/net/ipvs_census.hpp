// ipvs_census.hpp - whether the kernel has IPVS services of others, found out much sooner than by listing all: before a
// whole table is made to go at once.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>

#include "ipvs/model.hpp"

namespace baton::net {

/// True when every IPVS service of this machine is one of `ours`.  False too when that cannot be told cheaply: when
/// `ours` has services of IPv6, another network namespace has services, a sync daemon runs, or IPVS is no module.
///
/// The services of IPv4 are listed by one system call (IP_VS_SO_GET_SERVICES).  Those of IPv6 are in no list but
/// netlink's long one; but each service holds a reference to the module, so that they would show in their number.
bool only_services_are(const std::set<ipvs::ServiceKey>& ours);

/// How many references services hold to the module ip_vs, in all network namespaces, by what /proc/modules says: those
/// that are not other modules'.  A scheduler holds two, as it needs the module and registers with it.  More than there
/// are services where something else holds some; none when IPVS is no module.
std::optional<std::uint64_t> service_references(std::string_view proc_modules);

}  // namespace baton::net
