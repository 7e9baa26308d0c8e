#include "realserver/plan.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace baton::realserver {
namespace {

constexpr std::string_view kLoopback = "lo";

/// The kernel's device for packets of one family wrapped in another.
struct TunnelDevice {
  Family inner, outer;
  std::string_view name, kind;
};
constexpr std::array kTunnelDevices{TunnelDevice{Family::ipv4, Family::ipv4, "tunl0", "ipip"},
                                    TunnelDevice{Family::ipv6, Family::ipv6, "ip6tnl0", "ip6tnl"},
                                    TunnelDevice{Family::ipv6, Family::ipv4, "sit0", "sit"}};

std::string conf(std::string_view device, std::string_view what) {
  return "net/ipv4/conf/" + std::string(device) + "/" + std::string(what);
}

/// "all" counts together with the interface that a question came in on, so that it alone silences them all.
void want_silence(Wanted& wanted, std::string_view device) {
  for (const auto where : {std::string_view("all"), device}) {
    wanted.sysctls[conf(where, "arp_ignore")] = 1;
    wanted.sysctls[conf(where, "arp_announce")] = 2;
  }
}

void tell(Wanted& wanted, std::string trouble) {
  wanted.troubles.insert(std::move(trouble));
}

bool contains(const std::vector<IpAddress>& addresses, const IpAddress& address) {
  return std::ranges::find(addresses, address) != addresses.end();
}

bool shares_prefix(const IpAddress& one, const IpAddress& other, unsigned length) {
  if (one.family() != other.family()) return false;
  const auto a = one.octets();
  const auto b = other.octets();
  for (std::size_t i = 0; i < a.size() && length > 0; ++i) {
    const unsigned bits = std::min(length, 8U);
    const auto mask = static_cast<std::uint8_t>(0xffU << (8U - bits));
    if ((a[i] & mask) != (b[i] & mask)) return false;
    length -= bits;
  }
  return true;
}

/// The first of its entries.
const OwnAddress* own(const Machine& machine, const IpAddress& address) {
  const auto found = machine.addresses.lower_bound({address, "", 0, false});
  return found == machine.addresses.end() || found->address != address ? nullptr : &*found;
}

/// An address that answers ARP for everybody steals the service from the director.
void warn_of_stolen(Wanted& wanted, const Duty& duty, const Machine& machine, const IpAddress& address) {
  const auto* server = own(machine, duty.server);
  if (server == nullptr || server->device == kLoopback) return;
  const auto found = machine.addresses.lower_bound({address, server->device, 0, false});
  if (found != machine.addresses.end() && found->address == address && found->device == server->device)
    tell(wanted, address.to_string() + " is on " + server->device +
                     ", which answers ARP questions for it: unless this machine is the director, take it away");
}

/// The service's addresses of one family, since a group may have both.
void place(Wanted& wanted, const Duty& duty, Family family, const Machine& machine, std::string_view device) {
  for (const auto& address : duty.virtuals) {
    if (address.family() != family) continue;
    if (contains(machine.gateways, address)) {
      tell(wanted, address.to_string() + " of service " + duty.service +
                       " is this machine's default gateway and so is not put on " + std::string(device));
      continue;
    }
    warn_of_stolen(wanted, duty, machine, address);
    wanted.addresses.insert({address, std::string(device)});
    if (device == kLoopback && address.is_v4()) wanted.routes.insert({address, std::string(device)});
  }
}

void want_direct(Wanted& wanted, const Duty& duty, const Machine& machine) {
  wanted.devices[std::string(kLoopback)] = "";
  // IPv6 answers for an address on the link that has it, and on no other.
  if (std::ranges::any_of(duty.virtuals, &IpAddress::is_v4)) want_silence(wanted, kLoopback);
  for (const auto family : {Family::ipv4, Family::ipv6})
    place(wanted, duty, family, machine, kLoopback);
}

void want_unwrapped(Wanted& wanted, const Duty& duty, Family inner, const Machine& machine) {
  const auto found = std::ranges::find_if(kTunnelDevices, [&](const TunnelDevice& each) {
    return each.inner == inner && each.outer == duty.server.family();
  });
  if (found == kTunnelDevices.end())
    return tell(wanted, "service " + duty.service + " comes as IPv4 in IPv6: the kernel has no device that unwraps " +
                            "it by itself; make one by hand (ip link add ... type ip6tnl mode ipip6)");
  wanted.devices[std::string(found->name)] = found->kind;
  if (inner == Family::ipv4) {
    want_silence(wanted, found->name);
    for (const auto where : {std::string_view("all"), found->name})
      wanted.sysctls[conf(where, "rp_filter")] = 0;
  }
  place(wanted, duty, inner, machine, found->name);
}

void want_tunnel(Wanted& wanted, const Duty& duty, const Machine& machine) {
  if (duty.encapsulation != Encapsulation::ipip) {
    const bool is_gre = duty.encapsulation == Encapsulation::gre;
    return tell(wanted, "service " + duty.service + " comes in " + (is_gre ? "GRE" : "GUE") +
                            ": only IP in IP is prepared; make the device by hand (ip link add ... type " +
                            (is_gre ? "gre" : "ipip, ip fou add port ... gue") +
                            "), with the service's address on it, arp_ignore=1, arp_announce=2, rp_filter=0");
  }
  for (const auto family : {Family::ipv4, Family::ipv6})
    if (std::ranges::any_of(duty.virtuals, [&](const auto& each) { return each.family() == family; }))
      want_unwrapped(wanted, duty, family, machine);
}

/// Answers must go back through the director, which puts its own address into them.
void check_gateway(Wanted& wanted, const Part& part, const Duty& duty, const Machine& machine) {
  const auto* server = own(machine, duty.server);
  if (server == nullptr) return;
  std::string inner;
  std::string gateways;
  for (const auto& address : part.director_addresses) {
    if (!shares_prefix(address, server->address, server->prefix_length)) continue;
    if (contains(machine.gateways, address)) return;
    inner += (inner.empty() ? "" : " or ") + address.to_string();
  }
  for (const auto& gateway : machine.gateways)
    if (gateway.family() == duty.server.family()) gateways += (gateways.empty() ? "" : ", ") + gateway.to_string();
  const std::string at = server->address.to_string() + "/" + std::to_string(server->prefix_length);
  const std::string is = gateways.empty() ? "there is no default gateway" : "the default gateway is " + gateways;
  if (inner.empty())
    return tell(wanted, "service " + duty.service + " (NAT): no virtual_ipaddress of the directors is in the network " +
                            "of " + at + ", so it cannot be told whether answers go back through them; " + is);
  tell(wanted, "service " + duty.service + " (NAT): " + is + ", not " + inner +
                   ": answers do not go back through the directors");
}

}  // namespace

Wanted plan(const Part& part, const Machine& machine) {
  Wanted wanted;
  std::set<IpAddress> checked;  // a machine with a thousand services has one gateway
  wanted.troubles = part.troubles;
  for (const auto& duty : part.duties) {
    switch (duty.method) {
      case Method::direct: want_direct(wanted, duty, machine); break;
      case Method::tunnel: want_tunnel(wanted, duty, machine); break;
      case Method::nat:
        if (checked.insert(duty.server).second) check_gateway(wanted, part, duty, machine);
        break;
    }
  }
  return wanted;
}

std::vector<std::string> sysctls_of_interest(const Ledger& ledger) {
  std::vector<std::string> names;
  for (const auto where : {"all", "lo", "tunl0"})
    for (const auto what : {"arp_ignore", "arp_announce", "rp_filter"})
      names.push_back(conf(where, what));
  for (const auto& [name, former] : ledger.sysctls)
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  return names;
}

bool is_as_good(const std::string& sysctl, int value, int wanted) {
  if (value == wanted) return true;
  // 2 asks for more than 1, 8 never answers; 3 to 7 are about other things.
  return sysctl.ends_with("/arp_ignore") && wanted == 1 && (value == 2 || value == 8);
}

}  // namespace baton::realserver
