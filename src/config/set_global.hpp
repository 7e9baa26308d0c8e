// set_global.hpp - what the rows of global_defs, garp_group and the single keywords of the top level do with a line.
#pragma once

#include <algorithm>
#include <string_view>

#include "config/setters.hpp"

namespace baton::config {

inline constexpr std::string_view kIgnored = "the line is ignored";

/// A number outside the range of its row is reported; the nearest that is inside counts.
std::optional<std::int64_t> read_clamped(Builder& builder, const Line& line);
template <auto Member>
bool set_clamped(Builder& builder, const Line& line) {
  const auto value = read_clamped(builder, line);
  return value && store<Member>(builder, line, *value);
}

/// The bare keyword stands for an empty word.
template <auto Member>
bool set_word_or_none(Builder& builder, const Line& line) {
  return store<Member>(builder, line, std::string(line.has_value() ? line.first().text : std::string_view{}));
}

/// A name that the kernel cuts at 15 characters.
std::string read_process_name(Builder& builder, const Line& line);
template <auto Member>
bool set_process_name(Builder& builder, const Line& line) {
  return store<Member>(builder, line, read_process_name(builder, line));
}

std::optional<std::vector<std::uint16_t>> read_processors(Builder& builder, const Line& line);
template <auto Member>
bool set_processors(Builder& builder, const Line& line) {
  auto value = read_processors(builder, line);
  return value && store<Member>(builder, line, std::move(*value));
}

std::optional<NotifyFifo> read_fifo(Builder& builder, const Line& line);
template <auto Member>
bool set_fifo(Builder& builder, const Line& line) {
  auto value = read_fifo(builder, line);
  return value && store<Member>(builder, line, std::move(*value));
}

/// A multicast address of the family of the member's default.
std::optional<IpAddress> read_multicast(Builder& builder, const Line& line, bool is_v4);
bool set_mcast_group4(Builder& builder, const Line& line);
bool set_mcast_group6(Builder& builder, const Line& line);

// mail
bool add_notification_email(Builder& builder, const Line& line);
bool open_notification_email(Builder& builder, const Line& line);
void close_notification_email(Builder& builder);
bool set_smtp_server(Builder& builder, const Line& line);
bool set_smtp_connect_timeout(Builder& builder, const Line& line);

bool set_script_user(Builder& builder, const Line& line);
bool set_max_auto_priority(Builder& builder, const Line& line);
bool set_dynamic_interfaces(Builder& builder, const Line& line);
bool set_global_garp_extra_if(Builder& builder, const Line& line);
bool set_umask(Builder& builder, const Line& line);
bool set_rx_bufs_policy(Builder& builder, const Line& line);
bool check_include_check(Builder& builder, const Line& line);

// lvs, firewall
bool set_lvs_timeouts(Builder& builder, const Line& line);
bool set_lvs_flush_on_stop(Builder& builder, const Line& line);
bool set_lvs_sync_daemon(Builder& builder, const Line& line);
bool set_vrrp_iptables(Builder& builder, const Line& line);
bool set_vrrp_ipsets(Builder& builder, const Line& line);

// garp_group
bool open_garp_group(Builder& builder, const Line& line);
void close_garp_group(Builder& builder);
bool add_garp_interface(Builder& builder, const Line& line);
bool add_garp_interfaces(Builder& builder, const Line& line);

// the top level
bool add_linkbeat_interface(Builder& builder, const Line& line);
bool add_link_delay(Builder& builder, const Line& line);

}  // namespace baton::config
