// show_instance.hpp - what the rows of vrrp_instance, vrrp_sync_group and the addresses print.
#pragma once

#include "config/show.hpp"

namespace baton::config {

void show_instances(Printer& printer, const Keyword& keyword);
void show_state(Printer& printer, const Keyword& keyword);
void show_vmac(Printer& printer, const Keyword& keyword);
void show_ipvlan(Printer& printer, const Keyword& keyword);
void show_unicast_peers(Printer& printer, const Keyword& keyword);
void show_min_ttl(Printer& printer, const Keyword& keyword);
void show_max_ttl(Printer& printer, const Keyword& keyword);
void show_old_unicast_checksum(Printer& printer, const Keyword& keyword);
void show_native_ipv6(Printer& printer, const Keyword& keyword);
void show_notify_deleted(Printer& printer, const Keyword& keyword);
void show_garp_extra_if(Printer& printer, const Keyword& keyword);
void show_authentication(Printer& printer, const Keyword& keyword);
void show_auth_type(Printer& printer, const Keyword& keyword);
void show_auth_hmac(Printer& printer, const Keyword& keyword);
void show_hmac_keys(Printer& printer, const Keyword& keyword);
void show_anti_replay(Printer& printer, const Keyword& keyword);
void show_hmac_mode(Printer& printer, const Keyword& keyword);

/// One source for both modes: it is printed by the keyword of the mode that the instance runs in.
bool is_unicast(const VrrpInstance& instance);
template <bool kIsUnicast>
void show_source_address(Printer& printer, const Keyword& keyword) {
  if (is_unicast(printer.current<VrrpInstance>()) == kIsUnicast)
    show_address<&VrrpInstance::source_address>(printer, keyword);
}

void show_virtual_addresses(Printer& printer, const Keyword& keyword);
void show_excluded_addresses(Printer& printer, const Keyword& keyword);
void show_static_addresses(Printer& printer, const Keyword& keyword);
void show_broadcast(Printer& printer, const Keyword& keyword);
void show_peer(Printer& printer, const Keyword& keyword);
void show_device(Printer& printer, const Keyword& keyword);
void show_scope(Printer& printer, const Keyword& keyword);
void show_label(Printer& printer, const Keyword& keyword);
void show_preferred_lft(Printer& printer, const Keyword& keyword);
void show_track_group(Printer& printer, const Keyword& keyword);
/// An option without a value, of the entry that is being printed.
template <auto Member>
void show_option(Printer& printer, const Keyword& keyword) {
  if (printer.current<VirtualAddress>().*Member) printer.option(keyword.name);
}

void show_sync_groups(Printer& printer, const Keyword& keyword);
void show_members(Printer& printer, const Keyword& keyword);

}  // namespace baton::config
