// resolve_real_server.hpp - the servers of a virtual server: what they inherit, and what does not suit the service.
#pragma once

#include "config/builder.hpp"

namespace baton::config {

/// What the real servers of a service must suit.
struct ServiceFacts {
  std::optional<Family> family;       // absent: of both families
  std::optional<std::uint16_t> port;  // absent: of several ports
  bool has_all_ports = false;         // port 0
  bool is_marked = false;             // by firewall marks only
  bool is_group = false;
  bool is_mixed = false;       // a group with addresses or marks of both families
  std::uint64_t services = 1;  // that it becomes
};

/// Moves the real servers of `draft` that can be served into `server`, and its sorry server.
void resolve_real_servers(Builder& builder, VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server);
void resolve_sorry_server(Builder& builder, const VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server);

/// Likewise its pools.
void resolve_server_pools(Builder& builder, VirtualServerDraft& draft, const ServiceFacts& facts,
                          VirtualServer& server);

/// "10.0.0.1:80", "[2001:db8::1]:80".
std::string described(const IpAddress& address, std::uint16_t port);

}  // namespace baton::config
