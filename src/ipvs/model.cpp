#include "ipvs/model.hpp"

#include <linux/ip_vs.h>

namespace baton::ipvs {
namespace {

std::string to_string(const IpAddress& address, std::uint16_t port) {
  const auto text = address.to_string();
  return (address.is_v6() ? '[' + text + ']' : text) + ':' + std::to_string(port);
}

std::string to_string(Protocol protocol) {
  switch (protocol) {
    case Protocol::tcp: return "TCP";
    case Protocol::udp: return "UDP";
    case Protocol::sctp: return "SCTP";
    case Protocol::none: break;
  }
  return "protocol " + std::to_string(static_cast<unsigned>(protocol));  // what another program may have added
}

}  // namespace

bool supports(TunnelSupport kernel, const Tunnel& tunnel) {
  switch (kernel) {
    case TunnelSupport::ipip: return tunnel == Tunnel{};
    case TunnelSupport::gue: return tunnel.type != Tunnel::Type::gre && tunnel.flags == 0;
    case TunnelSupport::unknown:
    case TunnelSupport::all: break;
  }
  return true;
}

std::uint32_t host_netmask(Family family) {
  return family == Family::ipv4 ? 0xffffffffU : max_prefix_length(family);
}

Service settings(const ServiceKey& key, const Service& service) {
  Service plain;
  plain.sched_name = service.sched_name;
  plain.pe_name = service.pe_name;
  plain.flags = service.flags & ~std::uint32_t{IP_VS_SVC_F_HASHED};
  const bool is_persistent = (plain.flags & IP_VS_SVC_F_PERSISTENT) != 0;
  plain.timeout = is_persistent ? service.timeout : 0;
  plain.netmask = is_persistent ? service.netmask : host_netmask(key.family);
  if (key.family == Family::ipv6 && (plain.netmask == 0 || plain.netmask > host_netmask(key.family)))
    plain.netmask = host_netmask(key.family);
  return plain;
}

std::string to_string(const Tunnel& tunnel) {
  std::string text = tunnel.type == Tunnel::Type::gre   ? "type gre"
                     : tunnel.type == Tunnel::Type::gue ? "type gue"
                                                        : "type ipip";
  if (tunnel.port != 0) text += " port " + std::to_string(tunnel.port);
  if ((tunnel.flags & IP_VS_TUNNEL_ENCAP_FLAG_CSUM) != 0) text += " csum";
  if ((tunnel.flags & IP_VS_TUNNEL_ENCAP_FLAG_REMCSUM) != 0) text += " remcsum";
  return text;
}

std::string to_string(const ServiceKey& key) {
  if (key.fwmark == 0) return to_string(key.protocol) + ' ' + to_string(key.address, key.port);
  return "FWM " + std::to_string(key.fwmark) + (key.family == Family::ipv6 ? " IPv6" : "");
}

std::string to_string(const DestKey& key) {
  return to_string(key.address, key.port);
}

}  // namespace baton::ipvs
