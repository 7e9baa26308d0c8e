#include <algorithm>
#include <array>
#include <limits>

#include "config/keywords.hpp"
#include "config/set_route.hpp"

namespace baton::config {
namespace {

/// What only the whole line can tell.
bool is_consistent(Builder& builder, const Line& line) {
  const Rule& rule = builder.rule;
  if (!builder.entry.has_action)
    return reject(builder, line.words[0], "a rule needs an action",
                  "table, goto, nop, blackhole, prohibit, unreachable or l3mdev");
  const bool is_lookup = std::holds_alternative<LookUp>(rule.action);
  if (!is_lookup && (rule.realms || rule.suppress_prefixlength || rule.suppress_ifgroup))
    return reject(builder,
                  word_of(line, {"realms", "suppress_prefixlength", "sup_pl", "suppress_ifgroup", "sup_group"}),
                  "realms and suppress_* go with table only");
  if (rule.family == Family::ipv6 && rule.realms)
    return reject(builder, word_of(line, {"realms"}), "realms are for IPv4 only");
  const auto* jump = std::get_if<GoTo>(&rule.action);
  const std::uint32_t preference = rule.preference.value_or(builder.next_preference);  // as correct() will fill it in
  if (jump != nullptr && preference >= jump->preference)
    return reject(builder, word_of(line, {"goto"}),
                  concat("goto leads forwards only: to a preference above ", preference));
  return true;
}

/// What keepalived fills in and corrects once the line is read.
void correct(Builder& builder, const Line& line) {
  Rule& rule = builder.rule;
  if (!rule.preference) {
    rule.preference = builder.next_preference;
    if (builder.next_preference > 0) --builder.next_preference;
    builder.warn(line.words[0].place, concat("a rule without a preference: it gets ", *rule.preference),
                 "such rules are numbered downwards from 16384, the next before the last; write preference N");
  }
  if (rule.no_track || !rule.protocol || *rule.protocol == 18) return;
  builder.warn(word_of(line, {"protocol"}).place, "a tracked rule has protocol 18 (keepalived): yours is ignored",
               "write no_track beside it");
  rule.protocol.reset();
}

/// Reads the line into builder.rule; false when it is ignored.
bool read_rule(Builder& builder, const Line& line, bool is_static) {
  builder.rule = {};
  builder.entry = {};
  builder.rule.position = line.words[0].place.position;
  if (!is_static) {
    const auto group = std::ranges::find(line.words, std::string_view("track_group"), &Word::text);
    if (group != line.words.end()) return reject(builder, *group, "track_group is for static rules only");
  }
  if (!read_options(builder, Block::rule_entry, line.words, "a rule")) return false;
  builder.rule.family = builder.entry.family.value_or(Family::ipv4);
  if (!is_consistent(builder, line)) return false;
  correct(builder, line);
  return true;
}

}  // namespace

bool add_virtual_rule(Builder& builder, const Line& line) {
  if (!read_rule(builder, line, false)) return false;
  builder.instance.settled.virtual_rules.push_back(std::move(builder.rule));
  return true;
}

bool add_static_rule(Builder& builder, const Line& line) {
  if (!read_rule(builder, line, true)) return false;
  Rule& rule = builder.rule;
  const Word& word = word_of(line, {"track_group"});
  if (!rule.track_group.empty() && rule.iif.empty()) {
    builder.error(word.place, "track_group needs iif: it is ignored",
                  "the instances of the group track the interface of the rule");
    rule.track_group.clear();
  }
  if (!rule.track_group.empty())
    builder.tracking.group_references.push_back({true, builder.config.static_rules.size(), (&word + 1)->place});
  builder.config.static_rules.push_back(std::move(rule));
  return true;
}

bool take_action(Builder& builder, const Line& line, RuleAction action) {
  if (builder.entry.has_action)
    return reject(builder, line.words[0], "a rule has one action",
                  "table, goto, nop, blackhole, prohibit, unreachable or l3mdev");
  builder.entry.has_action = true;
  builder.rule.action = std::move(action);
  return true;
}

bool set_lookup(Builder& builder, const Line& line) {
  const auto table = read_identifier(builder, line, kUnlimited);
  if (!table) return false;
  if (*table == Identifier{std::uint32_t{0}}) return reject(builder, value_of(line), "there is no table 0");
  return take_action(builder, line, LookUp{*table});
}

bool set_goto(Builder& builder, const Line& line) {
  const auto preference = read_unsigned(builder, line, kUnlimited);
  return preference && take_action(builder, line, GoTo{static_cast<std::uint32_t>(*preference)});
}

bool set_rule_type(Builder&, const Line&) {
  return true;
}

bool set_mark(Builder& builder, const Line& line) {
  const std::string_view text = value_of(line).text;
  const std::size_t slash = text.find('/');
  const auto value = parse_unsigned(text.substr(0, slash), kUnlimited);
  const auto mask = slash == std::string_view::npos ? value : parse_unsigned(text.substr(slash + 1), kUnlimited);
  if (!value || !mask)
    return reject(builder, value_of(line), concat("fwmark is mark[/mask], decimal or hexadecimal, not ", quoted(text)));
  builder.rule.fwmark = Mark{static_cast<std::uint32_t>(*value), std::nullopt};
  if (slash != std::string_view::npos) builder.rule.fwmark->mask = static_cast<std::uint32_t>(*mask);
  return true;
}

bool set_uidrange(Builder& builder, const Line& line) {
  const auto range = parse_range(value_of(line).text, std::numeric_limits<std::uint32_t>::max(), false);
  if (!range)
    return reject(builder, value_of(line), concat("uidrange is first-last, not ", quoted(value_of(line).text)));
  if (range->first > range->last)
    builder.advise(value_of(line).place, concat(quoted(value_of(line).text), " fits no user"),
                   "the smaller one comes first");
  builder.rule.uidrange = *range;
  return true;
}

}  // namespace baton::config
