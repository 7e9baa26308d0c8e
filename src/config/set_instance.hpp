// set_instance.hpp - what the rows of vrrp_instance, vrrp_sync_group and the addresses do with a line.
#pragma once

#include "config/setters.hpp"

namespace baton::config {

/// Where the value of the line stands, or the keyword of one without a value.
inline Place value_place(const Line& line) {
  return line.has_value() ? line.first().place : line.words[0].place;
}

/// As `kSet`, and notes where it stands: the setting is judged together with others at the end.
template <Setter kSet>
bool noting(Builder& builder, const Line& line) {
  if (!kSet(builder, line)) return false;
  builder.instance.written.insert_or_assign(line.keyword->name, value_place(line));
  return true;
}

/// Of a number that must not be 0: 1 stands in for it.
bool read_repeat(Builder& builder, const Line& line, std::uint32_t& value);
template <auto Member>
bool set_repeat(Builder& builder, const Line& line) {
  std::uint32_t value = 0;
  return read_repeat(builder, line, value) && store<Member>(builder, line, value);
}

// vrrp_instance
bool open_instance(Builder& builder, const Line& line);
void close_instance(Builder& builder);
bool set_state(Builder& builder, const Line& line);
bool set_interface(Builder& builder, const Line& line);
bool set_version(Builder& builder, const Line& line);
bool set_priority(Builder& builder, const Line& line);
bool set_notify_deleted(Builder& builder, const Line& line);
bool set_timer_expired_backup(Builder& builder, const Line& line);
bool set_garp_extra_if(Builder& builder, const Line& line);
bool set_linkbeat_use_polling(Builder& builder, const Line& line);
bool set_lvs_sync_daemon_interface(Builder& builder, const Line& line);

// its link and its peers
bool set_vmac(Builder& builder, const Line& line);
bool set_ipvlan(Builder& builder, const Line& line);
bool add_unicast_peer(Builder& builder, const Line& line);
bool set_min_ttl(Builder& builder, const Line& line);
bool set_max_ttl(Builder& builder, const Line& line);
bool set_source_address(Builder& builder, const Line& line);
bool set_mcast_dst_ip(Builder& builder, const Line& line);
bool set_old_unicast_checksum(Builder& builder, const Line& line);
bool set_native_ipv6(Builder& builder, const Line& line);
/// The addresses of an instance are of the family of the first one; false and reported when this one is not.
bool fits_family(Builder& builder, const Place& place, const IpAddress& address);

// authentication, auth_hmac
bool open_authentication(Builder& builder, const Line& line);
bool set_auth_type(Builder& builder, const Line& line);
bool open_auth_hmac(Builder& builder, const Line& line);
bool add_hmac_key(Builder& builder, const Line& line);
bool set_anti_replay(Builder& builder, const Line& line);
bool set_hmac_mode(Builder& builder, const Line& line);

// virtual_ipaddress, virtual_ipaddress_excluded, static_ipaddress
bool add_virtual_address(Builder& builder, const Line& line);
bool add_excluded_address(Builder& builder, const Line& line);
bool add_static_address(Builder& builder, const Line& line);
bool set_scope(Builder& builder, const Line& line);
bool set_label(Builder& builder, const Line& line);
bool set_broadcast(Builder& builder, const Line& line);
bool set_device(Builder& builder, const Line& line);
bool set_peer(Builder& builder, const Line& line);
bool set_preferred_lft(Builder& builder, const Line& line);
bool set_track_group(Builder& builder, const Line& line);
bool set_address_vmac(Builder& builder, const Line& line);

// vrrp_sync_group
bool open_sync_group(Builder& builder, const Line& line);
void close_sync_group(Builder& builder);
bool open_members(Builder& builder, const Line& line);
bool add_members(Builder& builder, const Line& line);

}  // namespace baton::config
