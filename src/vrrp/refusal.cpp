#include "vrrp/refusal.hpp"

namespace baton::vrrp {

std::string_view users_text(Refusal refusal) {
  switch (refusal) {
    case Refusal::too_short: return "the packet is too short";
    case Refusal::ip_header: return "the IP header is not that of a VRRP packet";
    case Refusal::time_to_live: return "the TTL is not what it has to be: it has crossed a router";
    case Refusal::version: return "the version is neither 2 nor 3, or 2 over IPv6";
    case Refusal::version_mismatch: return "the version is not the one configured here";
    case Refusal::type: return "the type is not 1 (advertisement)";
    case Refusal::vrid: return "the virtual_router_id is not ours";
    case Refusal::length: return "the length does not fit the count of addresses";
    case Refusal::checksum: return "the checksum is wrong";
    case Refusal::address_count: return "it has no address";
    case Refusal::authentication_type: return "the authentication type is not the one configured here";
    case Refusal::authentication: return "the password is wrong";
    case Refusal::sequence: return "its sequence number has been used before: it is a copy";
    case Refusal::interval: return "the advertisement interval is not ours, or 0";
    case Refusal::destination: return "one of us uses multicast, the other unicast, or another group";
    case Refusal::source: return "the sender is not in unicast_peer";
    case Refusal::owner: return "we own the addresses and listen to nobody";
    case Refusal::address_list: return "the addresses are not ours";
  }
  return "unknown";
}

}  // namespace baton::vrrp
