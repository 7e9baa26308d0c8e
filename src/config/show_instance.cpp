#include "config/show_instance.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace baton::config {
namespace {

std::string hexadecimal(std::span<const std::uint8_t> octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t octet : octets) {
    if (!text.empty()) text += ':';
    text += {kDigits[octet >> 4U], kDigits[octet & 15U]};
  }
  return text;
}

std::string with_word(std::string_view keyword, std::string_view word) {
  return word.empty() ? "" : concat(" ", keyword, " ", as_word(word));
}

/// The name of its interface; by `name` only when the name alone would read as something else.
std::string own_name(std::string_view interface) {
  constexpr std::array<std::string_view, 6> kOptions = {"name",   "group",   "netlink_notify_msg",
                                                        "bridge", "private", "vepa"};
  if (interface.empty()) return {};
  const bool is_option = std::ranges::find(kOptions, interface) != kOptions.end();
  return concat(is_option ? " name " : " ", as_word(interface));
}

/// Whether an address that is printed tells that the instance is one of IPv6.
bool tells_family(const VrrpInstance& instance) {
  return !instance.virtual_addresses.empty() || !instance.unicast_peers.empty() || instance.source_address ||
         instance.mcast_dst_ip || (instance.ipvlan && instance.ipvlan->address);
}

}  // namespace

bool is_unicast(const VrrpInstance& instance) {
  return !instance.unicast_peers.empty() || instance.unicast_fault_no_peer;
}

void show_instances(Printer& printer, const Keyword& keyword) {
  for (const VrrpInstance& instance : printer.config().vrrp_instances)
    printer.block(concat(keyword.name, " ", as_word(instance.name)), Block::vrrp_instance, instance,
                  instance.announcing);
}

void show_state(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.state != WantedState::unspecified)
    printer.line(keyword.name, instance.state == WantedState::master ? " MASTER" : " BACKUP");
}

void show_vmac(Printer& printer, const Keyword& keyword) {
  const auto& vmac = printer.current<VrrpInstance>().vmac;
  if (!vmac) return;
  printer.line(keyword.name, own_name(vmac->interface), vmac->mac.empty() ? "" : " " + hexadecimal(vmac->mac),
               vmac->netlink_notify_msg ? " netlink_notify_msg" : "", with_word("group", vmac->group));
}

void show_ipvlan(Printer& printer, const Keyword& keyword) {
  constexpr std::array<std::string_view, 3> kModes = {" bridge", " private", " vepa"};
  const auto& ipvlan = printer.current<VrrpInstance>().ipvlan;
  if (!ipvlan) return;
  std::string address;
  if (ipvlan->address) address = concat(" ", ipvlan->address->to_string(), "/", int{ipvlan->prefix_length});
  printer.line(keyword.name, own_name(ipvlan->interface), address, kModes.at(static_cast<std::size_t>(ipvlan->mode)),
               with_word("group", ipvlan->group));
}

void show_unicast_peers(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.unicast_peers.empty()) return;
  printer.open(keyword.name);
  for (const UnicastPeer& peer : instance.unicast_peers)
    printer.entry(peer.address.to_string(), Block::unicast_peer, peer);
  printer.close();
}

void show_min_ttl(Printer& printer, const Keyword& keyword) {
  const UnicastPeer& peer = printer.current<UnicastPeer>();
  if (peer.min_ttl != UnicastPeer{}.min_ttl) printer.option(keyword.name, " ", int{peer.min_ttl});
}

void show_max_ttl(Printer& printer, const Keyword& keyword) {
  const UnicastPeer& peer = printer.current<UnicastPeer>();
  if (peer.max_ttl != UnicastPeer{}.max_ttl) printer.option(keyword.name, " ", int{peer.max_ttl});
}

void show_old_unicast_checksum(Printer& printer, const Keyword& keyword) {
  const OldChecksum checksum = printer.current<VrrpInstance>().old_unicast_checksum;
  if (checksum != OldChecksum::detect) printer.line(keyword.name, checksum == OldChecksum::never ? " never" : "");
}

void show_native_ipv6(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.family == Family::ipv6 && !tells_family(instance)) printer.line(keyword.name);
}

void show_notify_deleted(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.notify_deleted_script)
    show_script<&VrrpInstance::notify_deleted_script>(printer, keyword);
  else if (instance.notify_deleted)
    printer.line(keyword.name);
}

void show_garp_extra_if(Printer& printer, const Keyword& keyword) {
  const auto& extra = printer.current<Announcing>().extra_if;
  if (extra) printer.line(keyword.name, extra->all ? " all " : " ", extra->interval.count());
}

void show_authentication(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.auth_type != AuthType::none) printer.block(keyword.name, Block::authentication, instance);
}

void show_auth_type(Printer& printer, const Keyword& keyword) {
  const AuthType type = printer.current<VrrpInstance>().auth_type;
  if (type != AuthType::none) printer.line(keyword.name, type == AuthType::ah ? " AH" : " PASS");
}

void show_auth_hmac(Printer& printer, const Keyword& keyword) {
  const auto& hmac = printer.current<VrrpInstance>().auth_hmac;
  if (hmac) printer.block(keyword.name, Block::auth_hmac, *hmac);
}

void show_hmac_keys(Printer& printer, const Keyword& keyword) {
  for (const HmacKey& key : printer.current<AuthHmac>().keys)
    printer.line(keyword.name, " ", int{key.id}, " ", as_word(key.key));
}

void show_anti_replay(Printer& printer, const Keyword& keyword) {
  if (printer.current<AuthHmac>().anti_replay == AntiReplay::monotonic) printer.line(keyword.name, " monotonic");
}

void show_hmac_mode(Printer& printer, const Keyword& keyword) {
  const HmacMode mode = printer.current<AuthHmac>().mode;
  if (mode != HmacMode::enforce)
    printer.line(keyword.name, mode == HmacMode::permissive ? " permissive" : " receive-only");
}

void show_sync_groups(Printer& printer, const Keyword& keyword) {
  for (const SyncGroup& group : printer.config().sync_groups)
    printer.block(concat(keyword.name, " ", as_word(group.name)), Block::vrrp_sync_group, group);
}

void show_members(Printer& printer, const Keyword& keyword) {
  printer.open(keyword.name);
  for (const std::string& name : printer.current<SyncGroup>().instances)
    printer.line(as_entry(name));
  printer.close();
}

}  // namespace baton::config
