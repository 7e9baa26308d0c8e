// model_route.hpp - routes and policy rules: virtual_routes, virtual_rules, static_routes, static_rules.
#pragma once

#include <string>

#include "config/position.hpp"

namespace baton::config {

/// One line of virtual_routes or static_routes (ip-route(8)).
struct Route {
  Position position;
  friend bool operator==(const Route&, const Route&) = default;
};

/// One line of virtual_rules or static_rules (ip-rule(8)).
struct Rule {
  Position position;
  friend bool operator==(const Rule&, const Rule&) = default;
};

}  // namespace baton::config
