// watch_plan.hpp - what the checkers role watches for a configuration: each check once, whoever uses it (pure).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "daemon/script_checks.hpp"
#include "daemon/server_health.hpp"
#include "net/prober.hpp"

namespace baton::daemon {

/// A file with a number (track_file), followed by FILE_CHECKs.
struct FollowedFile {
  SourceId source{};
  std::string path;
};

/// ha_suspend: the checks of a service stand still while none of its addresses is on this host.
struct Suspension {
  struct Range {
    IpAddress first, last;
  };
  ipvs::ServiceKey service;
  std::vector<Range> addresses;
};

struct WatchPlan {
  ServerHealth health;  // built; it succeeds the former one
  std::vector<net::Check> probes;
  std::vector<ScriptCheck> scripts;
  std::vector<FollowedFile> files;
  std::map<std::string, SourceId> sessions;  // of BFD, by name
  std::vector<Suspension> suspensions;
  ServiceNames names;
};

/// A source has the same number in every configuration, as long as what it does is the same.
WatchPlan plan_watch(const config::Config& config);

}  // namespace baton::daemon
