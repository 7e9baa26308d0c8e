// instance_plan.hpp - the virtual routers of a configuration, in the words of src/vrrp: what the vrrp role is to do
// (pure).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "vrrp/packet.hpp"
#include "vrrp/virtual_router.hpp"

namespace baton::daemon {

/// What identifies an instance over a reload and a restart: never its name or place in the file.
struct InstanceKey {
  std::string interface;
  Vrid vrid{};
  friend auto operator<=>(const InstanceKey&, const InstanceKey&) = default;
};

/// A virtual address as the kernel is to have it, its device by name (interfaces come and go).
struct PlannedAddress {
  IpAddress address;
  std::uint8_t prefix_length = 32;
  std::string device;
  std::uint8_t scope = 0;  // RT_SCOPE_*
  std::string label;
  std::optional<IpAddress> broadcast;
  friend bool operator==(const PlannedAddress&, const PlannedAddress&) = default;
};

/// One virtual router of the configuration.
struct PlannedInstance {
  std::string name;
  std::uint32_t index = 0;  // in Config::vrrp_instances: how scripts are asked for
  vrrp::Params params;      // without the primary address, which the interface has
  std::optional<vrrp::SimplePassword> password;
  std::vector<PlannedAddress> addresses;

  /// The addresses as the advertisement lists them.
  [[nodiscard]] std::vector<IpAddress> advertised() const;
};

/// Instances that Baton cannot run yet (IPv6) are left out; the configuration has said so.
std::map<InstanceKey, PlannedInstance> plan_instances(const config::Config& config);

}  // namespace baton::daemon
