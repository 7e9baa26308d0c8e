// service_plan.hpp - the virtual servers of a configuration, in the words of src/ipvs: what the ipvs role is to do
// (pure).
#pragma once

#include <map>
#include <optional>
#include <string>

#include "config/model.hpp"
#include "ipvs/quorum.hpp"

namespace baton::daemon {

/// A real server within its service.
struct MemberKey {
  ipvs::ServiceKey service;
  ipvs::DestKey server;
  friend auto operator<=>(const MemberKey&, const MemberKey&) = default;
};

struct PlannedService {
  ipvs::Service service;  // without dests
  ipvs::PoolParams pool;
};
/// Services of groups and servers behind tunnels other than ipip are left out; the configuration has said so.
std::map<ipvs::ServiceKey, PlannedService> plan_services(const config::Config& config);

/// None: a group, which is not served yet.
std::optional<ipvs::ServiceKey> key_of(const config::VirtualServer& from);
ipvs::DestKey key_of(const config::RealServer& from);

/// Packets go as plain ipip or not at all: other tunnels are not served yet.
bool is_reachable(const config::Tunnel& tunnel);

/// keepalived's words for logs: "[192.0.2.1]:tcp:80".
std::string users_name(const ipvs::ServiceKey& key);
std::string users_name(const ipvs::ServiceKey& service, const ipvs::DestKey& server);

}  // namespace baton::daemon
