// service_plan.hpp - the virtual servers of a configuration, in the words of src/ipvs: what the ipvs role is to do
// (pure).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "daemon/service_identity.hpp"
#include "ipvs/mark_map.hpp"
#include "ipvs/quorum.hpp"

namespace baton::daemon {

/// A real server within its service.
struct MemberKey {
  ipvs::ServiceKey service;
  ipvs::DestKey server;
  friend auto operator<=>(const MemberKey&, const MemberKey&) = default;
};

struct PlannedService {
  ipvs::Service service;  // without dests; as the first of the services has it
  ipvs::PoolParams pool;
  bool is_masqueraded = false;             // FULLNAT: its connections leave with the director's address
  std::vector<ipvs::ServiceKey> services;  // one, or those of the group
  std::string name;                        // keepalived's words: "[192.0.2.1]:tcp:80", "[GROUP]:0"
};
/// By the key of ServiceIdentities, under which the verdicts about its real servers come.
std::map<ipvs::ServiceKey, PlannedService> plan_services(const config::Config& config);

/// What the packet filter is to mark (nftables_ipvs); without ranges when it is to mark nothing.
ipvs::MarkMap plan_marks(const config::Config& config);

ipvs::DestKey key_of(const config::RealServer& from);

}  // namespace baton::daemon
