// set_route.hpp - what the rows of virtual_routes, static_routes, virtual_rules and static_rules do with their words.
#pragma once

#include <algorithm>

#include "config/entry_options.hpp"

namespace baton::config {

bool add_virtual_route(Builder& builder, const Line& line);
bool add_static_route(Builder& builder, const Line& line);
bool add_virtual_rule(Builder& builder, const Line& line);
bool add_static_rule(Builder& builder, const Line& line);

// Options that routes share with rules or with nexthops.
template <Family kFamily>
bool set_entry_family(Builder& builder, const Line& line) {
  return take_family(builder, line.words[0], kFamily);
}
bool set_tos(Builder& builder, const Line& line);
bool set_out_device(Builder& builder, const Line& line);
bool set_realms(Builder& builder, const Line& line);
bool set_gateway(Builder& builder, const Line& line);
bool set_encap(Builder& builder, const Line& line);
bool set_entry_as(Builder& builder, const Line& line);
bool set_entry_track_group(Builder& builder, const Line& line);

// A route's own.
bool set_second_gateway(Builder& builder, const Line& line);
bool set_expires(Builder& builder, const Line& line);
bool set_table(Builder& builder, const Line& line);
bool set_vrf(Builder& builder, const Line& line);
std::optional<Lockable<Latency>> read_latency(Builder& builder, const Line& line);
template <auto Member>
bool set_latency(Builder& builder, const Line& line) {
  const auto value = read_latency(builder, line);
  if (value) builder.route.*Member = *value;
  return value.has_value();
}
bool set_features(Builder& builder, const Line& line);
bool set_congctl(Builder& builder, const Line& line);
bool set_pref(Builder& builder, const Line& line);
bool set_ttl_propagate(Builder& builder, const Line& line);
template <RouteInsertion kInsertion>
bool set_insertion(Builder& builder, const Line&) {
  builder.route.insertion = kInsertion;
  return true;
}
bool set_nexthop(Builder& builder, const Line& line);
bool set_nexthop_weight(Builder& builder, const Line& line);
template <auto Member, Family kFamily>
bool set_tunnel_address(Builder& builder, const Line& line) {
  const auto address = IpAddress::parse(value_of(line).text);
  if (!address || address->family() != kFamily)
    return reject(builder, value_of(line),
                  concat(line.keyword->name, ": ", quoted(value_of(line).text), " is no ",
                         kFamily == Family::ipv4 ? "IPv4" : "IPv6", " address"));
  builder.entry.encap_ip.*Member = *address;
  return true;
}

// A rule's own.
template <auto Member>
bool set_rule_network(Builder& builder, const Line& line) {
  const std::string_view word = value_of(line).text;
  if (word != "any" && word != "all" && word != "default") return set_network<Member>(builder, line);
  builder.rule.*Member = std::nullopt;
  return true;
}
bool take_action(Builder& builder, const Line& line, RuleAction action);
template <RuleVerdict kVerdict>
bool set_verdict(Builder& builder, const Line& line) {
  return take_action(builder, line, kVerdict);
}
bool set_lookup(Builder& builder, const Line& line);
bool set_goto(Builder& builder, const Line& line);
/// `type`: the action follows.
bool set_rule_type(Builder& builder, const Line& line);
bool set_mark(Builder& builder, const Line& line);
bool set_uidrange(Builder& builder, const Line& line);
template <auto Member>
bool set_ports(Builder& builder, const Line& line) {
  constexpr std::uint32_t kMost = 65535;
  const auto range = parse_range(value_of(line).text, static_cast<std::uint32_t>(kUnlimited), true);
  if (!range || std::max(range->first, range->last) > kMost) {
    // keepalived takes a number that is too large without a word, and another port than was written.
    builder.report(Severity::error, range ? Status::ok : Status::bad, value_of(line).place,
                   concat(line.keyword->name, " is a port or a range of ports, not ", quoted(value_of(line).text),
                          ": the line is ignored"));
    return false;
  }
  if (range->first > range->last)
    builder.advise(value_of(line).place, concat(quoted(value_of(line).text), " fits no port"),
                   "the smaller one comes first");
  builder.rule.*Member = *range;
  return true;
}

}  // namespace baton::config
