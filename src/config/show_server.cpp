#include "config/show_server.hpp"

#include <array>

#include "config/server_pool.hpp"
#include "core/overloaded.hpp"

namespace baton::config {
namespace {

std::string_view name_of(Protocol protocol) {
  constexpr std::array<std::string_view, 3> kNames = {"TCP", "UDP", "SCTP"};
  return kNames.at(static_cast<std::size_t>(protocol));
}

std::string_view name_of(Family family) {
  return family == Family::ipv4 ? "inet" : "inet6";
}

/// "TUN type gue port 6080 csum"
std::string method(LbKind kind, const Tunnel& tunnel) {
  constexpr std::array<std::string_view, 4> kNames = {"NAT", "DR", "TUN", "FULLNAT"};
  constexpr std::array<std::string_view, 3> kTypes = {"", " type gre", " type gue"};
  constexpr std::array<std::string_view, 3> kChecksums = {"", " csum", " remcsum"};
  std::string text(kNames.at(static_cast<std::size_t>(kind)));
  if (kind != LbKind::tun) return text;
  text += kTypes.at(static_cast<std::size_t>(tunnel.type));
  if (tunnel.port != 0) text += concat(" port ", int{tunnel.port});
  text += kChecksums.at(static_cast<std::size_t>(tunnel.checksum));
  return text;
}

std::string header(const ServiceIdentity& identity) {
  return std::visit(
      Overloaded{[](const ServiceAddress& by) { return concat(by.address.to_string(), " ", int{by.port}); },
                 [](const ServiceMark& by) { return concat("fwmark ", by.fwmark); },
                 [](const ServiceGroup& by) { return concat("group ", as_word(by.name)); }},
      identity);
}

bool has_hash_flags(const VirtualServer& server) {
  return server.scheduler == "sh" || server.scheduler == "mh";
}

}  // namespace

void show_ssl(Printer& printer, const Keyword& keyword) {
  if (const auto& ssl = printer.config().ssl) printer.block(keyword.name, Block::ssl, *ssl);
}

void show_server_groups(Printer& printer, const Keyword& keyword) {
  for (const VirtualServerGroup& group : printer.config().virtual_server_groups) {
    printer.open(keyword.name, " ", as_word(group.name));
    for (const GroupAddresses& entry : group.addresses) {
      const std::string last = entry.first == entry.last ? "" : concat("-", entry.last.to_string());
      printer.line(entry.first.to_string(), last, " ", int{entry.port});
    }
    for (const GroupMark& mark : group.marks)
      printer.line("fwmark ", mark.fwmark, mark.family ? concat(" ", name_of(*mark.family)) : std::string());
    printer.close();
  }
}

void show_virtual_servers(Printer& printer, const Keyword& keyword) {
  for (const VirtualServer& server : printer.config().virtual_servers)
    printer.block(concat(keyword.name, " ", header(server.identity)), Block::virtual_server, server);
}

/// An address tells it itself.
void show_ip_family(Printer& printer, const Keyword& keyword) {
  const ServiceIdentity& identity = printer.current<VirtualServer>().identity;
  if (const auto* mark = std::get_if<ServiceMark>(&identity)) printer.line(keyword.name, " ", name_of(mark->family));
  const auto* group = std::get_if<ServiceGroup>(&identity);
  if (group != nullptr && group->family) printer.line(keyword.name, " ", name_of(*group->family));
}

void show_scheduler(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", printer.current<VirtualServer>().scheduler);
}

void show_hashed(Printer& printer, const Keyword& keyword) {
  // Behind an lb_algo that was changed afterwards it would be refused.
  const VirtualServer& server = printer.current<VirtualServer>();
  if (has_hash_flags(server) && server.hashed) printer.line(keyword.name);
}

void show_plain_flag(Printer& printer, const Keyword& keyword) {
  const VirtualServer& server = printer.current<VirtualServer>();
  if (!has_hash_flags(server) && (keyword.name == "flag-1" ? server.flag_1 : server.flag_2)) printer.line(keyword.name);
}

void show_hash_flag(Printer& printer, const Keyword& keyword) {
  const VirtualServer& server = printer.current<VirtualServer>();
  const bool is_own = has_hash_flags(server) && keyword.name.starts_with(server.scheduler);
  if (is_own && (keyword.name.ends_with("port") ? server.flag_2 : server.flag_1)) printer.line(keyword.name);
}

void show_protocol(Printer& printer, const Keyword& keyword) {
  const auto& protocol = printer.current<VirtualServer>().protocol;
  if (protocol) printer.line(keyword.name, " ", name_of(*protocol));
}

void show_service_method(Printer& printer, const Keyword& keyword) {
  const VirtualServer& server = printer.current<VirtualServer>();
  printer.line(keyword.name, " ", method(server.lb_kind, server.tunnel));
}

void show_granularity(Printer& printer, const Keyword& keyword) {
  const auto& granularity = printer.current<VirtualServer>().persistence_granularity;
  if (!granularity) return;
  const auto* mask = std::get_if<IpAddress>(&*granularity);
  printer.line(keyword.name, " ",
               mask != nullptr ? mask->to_string() : std::to_string(std::get<std::uint8_t>(*granularity)));
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
  if (sorry) printer.line(keyword.name, " ", method(sorry->lb_kind, sorry->tunnel));
}

void show_real_servers(Printer& printer, const Keyword& keyword) {
  for (const RealServer& server : printer.current<VirtualServer>().real_servers)
    printer.block(concat(keyword.name, " ", server.address.to_string(), " ", int{server.port}), Block::real_server,
                  server);
}

/// What SRV records say of the port is not in the file.
void show_server_pools(Printer& printer, const Keyword& keyword) {
  for (const RealServerPool& pool : printer.current<VirtualServer>().real_server_pools) {
    const bool has_port = pool.source.record != PoolRecord::srv;
    printer.block(concat(keyword.name, " ", pool.source.name, has_port ? concat(" ", int{pool.server.port}) : ""),
                  Block::real_server_pool, pool.source, pool.server);
  }
}

void show_pool_record(Printer& printer, const Keyword& keyword) {
  printer.line(keyword.name, " ", name_of(printer.current<PoolSource>().record));
}

void show_pool_nameserver(Printer& printer, const Keyword& keyword) {
  const auto& nameserver = printer.current<PoolSource>().nameserver;
  if (nameserver) printer.line(keyword.name, " ", nameserver->address.to_string(), " ", int{nameserver->port});
}

void show_method(Printer& printer, const Keyword& keyword) {
  const RealServer& server = printer.current<RealServer>();
  printer.line(keyword.name, " ", method(server.lb_kind, server.tunnel));
}

void show_real_server_alpha(Printer& printer, const Keyword& keyword) {
  const bool alpha = printer.current<RealServer>().alpha;
  if (alpha != printer.current<VirtualServer>().alpha) printer.line(keyword.name, alpha ? " on" : " off");
}

void show_slow_start(Printer& printer, const Keyword& keyword) {
  const auto slow_start = printer.current<VirtualServer>().slow_start;
  if (slow_start.count() != 0) printer.line(keyword.name, " ", slow_start.count(), "s");
}

void show_real_server_slow_start(Printer& printer, const Keyword& keyword) {
  const auto slow_start = printer.current<RealServer>().slow_start;
  if (slow_start != printer.current<VirtualServer>().slow_start)
    printer.line(keyword.name, " ", slow_start.count(), "s");
}

void show_max_removed(Printer& printer, const Keyword& keyword) {
  const auto percent = printer.current<VirtualServer>().max_removed;
  if (percent != 100) printer.line(keyword.name, " ", int{percent}, "%");
}

}  // namespace baton::config
