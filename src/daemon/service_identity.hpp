// service_identity.hpp - which services of the kernel a virtual server stands for, and how processes and users call it
// (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/model.hpp"
#include "ipvs/model.hpp"

namespace baton::daemon {

/// Without one it is UDP, as keepalived has it.
ipvs::Protocol to_ipvs(std::optional<config::Protocol> protocol);

/// Of a configuration that stays where it is.
class ServiceIdentities {
 public:
  explicit ServiceIdentities(const config::Config& config);

  /// The services of `config.virtual_servers[index]`: one, or those of its group: addresses first, each range one by
  /// one, then marks.  A mark without a family has that of ip_family, of the group's addresses, or of the first real
  /// server.
  [[nodiscard]] std::vector<ipvs::ServiceKey> services(std::size_t index) const;

  /// The mark that the packet filter gives to what is sent to its addresses (nftables_ipvs): it is served by that mark
  /// alone.  0: none.  Groups with marks of their own have none.
  [[nodiscard]] std::uint32_t automatic_mark(std::size_t index) const { return marks_[index]; }

  /// By which all processes know it: the first of its services that is no former virtual server's name.  None: it has
  /// no services of its own.
  [[nodiscard]] const std::optional<ipvs::ServiceKey>& key(std::size_t index) const { return keys_[index]; }

  /// keepalived's words for logs and pipes: "[192.0.2.1]:tcp:80", "FWM 7", "[NAME]:0" for the first virtual server of
  /// the group NAME.
  [[nodiscard]] std::string name(std::size_t index) const;

 private:
  /// Calls `each` with the services in order until it says false.
  template <class Each>
  void visit_services(std::size_t index, Each each) const;
  [[nodiscard]] const config::VirtualServerGroup* group_of(const config::VirtualServer& server) const;
  void give_marks();

  const config::Config& config_;
  std::unordered_map<std::string_view, const config::VirtualServerGroup*> groups_;
  std::vector<std::optional<ipvs::ServiceKey>> keys_;
  std::vector<std::uint32_t> marks_;
  std::vector<std::size_t> places_;  // of a virtual server among those of its group
};

/// How users call the virtual servers of a configuration that may be gone.
class ServiceNames {
 public:
  ServiceNames() = default;
  explicit ServiceNames(const config::Config& config);
  /// Whether it is the key of a group's virtual server, which cannot be told from the key.
  [[nodiscard]] bool knows(const ipvs::ServiceKey& key) const { return groups_.contains(key); }
  /// ServiceIdentities::name() of the virtual server with this key.
  [[nodiscard]] std::string of(const ipvs::ServiceKey& key) const;

 private:
  std::map<ipvs::ServiceKey, std::string> groups_;  // the others' names follow from their keys
};

/// keepalived's words for logs: "[192.0.2.1]:tcp:80".
std::string users_name(const ipvs::ServiceKey& key);
/// Of a real server, with the protocol of its service.
std::string users_name(const ipvs::ServiceKey& service, const ipvs::DestKey& server);

}  // namespace baton::daemon
