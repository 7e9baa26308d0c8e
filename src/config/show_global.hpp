// show_global.hpp - what the rows of global_defs, garp_group and the single keywords of the top level print.
#pragma once

#include "config/show.hpp"

namespace baton::config {

/// The keyword alone where the word is empty.
template <auto Member>
void show_word_or_none(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, When::always>(printer);
  if (value != nullptr) printer.line(keyword.name, value->empty() ? "" : " " + as_word(*value));
}

template <auto Member>
void show_processors(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, When::unless_default>(printer);
  if (value == nullptr) return;
  std::string text;
  for (const std::uint16_t processor : *value)
    text += concat(" ", processor);
  printer.line(keyword.name, text);
}

template <auto Member>
void show_fifo(Printer& printer, const Keyword& keyword) {
  const auto* value = shown<Member, When::always>(printer);
  if (value != nullptr)
    printer.line(keyword.name, " ", as_word(value->path), value->user.empty() ? "" : " " + as_word(value->user),
                 value->group.empty() ? "" : " " + as_word(value->group));
}

void show_globals(Printer& printer, const Keyword& keyword);
void show_notification_email(Printer& printer, const Keyword& keyword);
void show_smtp_server(Printer& printer, const Keyword& keyword);
void show_script_user(Printer& printer, const Keyword& keyword);
void show_dynamic_interfaces(Printer& printer, const Keyword& keyword);
void show_global_garp_extra_if(Printer& printer, const Keyword& keyword);
void show_umask(Printer& printer, const Keyword& keyword);
void show_rx_bufs_policy(Printer& printer, const Keyword& keyword);
void show_lvs_timeouts(Printer& printer, const Keyword& keyword);
void show_lvs_flush_on_stop(Printer& printer, const Keyword& keyword);
void show_lvs_sync_daemon(Printer& printer, const Keyword& keyword);
void show_vrrp_iptables(Printer& printer, const Keyword& keyword);
void show_vrrp_ipsets(Printer& printer, const Keyword& keyword);
void show_garp_groups(Printer& printer, const Keyword& keyword);
void show_garp_interface(Printer& printer, const Keyword& keyword);
void show_garp_interfaces(Printer& printer, const Keyword& keyword);
void show_linkbeat_interfaces(Printer& printer, const Keyword& keyword);
void show_link_delays(Printer& printer, const Keyword& keyword);

}  // namespace baton::config
