#include "config/show.hpp"

namespace baton::config {

void show_globals(Printer& printer, const Keyword& keyword) {
  printer.block(keyword.name, Block::global_defs, printer.config().global);
}

void show_notification_email(Printer& printer, const Keyword& keyword) {
  const GlobalDefs& global = printer.current<GlobalDefs>();
  if (global.notification_email.empty()) return;
  printer.open(keyword.name);
  for (const std::string& address : global.notification_email)
    printer.line("\"", address, "\"");
  printer.close();
}

void show_smtp_server(Printer& printer, const Keyword& keyword) {
  const GlobalDefs& global = printer.current<GlobalDefs>();
  if (!global.smtp_server.empty())
    printer.line(keyword.name, " ", as_word(global.smtp_server), " ", int{global.smtp_port});
}

void show_script_user(Printer& printer, const Keyword& keyword) {
  const GlobalDefs& global = printer.current<GlobalDefs>();
  if (global.script_user.empty()) return;
  printer.line(keyword.name, " ", as_word(global.script_user),
               global.script_group.empty() ? "" : " " + as_word(global.script_group));
}

}  // namespace baton::config
