// planned_checks.hpp - all probes of a configuration, by the server that they are for: for tests.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "daemon/check_plan.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

inline std::map<MemberKey, std::vector<checkers::CheckSpec>> plan_checks(const config::Config& config) {
  std::map<MemberKey, std::vector<checkers::CheckSpec>> plan;
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    const auto& key = identities.key(i);
    if (!key) continue;
    for (const auto& server : config.virtual_servers[i].real_servers) {
      std::vector<checkers::CheckSpec> specs;
      for (const auto& check : server.checks)
        for (auto& probe : probes_of(check, server, config))
          specs.push_back(std::move(probe.spec));
      // A repeated service replaces the former, as in plan_services.
      if (!specs.empty()) plan.insert_or_assign({*key, key_of(server)}, std::move(specs));
    }
  }
  return plan;
}

}  // namespace baton::daemon
