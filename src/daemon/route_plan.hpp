// route_plan.hpp - routes and rules of the configuration as the kernel is to have them.
#pragma once

#include <string>
#include <vector>

#include "config/model.hpp"
#include "daemon/identifier_names.hpp"
#include "vrrp/kernel_route.hpp"

namespace baton::daemon {

/// What an instance has in the kernel while it is master, or the static ones.
struct PlannedRoutes {
  std::vector<vrrp::KernelRoute> routes;
  std::vector<vrrp::KernelRule> rules;
  [[nodiscard]] bool empty() const { return routes.empty() && rules.empty(); }
  friend bool operator==(const PlannedRoutes&, const PlannedRoutes&) = default;
};

/// A line whose names nobody knows is left out, and said in `trouble`: "route 10.0.0.0/8: no table 'lab'".
PlannedRoutes plan_routes(const std::vector<config::Route>& routes, const std::vector<config::Rule>& rules,
                          IdentifierNames* names, std::vector<std::string>* trouble);

}  // namespace baton::daemon
