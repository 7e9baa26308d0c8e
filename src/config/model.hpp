// model.hpp - what a configuration says, typed, with the defaults filled in.  Immutable once parsed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/model_address.hpp"
#include "config/model_check.hpp"
#include "config/model_global.hpp"
#include "config/model_instance.hpp"
#include "config/model_route.hpp"
#include "config/model_script.hpp"
#include "config/model_server.hpp"
#include "config/model_tracking.hpp"

namespace baton::config {

struct Config {
  DaemonDefs daemon;
  GlobalDefs global;
  std::vector<TrackGroup> track_groups;
  std::vector<VirtualAddress> static_addresses;
  std::vector<Route> static_routes;
  std::vector<Rule> static_rules;
  std::vector<SyncGroup> sync_groups;
  std::vector<GarpGroup> garp_groups;
  std::vector<VrrpInstance> vrrp_instances;
  std::vector<VrrpScript> vrrp_scripts;
  std::vector<TrackProcess> track_processes;
  std::vector<TrackFile> track_files;
  std::vector<BfdInstance> bfd_instances;
  std::vector<TrackGateway> track_gateways;
  std::optional<SslMaterial> ssl;
  std::vector<VirtualServerGroup> virtual_server_groups;
  std::vector<VirtualServer> virtual_servers;
  std::vector<Script> scripts;
  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace baton::config
