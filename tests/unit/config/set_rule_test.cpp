#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

std::string faults(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active)
      text +=
          std::to_string(d.position.column) + " " + std::to_string(static_cast<int>(d.status)) + " " + d.text + "\n";
  return text;
}

Parsed read_rules(std::string_view lines) {
  return read(instance("virtual_rules {\n" + std::string(lines) + "\n}"));
}

const std::vector<Rule>& rules(const Parsed& parsed) {
  return parsed.config.vrrp_instances.at(0).virtual_rules;
}

/// The only rule of a line about which there is nothing to say; its dump reads back as the same.
Rule rule(std::string_view line) {
  const Parsed parsed = read_rules(line);
  CHECK_MESSAGE(faults(parsed).empty(), line << "\n" << faults(parsed));
  REQUIRE(rules(parsed).size() == 1);
  const Parsed again = read(dump(parsed.config));
  CHECK_MESSAGE(faults(again).empty(), dump(parsed.config) << faults(again));
  REQUIRE(rules(again).size() == 1);
  Rule read_back = rules(again)[0];
  read_back.position = rules(parsed)[0].position;
  CHECK_MESSAGE(read_back == rules(parsed)[0], dump(parsed.config));
  return rules(parsed)[0];
}

std::string ignored(std::string_view line) {
  const Parsed parsed = read_rules(line);
  CHECK_MESSAGE(rules(parsed).empty(), line);
  return faults(parsed);
}

TEST_CASE("every option of a rule arrives") {
  const Rule full = rule(
      "not from 10.0.0.0/8 to 192.0.2.0/24 dsfield 8 fwmark 0x5/0xff dev eth0 oif eth1 tunnel-id 9 uidrange 1-2 "
      "ipproto "
      "tcp sport 80 dport 1-65535 protocol 4 no_track lookup vpn sup_pl 0 sup_group default realms 1/2 order 7");
  CHECK(full.is_inverted);
  CHECK(full.from->prefix_length == 8);
  CHECK(full.to->prefix_length == 24);
  CHECK(full.tos == Identifier{std::uint32_t{8}});
  CHECK(full.fwmark == Mark{5, 255});
  CHECK(full.iif == "eth0");
  CHECK(full.oif == "eth1");
  CHECK(full.tunnel_id == 9);
  CHECK(full.uidrange == NumberRange{1, 2});
  CHECK(full.ipproto == Identifier{std::string("tcp")});
  CHECK(full.sport == NumberRange{80, 80});
  CHECK(full.dport == NumberRange{1, 65535});
  CHECK(full.protocol == 4);
  CHECK(full.action == RuleAction{LookUp{std::string("vpn")}});
  CHECK(full.suppress_prefixlength == 0);
  CHECK(full.suppress_ifgroup == Identifier{std::string("default")});
  CHECK(full.realms.has_value());
  CHECK(full.preference == 7);
}

TEST_CASE("actions, families, and a preference that comes first") {
  CHECK(rule("goto 8 preference 7").action == RuleAction{GoTo{8}});
  CHECK(rule("nop preference 7").action == RuleAction{RuleVerdict::nop});
  CHECK(rule("type unreachable preference 7").action == RuleAction{RuleVerdict::unreachable});
  CHECK(rule("l3mdev preference 7").action == RuleAction{RuleVerdict::l3mdev});
  CHECK(rule("inet6 prohibit preference 7").family == Family::ipv6);
  CHECK(rule("from 2001:db8::/32 blackhole preference 7").family == Family::ipv6);
  CHECK_FALSE(rule("from any to all blackhole preference 7").from.has_value());
  CHECK(rule("priority 7 from 10.0.0.0/8 table 5").preference == 7);  // also a keyword of the instance
}

TEST_CASE("rules without a preference are numbered downwards over the whole file") {
  const Parsed parsed = read("static_rules {\nfrom 10.0.0.0/8 table 5\n}\n" +
                             instance("virtual_rules {\nto 10.0.0.0/8 table 5\ntable 6 preference 1\ntable 7\n}"));
  CHECK(parsed.config.static_rules.at(0).preference == 16384);
  CHECK(rules(parsed).at(0).preference == 16383);
  CHECK(rules(parsed).at(1).preference == 1);
  CHECK(rules(parsed).at(2).preference == 16382);
  CHECK(faults(parsed) ==
        "1 5 a rule without a preference: it gets 16384\n1 5 a rule without a preference: it gets 16383\n"
        "1 5 a rule without a preference: it gets 16382\n");
}

TEST_CASE("one mistake costs one line, and is told at its word") {
  CHECK(ignored("from 10.0.0.0/8 preference 7") == "1 5 a rule needs an action: the line is ignored\n");
  CHECK(ignored("table 5 blackhole preference 7") == "9 5 a rule has one action: the line is ignored\n");
  CHECK(ignored("table 0 preference 7") == "7 5 there is no table 0: the line is ignored\n");
  CHECK(ignored("from 10.0.0.0/8 tabel 5").find("17 5 'tabel' is no option of a rule") == 0);
  CHECK(ignored("goto 7 preference 7") ==
        "1 5 goto leads forwards only: to a preference above 7: the line is ignored\n");
  CHECK(ignored("goto 300") == "1 5 goto leads forwards only: to a preference above 16384: the line is ignored\n");
  CHECK(ignored("blackhole realms 5 preference 7").find("11 5 realms and suppress_* go with table only") == 0);
  CHECK(ignored("from 10.0.0.0/8 to 2001:db8::/32 table 5").find("20 5 IPv4 and IPv6") == 0);
  CHECK(ignored("from 10.0.0.0/8 table") == "17 2 'table' lacks its value: the line is ignored\n");
  for (const char* line :
       {"table 5 fwmark x", "table 5 fwmark 1/x", "table 5 uidrange 5", "table 5 sport x", "table 5 dport 1-65536",
        "table 5 tunnel-id x", "table 5 ipproto 256", "table 5 protocol x", "table 5 preference -1", "type foo",
        "inet6 table 5 realms 1", "table 5 track_group g", "table 5 from 10"})
    CHECK_MESSAGE(!ignored(line).empty(), line);
}

TEST_CASE("what keepalived corrects, and ranges that fit nothing") {
  const Parsed protocol = read_rules("table 5 preference 7 protocol 4");
  CHECK(faults(protocol) == "22 5 a tracked rule has protocol 18 (keepalived): yours is ignored\n");
  CHECK_FALSE(rules(protocol).at(0).protocol.has_value());
  CHECK(faults(read_rules("table 5 preference 7 sport 90-80")) == "28 0 '90-80' fits no port\n");
  CHECK(faults(read_rules("table 5 preference 7 uidrange 9-8")) == "31 0 '9-8' fits no user\n");
}

TEST_CASE("a track_group is for static rules with an incoming interface") {
  const Parsed parsed = read(
      "track_group g {\ngroup {\nA\n}\n}\nstatic_rules {\n"
      "table 5 preference 7 track_group g\niif eth0 table 5 preference 8 track_group g\n}\n" +
      instance(""));
  CHECK(faults(parsed) == "22 5 track_group needs iif: it is ignored\n");
  CHECK(parsed.config.static_rules.at(0).track_group.empty());
  CHECK(parsed.config.static_rules.at(1).track_group == "g");
}

}  // namespace
}  // namespace baton::config
