#include <array>

#include "config/show_route.hpp"

namespace baton::config {
namespace {

constexpr std::array<std::string_view, 5> kVerdicts = {"nop", "blackhole", "prohibit", "unreachable", "l3mdev"};

void add_range(OptionLine& line, std::string_view name, const std::optional<NumberRange>& range) {
  if (range) line.add(name, " ", range->first, "-", range->last);
}

std::string as_action(const RuleAction& action) {
  if (const auto* look_up = std::get_if<LookUp>(&action)) return "table " + as_identifier(look_up->table);
  if (const auto* jump = std::get_if<GoTo>(&action)) return concat("goto ", jump->preference);
  return std::string(kVerdicts.at(static_cast<std::size_t>(std::get<RuleVerdict>(action))));
}

std::string as_line(const Rule& rule) {
  OptionLine line;
  line.flag(rule.family == Family::ipv6 && !rule.from && !rule.to, "inet6");
  line.flag(rule.is_inverted, "not");
  line.network("from", rule.from);
  line.network("to", rule.to);
  line.identifier("tos", rule.tos);
  if (rule.fwmark)
    line.add("fwmark ", rule.fwmark->value, rule.fwmark->mask ? concat("/", *rule.fwmark->mask) : std::string{});
  line.text("iif", rule.iif);
  line.text("oif", rule.oif);
  line.number("tunnel-id", rule.tunnel_id);
  add_range(line, "uidrange", rule.uidrange);
  line.identifier("ipproto", rule.ipproto);
  add_range(line, "sport", rule.sport);
  add_range(line, "dport", rule.dport);
  line.number("protocol", rule.protocol);
  line.add(as_action(rule.action));
  line.number("suppress_prefixlength", rule.suppress_prefixlength);
  line.identifier("suppress_ifgroup", rule.suppress_ifgroup);
  line.realms(rule.realms);
  line.number("preference", rule.preference);
  line.flag(rule.no_track, "no_track");
  line.text("track_group", rule.track_group);
  return line.text();
}

void show_rules(Printer& printer, const Keyword& keyword, const std::vector<Rule>& rules) {
  if (rules.empty()) return;
  printer.open(keyword.name);
  for (const Rule& rule : rules)
    printer.line(as_line(rule));
  printer.close();
}

}  // namespace

void show_virtual_rules(Printer& printer, const Keyword& keyword) {
  show_rules(printer, keyword, printer.current<VrrpInstance>().virtual_rules);
}

void show_static_rules(Printer& printer, const Keyword& keyword) {
  show_rules(printer, keyword, printer.config().static_rules);
}

}  // namespace baton::config
