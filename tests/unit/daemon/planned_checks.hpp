// planned_checks.hpp - servers made by hand, and all probes of a configuration by server: for tests.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "daemon/check_plan.hpp"
#include "daemon/service_plan.hpp"
#include "unit/addresses.hpp"

namespace baton::daemon {

inline config::RealServer server(const char* ip, std::uint16_t port) {
  config::RealServer made;
  made.address = address(ip);
  made.port = port;
  return made;
}

inline config::VirtualServer service(const char* ip, std::uint16_t port) {
  config::VirtualServer made;
  made.identity = config::ServiceAddress{address(ip), port};
  made.protocol = config::Protocol::tcp;
  return made;
}

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
