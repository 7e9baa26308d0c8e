#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_route.hpp"

namespace baton::config {
namespace {

constexpr std::uint64_t kMost64 = std::numeric_limits<std::uint64_t>::max();

constexpr auto kRouteEntry = std::to_array<Keyword>({
    {"(order)", text("words in any order; nexthop must come last"), "",
     "One route per line; used by static_routes and virtual_routes; any error drops the route"},
    {"(destination)",
     text("[to] [unicast|local|broadcast|anycast|multicast|throw|unreachable|prohibit|blackhole|nat|via|<rttables "
          "type>] <ip>[/<prefix>]|default|any|all|default6|0.0.0.0/0|::/0"),
     "none (required)", "Destination with optional type; default6 is deprecated"},
    {"src", address(), "", "Preferred source", {.set = set_entry_address<&Route::src>}},
    {"as", text("[to] <addr>"), "", "Accepted and ignored with a message", {.set = set_entry_as}},
    {"via", text("[inet|inet6] <ip>"), "", "Gateway, may be of the other family", {.set = set_gateway}},
    {"gw", text("[inet|inet6] <ip>"), "", "Deprecated spelling of via", {.set = set_gateway, .instead = "via"}},
    {"from", word("<ip>[/<prefix>]"), "", "Source selector, IPv6 only", {.set = set_network<&Route::from>}},
    {"table", word("<id|name>"), "main", "Table; default main, or the table of the VRF", {.set = set_table}},
    {"protocol",
     word("<id|name>"),
     "",
     "Protocol; forced to 18 (keepalived) unless no_track",
     {.set = set_identifier<&Route::protocol, 255>}},
    {"scope", word("<id|name>"), "", "Scope", {.set = set_identifier<&Route::scope, 255>}},
    {"metric", word("<int32u>"), "", "Metric", {.set = set_number<&Route::metric, kUnlimited>}},
    {"priority", word("<int32u>"), "", "Same as metric", {.set = set_number<&Route::metric, kUnlimited>}},
    {"preference", word("<int32u>"), "", "Same as metric", {.set = set_number<&Route::metric, kUnlimited>}},
    {"oif", word("<if>"), "", "Same as dev", {.set = set_out_device}},
    {"onlink", none(), "", "Gateway is on link whatever the addresses say", {.set = set_flag<&Route::onlink>}},
    {"expires", word("<s>"), "", "Lifetime, IPv6 only", {.set = set_expires}},
    {"mtu", text("[lock] <n>"), "", "Maximum transmission unit", {.set = set_metric<&Route::mtu>}},
    {"hoplimit", word("<0-255>"), "", "Hop limit", {.set = set_number<&Route::hoplimit, 255>}},
    {"advmss", text("[lock] <n>"), "", "Maximum segment size", {.set = set_metric<&Route::advmss>}},
    {"rtt", text("[lock] <time>[s|ms]"), "", "Initial RTT", {.set = set_latency<&Route::rtt>}},
    {"rttvar", text("[lock] <time>[s|ms]"), "", "Initial RTT variance", {.set = set_latency<&Route::rttvar>}},
    {"reordering", text("[lock] <n>"), "", "TCP reordering", {.set = set_metric<&Route::reordering>}},
    {"window", word("<n>"), "", "Maximum window", {.set = set_number<&Route::window, kUnlimited>}},
    {"cwnd", text("[lock] <n>"), "", "Congestion window clamp", {.set = set_metric<&Route::cwnd>}},
    {"ssthresh", text("[lock] <n>"), "", "Slow start threshold", {.set = set_metric<&Route::ssthresh>}},
    {"rto_min", text("[lock] <time>[s|ms]"), "", "Minimum RTO", {.set = set_latency<&Route::rto_min>}},
    {"initcwnd", word("<n>"), "", "Initial congestion window", {.set = set_number<&Route::initcwnd, kUnlimited>}},
    {"initrwnd", word("<n>"), "", "Initial receive window", {.set = set_number<&Route::initrwnd, kUnlimited>}},
    {"features", word("ecn"), "", "Only ecn is known", {.set = set_features}},
    {"quickack", word("0|1"), "", "TCP quick ack", {.set = set_digit<&Route::quickack>}},
    {"congctl", text("[lock] <name>"), "", "Congestion control", {.set = set_congctl}},
    {"pref", word("low|medium|high|<0-255>"), "", "Router preference, IPv6 only", {.set = set_pref}},
    {"ttl-propagate", word("enabled|disabled"), "", "MPLS TTL propagation", {.set = set_ttl_propagate}},
    {"fastopen_no_cookie",
     word("0|1"),
     "",
     "TCP fast open without cookie",
     {.set = set_digit<&Route::fastopen_no_cookie>}},
    {"add",
     none(),
     "",
     "Fail if the route exists (netlink exclusive create)",
     {.set = set_insertion<RouteInsertion::add>}},
    {"prepend", none(), "", "Kernel prepend (the default)", {.set = set_insertion<RouteInsertion::prepend>}},
    {"append", none(), "", "Append after equal routes", {.set = set_insertion<RouteInsertion::append>}},
    {"or", address(), "", "Deprecated second gateway", {.set = set_second_gateway}},
    {"no_track",
     none(),
     "",
     "Do not track the route (its loss does not cause FAULT); then protocol may be chosen",
     {.set = set_flag<&Route::no_track>}},
    {"track_group",
     word("<name>"),
     "",
     "Static routes with dev only: instances of the group track the interface",
     {.set = set_entry_track_group}},
    {"vrf", word("<vrf if>"), "", "Use the table of that VRF", {.set = set_vrf}},
    {"encap", text("ip|ip6|mpls|ila ..."), "", "Light-weight tunnel encapsulation; options below", {.set = set_encap}},
    {"nexthop",
     repeated(text("<nexthop-words> [nexthop ...]")),
     "",
     "Start of a multipath list, last in the entry; not with `or`",
     {.set = set_nexthop}},
});

constexpr auto kRouteOrRule = std::to_array<Keyword>({
    {"inet", none(), "", "Force IPv4", {.set = set_entry_family<Family::ipv4>}},
    {"inet6", none(), "", "Force IPv6", {.set = set_entry_family<Family::ipv6>}},
    {"tos", word("<0-255|name>"), "", "Type of service", {.set = set_tos}},
    {"dsfield", word("<0-255|name>"), "", "Same as tos", {.set = set_tos}},
});

constexpr auto kRouteOrNexthop = std::to_array<Keyword>({
    {"dev", word("<if>"), "", "Output interface", {.set = set_out_device}},
    {"realms", word("[<from>/]<to>"), "", "Realms, IPv4 only", {.set = set_realms}},
});

constexpr auto kEncapIp = std::to_array<Keyword>({
    {"id", word("<n>"), "", "IPv4 tunnel id", {.set = set_number<&EncapIp::id, kMost64>}},
    {"dst", address(), "", "IPv4 tunnel dst", {.set = set_tunnel_address<&EncapIp::dst, Family::ipv4>}},
    {"src", address(), "", "IPv4 tunnel src", {.set = set_tunnel_address<&EncapIp::src, Family::ipv4>}},
    {"tos", word("<n>"), "", "IPv4 tunnel tos", {.set = set_number<&EncapIp::tos, 255>}},
    {"ttl", word("<n>"), "", "IPv4 tunnel ttl", {.set = set_number<&EncapIp::ttl, 255>}},
    {"flags", word("<n>"), "", "IPv4 tunnel flags", {.set = set_number<&EncapIp::flags, 65535>}},
});

constexpr auto kEncapIp6 = std::to_array<Keyword>({
    {"id", word("<n>"), "", "IPv6 tunnel id", {.set = set_number<&EncapIp::id, kMost64>}},
    {"dst", address(), "", "IPv6 tunnel dst", {.set = set_tunnel_address<&EncapIp::dst, Family::ipv6>}},
    {"src", address(), "", "IPv6 tunnel src", {.set = set_tunnel_address<&EncapIp::src, Family::ipv6>}},
    {"tc", word("<n>"), "", "IPv6 tunnel tc", {.set = set_number<&EncapIp::tos, 255>}},
    {"hoplimit", word("<n>"), "", "IPv6 tunnel hoplimit", {.set = set_number<&EncapIp::ttl, 255>}},
    {"flags", word("<n>"), "", "IPv6 tunnel flags", {.set = set_number<&EncapIp::flags, 65535>}},
});

constexpr auto kEncapMpls = std::to_array<Keyword>({
    {"(labels)", text("<label>[/<label>]..."), "", "MPLS label stack"},
});

constexpr auto kEncapIla = std::to_array<Keyword>({
    {"(locator)", word("<64 bit locator>"), "", "ILA locator"},
});

constexpr auto kNexthop = std::to_array<Keyword>({
    {"via", text("[inet|inet6] <ip>"), "", "Gateway", {.set = set_gateway}},
    {"weight", integer(1, 256), "1", "Weight", {.set = set_nexthop_weight}},
    {"onlink", none(), "", "On-link gateway", {.set = set_flag<&Nexthop::onlink>}},
    {"encap", text("as above"), "", "Encapsulation", {.set = set_encap}},
    {"as", text("[to] <addr>"), "", "Ignored", {.set = set_entry_as}},
});

constexpr auto kRuleEntry = std::to_array<Keyword>({
    {"(order)", text("words in any order"), "",
     "One rule per line; used by static_rules and virtual_rules; any error drops the rule; one action only"},
    {"not", none(), "", "Invert the match", {.set = set_flag<&Rule::is_inverted>}},
    {"from", word("<ip>[/<prefix>]|any|all"), "", "Source", {.set = set_rule_network<&Rule::from>}},
    {"to", word("<ip>[/<prefix>]|any|all"), "", "Destination", {.set = set_rule_network<&Rule::to>}},
    {"table", word("<id|name>"), "", "Action: look up this table (not 0)", {.set = set_lookup}},
    {"lookup", word("<id|name>"), "", "Same as table", {.set = set_lookup}},
    {"preference",
     word("<int32u>"),
     "",
     "Priority; without it one is taken downwards from 16384 and an error is reported",
     {.set = set_number<&Rule::preference, kUnlimited>}},
    {"order", word("<int32u>"), "", "Same as preference", {.set = set_number<&Rule::preference, kUnlimited>}},
    {"priority", word("<int32u>"), "", "Same as preference", {.set = set_number<&Rule::preference, kUnlimited>}},
    {"fwmark", word("<n>[/<mask>]"), "", "Mark, decimal or hex", {.set = set_mark}},
    {"realms", word("[<from>/]<to>"), "", "Realms, IPv4 only, needs table", {.set = set_realms}},
    {"suppress_prefixlength",
     word("<n>"),
     "",
     "Ignore routes with a prefix of this length or shorter, needs table",
     {.set = set_number<&Rule::suppress_prefixlength, 128>}},
    {"sup_pl",
     word("<n>"),
     "",
     "Same as suppress_prefixlength",
     {.set = set_number<&Rule::suppress_prefixlength, 128>}},
    {"suppress_ifgroup",
     word("<id|name>"),
     "",
     "Ignore routes through this interface group, needs table",
     {.set = set_identifier<&Rule::suppress_ifgroup, kUnlimited>}},
    {"sup_group",
     word("<id|name>"),
     "",
     "Same as suppress_ifgroup",
     {.set = set_identifier<&Rule::suppress_ifgroup, kUnlimited>}},
    {"iif", word("<if>"), "", "Input interface", {.set = set_text<&Rule::iif>}},
    {"dev", word("<if>"), "", "Same as iif", {.set = set_text<&Rule::iif>}},
    {"oif", word("<if>"), "", "Output interface", {.set = set_text<&Rule::oif>}},
    {"tunnel-id", word("<uint64>"), "", "Tunnel id", {.set = set_number<&Rule::tunnel_id, kMost64>}},
    {"uidrange", word("<a>-<b>"), "", "User ids", {.set = set_uidrange}},
    {"l3mdev", none(), "", "Action: table of the L3 master device", {.set = set_verdict<RuleVerdict::l3mdev>}},
    {"protocol",
     word("<0-255>"),
     "",
     "Rule protocol (forced to 18 unless no_track)",
     {.set = set_number<&Rule::protocol, 255>}},
    {"ipproto", word("<n|name>"), "", "IP protocol", {.set = set_identifier<&Rule::ipproto, 255>}},
    {"sport",
     word("<a>[-<b>]"),
     "",
     "Source port, or the first and the last of several",
     {.set = set_ports<&Rule::sport>}},
    {"dport", word("<a>[-<b>]"), "", "Destination ports, likewise", {.set = set_ports<&Rule::dport>}},
    {"goto", word("<int32u>"), "", "Action: jump to that preference", {.set = set_goto}},
    {"nop", none(), "", "Action: none", {.set = set_verdict<RuleVerdict::nop>}},
    {"blackhole", none(), "", "Action: drop", {.set = set_verdict<RuleVerdict::blackhole>}},
    {"prohibit", none(), "", "Action: refuse", {.set = set_verdict<RuleVerdict::prohibit>}},
    {"unreachable", none(), "", "Action: unreachable", {.set = set_verdict<RuleVerdict::unreachable>}},
    {"type",
     word("goto|nop|blackhole|prohibit|unreachable"),
     "",
     "Optional word before the action",
     {.set = set_rule_type}},
    {"no_track", none(), "", "Do not track the rule", {.set = set_flag<&Rule::no_track>}},
    {"track_group",
     word("<name>"),
     "",
     "Static rules with iif only: instances of the group track the interface",
     {.set = set_entry_track_group}},
});

constexpr auto kRouteSections = std::to_array<Section>({
    {{Block::route_entry}, kRouteEntry},
    {{Block::route_entry, Block::rule_entry}, kRouteOrRule},
    {{Block::route_entry, Block::nexthop}, kRouteOrNexthop},
    {{Block::encap_ip}, kEncapIp},
    {{Block::encap_ip6}, kEncapIp6},
    {{Block::encap_mpls}, kEncapMpls},
    {{Block::encap_ila}, kEncapIla},
    {{Block::nexthop}, kNexthop},
    {{Block::rule_entry}, kRuleEntry},
});

}  // namespace

std::span<const Section> route_keywords() {
  return kRouteSections;
}

}  // namespace baton::config
