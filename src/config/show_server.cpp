#include <array>

#include "config/show.hpp"

namespace baton::config {
namespace {

std::string_view name_of(LbKind kind) {
  constexpr std::array<std::string_view, 3> kNames = {"NAT", "DR", "TUN"};
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(Protocol protocol) {
  constexpr std::array<std::string_view, 3> kNames = {"TCP", "UDP", "SCTP"};
  return kNames.at(static_cast<std::size_t>(protocol));
}

}  // namespace

void show_virtual_servers(Printer& printer, const Keyword& keyword) {
  for (const VirtualServer& server : printer.config().virtual_servers)
    printer.block(concat(keyword.name, " ", server.address.to_string(), " ", int{server.port}), Block::virtual_server,
                  server);
}

void show_scheduler(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", printer.current<VirtualServer>().scheduler);
}

void show_protocol(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", name_of(printer.current<VirtualServer>().protocol));
}

void show_service_method(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", name_of(printer.current<VirtualServer>().lb_kind));
}

/// 0: the weights are all 0, and make it so when it is read again.
void show_quorum(Printer& printer, const Keyword& keyword) {
  const VirtualServer& server = printer.current<VirtualServer>();
  if (server.quorum > 0) printer.line(keyword.name, " ", server.quorum);
}

void show_sorry_server(Printer& printer, const Keyword& keyword) {
  const auto& sorry = printer.current<VirtualServer>().sorry_server;
  if (sorry) printer.line(keyword.name, " ", sorry->address.to_string(), " ", int{sorry->port});
}

void show_sorry_server_inhibit(Printer& printer, const Keyword& keyword) {
  const auto& sorry = printer.current<VirtualServer>().sorry_server;
  if (sorry && sorry->inhibit) printer.line(keyword.name);
}

void show_sorry_server_method(Printer& printer, const Keyword& keyword) {
  const auto& sorry = printer.current<VirtualServer>().sorry_server;
  if (sorry) printer.line(keyword.name, " ", name_of(sorry->lb_kind));
}

void show_real_servers(Printer& printer, const Keyword& keyword) {
  for (const RealServer& server : printer.current<VirtualServer>().real_servers)
    printer.block(concat(keyword.name, " ", server.address.to_string(), " ", int{server.port}), Block::real_server,
                  server);
}

void show_method(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", name_of(printer.current<RealServer>().lb_kind));
}

}  // namespace baton::config
