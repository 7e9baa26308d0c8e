// shared_pool.hpp - many services in front of one pool (a virtual_server_group): what each of them has of it.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "ipvs/model.hpp"

namespace baton::ipvs {

/// The key under which a service has a member of its pool.  Only masquerading maps ports: the others keep that of the
/// service, which of a firewall mark is 0.  None: the member is of another family, and only tunnels go from one to the
/// other.
std::optional<DestKey> key_within(const ServiceKey& service, const DestKey& member, const Dest& dest);

/// Adds the services `keys` of one pool, `shared` being the settings of the first; a netmask means nothing to a service
/// of the other family.  A service that is in the table already, by another pool, keeps its settings and gains the
/// members that it lacks.  Each costs what it then has.
void add_services(Table& table, const std::vector<ServiceKey>& keys, const Service& shared, const Dests& dests);

/// Whether there is a member behind a tunnel other than plain ipip.
bool has_tunnels(const Table& table);

/// Takes out the members whose tunnels such a kernel does not have; how many.
std::size_t drop_unsupported(Table& table, TunnelSupport kernel);

}  // namespace baton::ipvs
