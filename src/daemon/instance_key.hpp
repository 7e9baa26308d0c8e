// instance_key.hpp - what identifies a virtual router over a reload and a restart: never its name or place in the file.
#pragma once

#include <compare>
#include <string>

#include "core/ids.hpp"
#include "core/ip_address.hpp"

namespace baton::daemon {

struct InstanceKey {
  std::string interface;
  Vrid vrid{};
  Family family = Family::ipv4;
  bool is_unicast = false;
  /// The multicast group where it is not the usual one, the source of unicast where one is set; else 0.0.0.0.
  IpAddress channel{};
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
};

}  // namespace baton::daemon
