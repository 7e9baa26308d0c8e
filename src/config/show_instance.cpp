#include "config/show.hpp"

namespace baton::config {
namespace {

std::string entry_of(const VirtualAddress& entry) {
  std::string text = concat(entry.address.to_string(), "/", int{entry.prefix_length});
  if (entry.broadcast) text += " brd " + entry.broadcast->to_string();
  if (!entry.device.empty()) text += " dev " + as_word(entry.device);
  if (entry.scope != Scope::global) text += concat(" scope ", int{static_cast<std::uint8_t>(entry.scope)});
  if (!entry.label.empty()) text += " label " + as_word(entry.label);
  return text;
}

void show_addresses(Printer& printer, const Keyword& keyword, const std::vector<VirtualAddress>& addresses) {
  if (addresses.empty()) return;
  printer.open(keyword.name);
  for (const VirtualAddress& entry : addresses)
    printer.line(entry_of(entry));
  printer.close();
}

}  // namespace

void show_instances(Printer& printer, const Keyword& keyword) {
  for (const VrrpInstance& instance : printer.config().vrrp_instances)
    printer.block(concat(keyword.name, " ", as_word(instance.name)), Block::vrrp_instance, instance);
}

void show_state(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (instance.state != WantedState::unspecified)
    printer.line(keyword.name, instance.state == WantedState::master ? " MASTER" : " BACKUP");
}

void show_authentication(Printer& printer, const Keyword& keyword) {
  const VrrpInstance& instance = printer.current<VrrpInstance>();
  if (!instance.auth_pass.empty()) printer.block(keyword.name, Block::authentication, instance);
}

void show_auth_type(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " PASS");
}

void show_virtual_addresses(Printer& printer, const Keyword& keyword) {
  show_addresses(printer, keyword, printer.current<VrrpInstance>().virtual_addresses);
}

}  // namespace baton::config
