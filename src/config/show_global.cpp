#include "config/show_global.hpp"

namespace baton::config {
namespace {

template <class Number>
void add_option(std::string& text, std::string_view name, const std::optional<Number>& value) {
  if (value) text += concat(" ", name, " ", *value);
}

void add_option(std::string& text, std::string_view name, const std::optional<std::chrono::seconds>& value) {
  if (value) text += concat(" ", name, " ", value->count());
}

}  // namespace

void show_globals(Printer& printer, const Keyword& keyword) {
  const GlobalDefs& global = printer.config().global;
  printer.block(keyword.name, Block::global_defs, global, global.mail, global.vrrp, global.garp, global.lvs,
                global.scripts, global.fifos, global.firewall, global.snmp, global.dbus, global.processes,
                global.vrrp_process, global.checker_process, global.bfd_process, global.buffers, global.files);
}

void show_notification_email(Printer& printer, const Keyword& keyword) {
  const MailDefs& mail = printer.current<MailDefs>();
  if (mail.notification_email.empty()) return;
  printer.open(keyword.name);
  for (const std::string& address : mail.notification_email)
    printer.line("\"", address, "\"");
  printer.close();
}

void show_smtp_server(Printer& printer, const Keyword& keyword) {
  const MailDefs& mail = printer.current<MailDefs>();
  if (!mail.smtp_server.empty()) printer.line(keyword.name, " ", as_word(mail.smtp_server), " ", int{mail.smtp_port});
}

void show_script_user(Printer& printer, const Keyword& keyword) {
  const GlobalDefs& global = printer.current<GlobalDefs>();
  if (global.script_user.empty()) return;
  printer.line(keyword.name, " ", as_word(global.script_user),
               global.script_group.empty() ? "" : " " + as_word(global.script_group));
}

void show_dynamic_interfaces(Printer& printer, const Keyword& keyword) {
  const DynamicInterfaces value = printer.current<VrrpDefs>().dynamic_interfaces;
  if (value != DynamicInterfaces::off)
    printer.line(keyword.name, value == DynamicInterfaces::on ? "" : " allow_if_changes");
}

void show_global_garp_extra_if(Printer& printer, const Keyword& keyword) {
  const GarpDefs& garp = printer.current<GarpDefs>();
  if (garp.vrrp_garp_extra_if.count() > 0)
    printer.line(keyword.name, garp.vrrp_garp_extra_all ? " all " : " ", garp.vrrp_garp_extra_if.count());
}

void show_umask(Printer& printer, const Keyword& keyword) {
  const auto mask = printer.current<FileDefs>().umask;
  if (!mask) return;
  std::string digits = "0";
  for (const unsigned shift : {6U, 3U, 0U})
    digits += static_cast<char>('0' + (unsigned{*mask} >> shift & 7U));
  printer.line(keyword.name, " ", digits);
}

void show_rx_bufs_policy(Printer& printer, const Keyword& keyword) {
  const RxBufs& policy = printer.current<BufferDefs>().vrrp_rx_bufs_policy;
  if (policy.size)
    printer.line(keyword.name, " ", *policy.size);
  else if (policy.mtu || policy.advert)
    printer.line(keyword.name, policy.mtu ? " MTU" : " ADVERT");
}

void show_lvs_timeouts(Printer& printer, const Keyword& keyword) {
  const LvsTimeouts& timeouts = printer.current<LvsDefs>().lvs_timeouts;
  std::string text;
  add_option(text, "tcp", timeouts.tcp);
  add_option(text, "tcpfin", timeouts.tcpfin);
  add_option(text, "udp", timeouts.udp);
  if (!text.empty()) printer.line(keyword.name, text);
}

void show_lvs_flush_on_stop(Printer& printer, const Keyword& keyword) {
  const FlushOnStop value = printer.current<LvsDefs>().lvs_flush_on_stop;
  if (value != FlushOnStop::off) printer.line(keyword.name, value == FlushOnStop::all ? "" : " VS");
}

void show_lvs_sync_daemon(Printer& printer, const Keyword& keyword) {
  const auto& daemon = printer.current<LvsDefs>().lvs_sync_daemon;
  if (!daemon) return;
  std::string text = " " + as_word(daemon->interface);
  if (!daemon->instance.empty()) text += " inst " + as_word(daemon->instance);
  add_option(text, "id", daemon->id);
  add_option(text, "maxlen", daemon->maxlen);
  add_option(text, "port", daemon->port);
  add_option(text, "ttl", daemon->ttl);
  if (daemon->group) text += " group " + daemon->group->to_string();
  printer.line(keyword.name, text);
}

void show_vrrp_iptables(Printer& printer, const Keyword& keyword) {
  const auto& chains = printer.current<FirewallDefs>().vrrp_iptables;
  if (!chains) return;
  const bool is_default = *chains == Iptables{};
  printer.line(keyword.name, is_default ? "" : " " + as_word(chains->in),
               is_default || chains->out.empty() ? "" : " " + as_word(chains->out));
}

void show_vrrp_ipsets(Printer& printer, const Keyword& keyword) {
  const auto& names = printer.current<FirewallDefs>().vrrp_ipsets;
  if (!names) return;
  std::string text;
  for (const std::string& name : *names)
    text += " " + as_word(name);
  printer.line(keyword.name, text);
}

void show_garp_groups(Printer& printer, const Keyword& keyword) {
  for (const GarpGroup& group : printer.config().garp_groups)
    printer.block(keyword.name, Block::garp_group, group);
}

void show_garp_interface(Printer& printer, const Keyword& keyword) {
  for (const NamedInterface& interface : printer.current<GarpGroup>().interface)
    printer.line(keyword.name, " ", as_word(interface.name));
}

void show_garp_interfaces(Printer& printer, const Keyword& keyword) {
  const auto& interfaces = printer.current<GarpGroup>().interfaces;
  if (interfaces.empty()) return;
  printer.open(keyword.name);
  for (const NamedInterface& interface : interfaces)
    printer.line(as_entry(interface.name));
  printer.close();
}

void show_linkbeat_interfaces(Printer& printer, const Keyword& keyword) {
  const auto& entries = printer.config().daemon.linkbeat_interfaces;
  if (entries.empty()) return;
  printer.open(keyword.name);
  for (const LinkbeatInterface& entry : entries)
    printer.line(as_entry(entry.interface.name), entry.method.empty() ? "" : " " + entry.method);
  printer.close();
}

void show_link_delays(Printer& printer, const Keyword& keyword) {
  const auto& delays = printer.config().daemon.interface_up_down_delays;
  if (delays.empty()) return;
  printer.open(keyword.name);
  for (const LinkDelay& delay : delays)
    printer.line(as_entry(delay.interface.name), " ", in_seconds(delay.down), " ", in_seconds(delay.up));
  printer.close();
}

}  // namespace baton::config
