// checks.hpp - the checks of a configuration that has one real server.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {

inline std::vector<Check> checks(const Parsed& parsed) {
  REQUIRE_MESSAGE(parsed.config.virtual_servers.size() == 1, said(parsed));
  return parsed.config.virtual_servers[0].real_servers.at(0).checks;
}

template <class Kind>
Kind only(const Parsed& parsed) {
  const std::vector<Check> all = checks(parsed);
  REQUIRE_MESSAGE(all.size() == 1, said(parsed));
  return std::get<Kind>(all[0]);
}

}  // namespace baton::config
