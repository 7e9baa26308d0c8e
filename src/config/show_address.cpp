#include "config/show_instance.hpp"

namespace baton::config {
namespace {

void show_addresses(Printer& printer, const Keyword& keyword, const std::vector<VirtualAddress>& addresses) {
  if (addresses.empty()) return;
  printer.open(keyword.name);
  for (const VirtualAddress& entry : addresses) {
    const std::string prefix = entry.peer ? "" : concat("/", int{entry.prefix_length});
    printer.entry(entry.address.to_string() + prefix, Block::ip_entry, entry);
  }
  printer.close();
}

}  // namespace

void show_virtual_addresses(Printer& printer, const Keyword& keyword) {
  show_addresses(printer, keyword, printer.current<VrrpInstance>().virtual_addresses);
}

void show_excluded_addresses(Printer& printer, const Keyword& keyword) {
  show_addresses(printer, keyword, printer.current<VrrpInstance>().excluded_addresses);
}

void show_static_addresses(Printer& printer, const Keyword& keyword) {
  show_addresses(printer, keyword, printer.config().static_addresses);
}

void show_broadcast(Printer& printer, const Keyword& keyword) {
  const auto& broadcast = printer.current<VirtualAddress>().broadcast;
  if (broadcast) printer.option(keyword.name, " ", broadcast->to_string());
}

void show_peer(Printer& printer, const Keyword& keyword) {
  const auto& peer = printer.current<VirtualAddress>().peer;
  if (!peer) return;
  const bool is_whole = peer->prefix_length == max_prefix_length(peer->address.family());
  printer.option(keyword.name, " ", peer->address.to_string(), is_whole ? "" : concat("/", int{peer->prefix_length}));
}

void show_device(Printer& printer, const Keyword& keyword) {
  const std::string& device = printer.current<VirtualAddress>().device;
  if (!device.empty()) printer.option(keyword.name, " ", as_word(device));
}

void show_scope(Printer& printer, const Keyword& keyword) {
  const Scope scope = printer.current<VirtualAddress>().scope;
  if (scope != Scope::global) printer.option(keyword.name, " ", int{static_cast<std::uint8_t>(scope)});
}

void show_label(Printer& printer, const Keyword& keyword) {
  const std::string& label = printer.current<VirtualAddress>().label;
  if (!label.empty()) printer.option(keyword.name, " ", as_word(label));
}

void show_preferred_lft(Printer& printer, const Keyword& keyword) {
  const auto& lifetime = printer.current<VirtualAddress>().preferred_lft;
  if (lifetime)
    printer.option(keyword.name, " ", *lifetime == kForever ? "forever" : std::to_string(lifetime->count()));
}

void show_track_group(Printer& printer, const Keyword& keyword) {
  const std::string& group = printer.current<VirtualAddress>().track_group;
  if (!group.empty()) printer.option(keyword.name, " ", as_word(group));
}

}  // namespace baton::config
