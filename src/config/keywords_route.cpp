#include "config/field.hpp"
#include "config/keywords.hpp"

namespace baton::config {
namespace {

constexpr auto kRouteEntry = std::to_array<Keyword>({
    {"(order)", text("words in any order; nexthop must come last"), "",
     "One route per line; used by static_routes and virtual_routes; any error drops the route"},
    {"(destination)",
     text("[to] [unicast|local|broadcast|anycast|multicast|throw|unreachable|prohibit|blackhole|nat|via|<rttables "
          "type>] <ip>[/<prefix>]|default|any|all|default6|0.0.0.0/0|::/0"),
     "none (required)", "Destination with optional type; default6 is deprecated"},
    {"src", address(), "", "Preferred source"},
    {"as", text("[to] <addr>"), "", "Accepted and ignored with a message"},
    {"via", text("[inet|inet6] <ip>"), "", "Gateway, may be of the other family"},
    {"gw", text("[inet|inet6] <ip>"), "", "Deprecated spelling of via", {.instead = "via"}},
    {"from", word("<ip>[/<prefix>]"), "", "Source selector, IPv6 only"},
    {"table", word("<id|name>"), "main", "Table; default main, or the table of the VRF"},
    {"protocol", word("<id|name>"), "", "Protocol; forced to 18 (keepalived) unless no_track"},
    {"scope", word("<id|name>"), "", "Scope"},
    {"metric", word("<int32u>"), "", "Metric"},
    {"priority", word("<int32u>"), "", "Same as metric"},
    {"preference", word("<int32u>"), "", "Same as metric"},
    {"oif", word("<if>"), "", "Same as dev"},
    {"onlink", none(), "", "Gateway is on link whatever the addresses say"},
    {"expires", word("<s>"), "", "Lifetime, IPv6 only"},
    {"mtu", text("[lock] <n>"), "", "Maximum transmission unit"},
    {"hoplimit", word("<0-255>"), "", "Hop limit"},
    {"advmss", text("[lock] <n>"), "", "Maximum segment size"},
    {"rtt", optional(text("lock] <time>[s|ms")), "", "Initial RTT"},
    {"rttvar", optional(text("lock] <time>[s|ms")), "", "Initial RTT variance"},
    {"reordering", text("[lock] <n>"), "", "TCP reordering"},
    {"window", word("<n>"), "", "Maximum window"},
    {"cwnd", text("[lock] <n>"), "", "Congestion window clamp"},
    {"ssthresh", text("[lock] <n>"), "", "Slow start threshold"},
    {"rto_min", optional(text("lock] <time>[s|ms")), "", "Minimum RTO"},
    {"initcwnd", word("<n>"), "", "Initial congestion window"},
    {"initrwnd", word("<n>"), "", "Initial receive window"},
    {"features", word("ecn"), "", "Only ecn is known"},
    {"quickack", word("0|1"), "", "TCP quick ack"},
    {"congctl", text("[lock] <name>"), "", "Congestion control"},
    {"pref", word("low|medium|high|<0-255>"), "", "Router preference, IPv6 only"},
    {"ttl-propagate", word("enabled|disabled"), "", "MPLS TTL propagation"},
    {"fastopen_no_cookie", word("0|1"), "", "TCP fast open without cookie"},
    {"add", none(), "", "Fail if the route exists (netlink exclusive create)"},
    {"prepend", none(), "", "Kernel prepend (the default)"},
    {"append", none(), "", "Append after equal routes"},
    {"or", address(), "", "Deprecated second gateway"},
    {"no_track", none(), "", "Do not track the route (its loss does not cause FAULT); then protocol may be chosen"},
    {"track_group", word("<name>"), "", "Static routes with dev only: instances of the group track the interface"},
    {"vrf", word("<vrf if>"), "", "Use the table of that VRF"},
    {"encap", text("ip|ip6|mpls|ila ..."), "", "Light-weight tunnel encapsulation; options below"},
    {"nexthop", repeated(text("<nexthop-words> [nexthop ...]")), "",
     "Start of a multipath list, last in the entry; not with `or`"},
});

constexpr auto kRouteOrRule = std::to_array<Keyword>({
    {"inet", none(), "", "Force IPv4"},
    {"inet6", none(), "", "Force IPv6"},
    {"tos", word("<0-255|name>"), "", "Type of service"},
    {"dsfield", word("<0-255|name>"), "", "Same as tos"},
});

constexpr auto kRouteOrNexthop = std::to_array<Keyword>({
    {"dev", word("<if>"), "", "Output interface"},
    {"realms", word("[<from>/]<to>"), "", "Realms, IPv4 only"},
});

constexpr auto kEncapIp = std::to_array<Keyword>({
    {"id", word("<n>"), "", "IPv4 tunnel id"},
    {"dst", address(), "", "IPv4 tunnel dst"},
    {"src", address(), "", "IPv4 tunnel src"},
    {"tos", word("<n>"), "", "IPv4 tunnel tos"},
    {"ttl", word("<n>"), "", "IPv4 tunnel ttl"},
    {"flags", word("<n>"), "", "IPv4 tunnel flags"},
});

constexpr auto kEncapIp6 = std::to_array<Keyword>({
    {"id", word("<n>"), "", "IPv6 tunnel id"},
    {"dst", address(), "", "IPv6 tunnel dst"},
    {"src", address(), "", "IPv6 tunnel src"},
    {"tc", word("<n>"), "", "IPv6 tunnel tc"},
    {"hoplimit", word("<n>"), "", "IPv6 tunnel hoplimit"},
    {"flags", word("<n>"), "", "IPv6 tunnel flags"},
});

constexpr auto kEncapMpls = std::to_array<Keyword>({
    {"(labels)", text("<label>[/<label>]..."), "", "MPLS label stack"},
});

constexpr auto kEncapIla = std::to_array<Keyword>({
    {"(locator)", word("<64 bit locator>"), "", "ILA locator"},
});

constexpr auto kNexthop = std::to_array<Keyword>({
    {"via", text("[inet|inet6] <ip>"), "", "Gateway"},
    {"weight", integer(1, 256), "1", "Weight"},
    {"onlink", none(), "", "On-link gateway"},
    {"encap", text("as above"), "", "Encapsulation"},
    {"as", text("[to] <addr>"), "", "Ignored"},
});

constexpr auto kRuleEntry = std::to_array<Keyword>({
    {"(order)", text("words in any order"), "",
     "One rule per line; used by static_rules and virtual_rules; any error drops the rule; one action only"},
    {"not", none(), "", "Invert the match"},
    {"from", word("<ip>[/<prefix>]|any|all"), "", "Source"},
    {"to", word("<ip>[/<prefix>]|any|all"), "", "Destination"},
    {"table", word("<id|name>"), "", "Action: look up this table (not 0)"},
    {"lookup", word("<id|name>"), "", "Same as table"},
    {"preference", word("<int32u>"), "",
     "Priority; without it one is taken downwards from 16384 and an error is reported"},
    {"order", word("<int32u>"), "", "Same as preference"},
    {"priority", word("<int32u>"), "", "Same as preference"},
    {"fwmark", word("<n>[/<mask>]"), "", "Mark, decimal or hex"},
    {"realms", word("[<from>/]<to>"), "", "Realms, IPv4 only, needs table"},
    {"suppress_prefixlength", word("<n>"), "", "Ignore routes with a prefix of this length or shorter, needs table"},
    {"sup_pl", word("<n>"), "", "Same as suppress_prefixlength"},
    {"suppress_ifgroup", word("<id|name>"), "", "Ignore routes through this interface group, needs table"},
    {"sup_group", word("<id|name>"), "", "Same as suppress_ifgroup"},
    {"iif", word("<if>"), "", "Input interface"},
    {"dev", word("<if>"), "", "Same as iif"},
    {"oif", word("<if>"), "", "Output interface"},
    {"tunnel-id", word("<uint64>"), "", "Tunnel id"},
    {"uidrange", word("<a>-<b>"), "", "User ids"},
    {"l3mdev", none(), "", "Action: table of the L3 master device"},
    {"protocol", word("<0-255>"), "", "Rule protocol (forced to 18 unless no_track)"},
    {"ipproto", word("<n|name>"), "", "IP protocol"},
    {"sport", word("<a>-<b>"), "", "Source ports; a single port is wrongly reported as invalid and ignored"},
    {"dport", word("<a>-<b>"), "", "Destination ports; same defect"},
    {"goto", word("<int32u>"), "", "Action: jump to that preference"},
    {"nop", none(), "", "Action: none"},
    {"blackhole", none(), "", "Action: drop"},
    {"prohibit", none(), "", "Action: refuse"},
    {"unreachable", none(), "", "Action: unreachable"},
    {"type", word("goto|nop|blackhole|prohibit|unreachable"), "", "Optional word before the action"},
    {"no_track", none(), "", "Do not track the rule"},
    {"track_group", word("<name>"), "", "Static rules with iif only: instances of the group track the interface"},
});

constexpr auto kSections = std::to_array<Section>({
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
  return kSections;
}

}  // namespace baton::config
