// model_global.hpp - global_defs: what holds for the whole daemon.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/model_script.hpp"
#include "config/position.hpp"
#include "core/time.hpp"

namespace baton::config {

struct GlobalDefs {
  std::string router_id;
  std::vector<std::string> notification_email;
  std::string notification_email_from;
  std::string smtp_server;  // address or name
  std::uint16_t smtp_port = 25;
  std::optional<Duration> smtp_connect_timeout;
  std::uint8_t vrrp_version = 2;
  bool enable_script_security = false;
  std::string script_user, script_group;
  Position script_user_position;
  friend bool operator==(const GlobalDefs&, const GlobalDefs&) = default;
};

}  // namespace baton::config
