#include "config/show_route.hpp"

#include "config/show_tracking.hpp"

namespace baton::config {
namespace {

std::string locked(bool is_locked) {
  return is_locked ? " lock " : " ";
}

void add_metric(OptionLine& line, std::string_view name, const std::optional<Lockable<std::uint32_t>>& metric) {
  if (metric) line.add(name, locked(metric->is_locked), metric->value);
}

void add_latency(OptionLine& line, std::string_view name, const std::optional<Lockable<Latency>>& latency) {
  if (!latency) return;
  const auto* time = std::get_if<Duration>(&latency->value);
  line.add(name, locked(latency->is_locked),
           time != nullptr ? in_milliseconds(*time) + "ms" : std::to_string(std::get<std::uint32_t>(latency->value)));
}

std::string hexadecimal(std::uint64_t value) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  do {
    text.insert(text.begin(), kDigits[value % kDigits.size()]);
    value /= kDigits.size();
  } while (value > 0);
  return text;
}

void add_encap(OptionLine& line, const std::optional<Encapsulation>& encap) {
  if (!encap) return;
  if (const auto* tunnel = std::get_if<EncapIp>(&*encap)) {
    const bool is_v4 = tunnel->family == Family::ipv4;
    line.add("encap ", is_v4 ? "ip" : "ip6");
    line.number("id", tunnel->id);
    line.address("dst", tunnel->dst);
    line.address("src", tunnel->src);
    line.number(is_v4 ? "tos" : "tc", tunnel->tos);
    line.number(is_v4 ? "ttl" : "hoplimit", tunnel->ttl);
    line.number("flags", tunnel->flags);
  } else if (const auto* mpls = std::get_if<EncapMpls>(&*encap)) {
    std::string labels;
    for (const std::uint32_t label : mpls->labels)
      labels += concat(labels.empty() ? "" : "/", label);
    line.add("encap mpls ", labels);
  } else {
    constexpr std::uint64_t kGroup = 0xffff;
    const std::uint64_t locator = std::get<EncapIla>(*encap).locator;
    line.add("encap ila ", hexadecimal(locator >> 48U), ":", hexadecimal(locator >> 32U & kGroup), ":",
             hexadecimal(locator >> 16U & kGroup), ":", hexadecimal(locator & kGroup));
  }
}

/// The family stands before a gateway of the other one.
void add_gateway(OptionLine& line, const std::optional<IpAddress>& via, Family family) {
  if (via) line.add("via ", via->family() == family ? "" : via->is_v4() ? "inet " : "inet6 ", via->to_string());
}

void add_nexthop(OptionLine& line, const Nexthop& nexthop, Family family) {
  line.add("nexthop");
  add_gateway(line, nexthop.via, family);
  line.text("dev", nexthop.device);
  line.add("weight ", int{nexthop.weight});
  line.flag(nexthop.onlink, "onlink");
  line.realms(nexthop.realms);
  add_encap(line, nexthop.encap);
}

void add_metrics(OptionLine& line, const Route& route) {
  add_metric(line, "mtu", route.mtu);
  line.number("hoplimit", route.hoplimit);
  add_metric(line, "advmss", route.advmss);
  add_latency(line, "rtt", route.rtt);
  add_latency(line, "rttvar", route.rttvar);
  add_metric(line, "reordering", route.reordering);
  line.number("window", route.window);
  add_metric(line, "cwnd", route.cwnd);
  add_metric(line, "ssthresh", route.ssthresh);
  add_latency(line, "rto_min", route.rto_min);
  line.number("initcwnd", route.initcwnd);
  line.number("initrwnd", route.initrwnd);
  line.flag(route.ecn, "features ecn");
  line.digit("quickack", route.quickack);
  if (route.congctl) line.add("congctl", locked(route.congctl->is_locked), as_word(route.congctl->value));
}

std::string as_line(const Route& route) {
  const Family family = route.destination.address.family();
  OptionLine line;
  if (route.type != RouteType::unicast) line.add(kRouteTypes.at(static_cast<std::size_t>(route.type)));
  line.add(as_network(route.destination));
  line.address("src", route.src);
  add_gateway(line, route.via, family);
  line.address("or", route.second_via);
  line.network("from", route.from);
  line.identifier("tos", route.tos);
  line.identifier("table", route.table);
  line.identifier("protocol", route.protocol);
  line.identifier("scope", route.scope);
  line.number("metric", route.metric);
  line.text("dev", route.device);
  line.flag(route.onlink, "onlink");
  if (route.expires) line.add("expires ", route.expires->count());
  add_metrics(line, route);
  line.number("pref", route.pref);
  if (route.ttl_propagate) line.add("ttl-propagate ", *route.ttl_propagate ? "enabled" : "disabled");
  line.digit("fastopen_no_cookie", route.fastopen_no_cookie);
  line.realms(route.realms);
  line.flag(route.insertion == RouteInsertion::add, "add");
  line.flag(route.insertion == RouteInsertion::append, "append");
  line.flag(route.no_track, "no_track");
  line.text("track_group", route.track_group);
  line.text("vrf", route.vrf);
  add_encap(line, route.encap);
  for (const Nexthop& nexthop : route.nexthops)
    add_nexthop(line, nexthop, family);
  return line.text();
}

void show_routes(Printer& printer, const Keyword& keyword, const std::vector<Route>& routes) {
  if (routes.empty()) return;
  printer.open(keyword.name);
  for (const Route& route : routes)
    printer.line(as_line(route));
  printer.close();
}

}  // namespace

std::string as_network(const Network& network) {
  return concat(network.address.to_string(), "/", int{network.prefix_length});
}

std::string as_identifier(const Identifier& identifier) {
  const auto* name = std::get_if<std::string>(&identifier);
  return name != nullptr ? as_word(*name) : std::to_string(std::get<std::uint32_t>(identifier));
}

std::string as_realms(const Realms& realms) {
  return (realms.from ? as_identifier(*realms.from) + "/" : "") + as_identifier(realms.to);
}

void show_virtual_routes(Printer& printer, const Keyword& keyword) {
  show_routes(printer, keyword, printer.current<VrrpInstance>().virtual_routes);
}

void show_static_routes(Printer& printer, const Keyword& keyword) {
  show_routes(printer, keyword, printer.config().static_routes);
}

}  // namespace baton::config
