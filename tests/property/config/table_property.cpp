// Every row of the keyword table that is read, from the table alone: what it takes is taken, printed and read again as
// the same; what is beyond its range is refused by name.
#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/keywords.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

using Samples = std::vector<std::string>;

/// Values of rows whose grammar the table only describes.
const std::map<std::string_view, Samples>& samples() {
  static const std::map<std::string_view, Samples> kSamples = {
      {"virtual_ipaddress", {"192.0.2.10", "192.0.2.11/24 dev eth0 label eth0:1"}},
      {"virtual_ipaddress_excluded", {"198.51.100.1/32", "198.51.100.2/24 dev eth1"}},
      {"static_ipaddress", {"192.0.2.20/24 dev eth0", "192.0.2.21/24 dev eth0 label eth0:1"}},
      {"virtual_routes", {"198.51.100.0/24 via 192.0.2.1 dev eth0"}},
      {"static_routes", {"198.51.100.0/24 via 192.0.2.1 dev eth0"}},
      {"virtual_rules", {"from 198.51.100.0/24 table 100 priority 1000"}},
      {"static_rules", {"from 198.51.100.0/24 table 100 priority 1000"}},
      {"interface_up_down_delays", {"eth0 1 2.5", "eth1 255"}},
      {"linkbeat_interfaces", {"eth0", "eth1 MII"}},
      {"notification_email", {"a@example.com b@example.com", "\"Me <c@example.com>\""}},
      {"unicast_peer", {"192.0.2.3", "192.0.2.4 min_ttl 254 max_ttl 255"}},
      {"smtp_server", {"192.0.2.25", "mail.example.com 2525"}},
      {"lvs_timeouts", {"tcp 10", "udp 2678400 tcp 0 tcpfin 30"}},
      {"lvs_sync_daemon", {"eth0", "eth0 inst A id 255 maxlen 1400 port 8848 ttl 2 group 224.0.0.82", "eth0 A"}},
      {"vrrp_garp_extra_if", {"1", "all 86400"}},
      {"vrrp_vmac_garp_intvl", {"600"}},
      {"vrrp_iptables", {"IN", "IN OUT"}},
      {"vrrp_ipsets", {"a", "a b c d e f"}},
      {"vrrp_cpu_affinity", {"0", "3 1 2"}},
      {"checker_cpu_affinity", {"0"}},
      {"bfd_cpu_affinity", {"0 1023"}},
      {"script_user", {"nobody", "nobody nogroup", "nobody :nogroup"}},
      {"umask", {"0", "0777", "022", "IRWXG|IRWXO", "IRUSR | IXOTH"}},
      {"include_check", {"read", "+match -brace_match"}},
      {"vrrp_mcast_group4", {"224.0.0.19"}},
      {"vrrp_mcast_group6", {"ff02::13"}},
      {"vrrp_rx_bufs_policy", {"MTU", "advert", "65536"}},
      {"auth_pass", {"secret", "\"a b\""}},
  };
  return kSamples;
}

/// The header of a block, and what it must hold to be kept.
struct Frame {
  std::string header, siblings;
};
const std::map<Block, Frame>& frames() {
  static const std::map<Block, Frame> kFrames = {
      {Block::vrrp_instance, {"A", "interface eth0\nvirtual_router_id 10\nvirtual_ipaddress {\n192.0.2.10\n}\n"}},
      {Block::authentication, {"", "auth_type PASS\nauth_pass 1\n"}},
      {Block::vrrp_sync_group, {"G", "group {\nA\n}\n"}},
      {Block::track_group, {"T", "group {\nA\n}\n"}},
      {Block::garp_group, {"", "garp_interval 0.5\n"}},
      {Block::vrrp_script, {"s", "script \"/bin/true\"\n"}},
      {Block::vrrp_track_process, {"p", "process sshd\n"}},
      {Block::vrrp_track_gateway, {"g", "address 192.0.2.1\n"}},
      {Block::track_file, {"f", "file \"/tmp/f\"\n"}},
      {Block::bfd_instance, {"b", "neighbor_ip 192.0.2.9\n"}},
      {Block::virtual_server, {"10.0.0.1 80", "protocol TCP\nlb_algo rr\nlb_kind NAT\nreal_server 10.0.0.9 80 {\n}\n"}},
      {Block::real_server, {"10.0.0.2 80", ""}},
      {Block::real_server_pool, {"db.example.com 80", ""}},
      {Block::http_get, {"", "url {\npath /\n}\n"}},
      {Block::ssl_get, {"", "url {\npath /\n}\n"}},
      {Block::http_url, {"", "path /x\n"}},
      {Block::ssl_url, {"", "path /x\n"}},
      {Block::misc_check, {"", "misc_path \"/bin/true\"\n"}},
      {Block::file_check, {"", "track_file f\n"}},
      {Block::bfd_check, {"", "name b\n"}},
      {Block::group_entry, {"V", "10.0.0.7 80\n"}},
  };
  return kFrames;
}

/// What other objects refer to.
constexpr std::string_view kAround =
    "vrrp_instance A {\ninterface eth0\nvirtual_router_id 10\nvirtual_ipaddress {\n192.0.2.10\n}\n}\n";

struct Row {
  Block block = Block::none;
  const Keyword* keyword = nullptr;
};

std::string title(const Row& row) {
  return std::string(name_of(row.block)) + "/" + std::string(row.keyword->name);
}

/// How to get into each block: the rows from the top level on.
std::map<Block, std::vector<Row>> ways() {
  std::map<Block, std::vector<Row>> found = {{Block::root, {}}};
  std::vector<Block> open = {Block::root};
  for (std::size_t i = 0; i < open.size(); ++i)
    for (const Keyword* keyword : keywords_in(open[i])) {
      const Block inner = keyword->action.opens;
      if (inner == Block::none || is_list(inner) || !keyword->is_read() || found.contains(inner)) continue;
      std::vector<Row> way = found[open[i]];
      way.push_back({open[i], keyword});
      found.emplace(inner, std::move(way));
      open.push_back(inner);
    }
  return found;
}

const std::map<Block, std::vector<Row>>& known_ways() {
  static const std::map<Block, std::vector<Row>> kWays = ways();
  return kWays;
}

/// The rows that are read and stand in a block that can be opened.
const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = [] {
    std::vector<Row> found;
    for (const auto& [block, way] : known_ways())
      for (const Keyword* keyword : keywords_in(block))
        if (keyword->is_read() && !keyword->is_placeholder()) found.push_back({block, keyword});
    return found;
  }();
  return kRows;
}

std::string number(const Argument& argument, std::int64_t value) {
  return argument.kind == Argument::Kind::decimal ? decimal(value) : std::to_string(value);
}

bool is_number(const Argument& argument) {
  return argument.kind == Argument::Kind::integer || argument.kind == Argument::Kind::decimal;
}

/// What may follow the keyword.
Samples values_of(const Row& row) {
  const Argument& argument = row.keyword->argument;
  Samples values;
  if (argument.is_optional) values.emplace_back();
  const auto known = samples().find(row.keyword->name);
  if (known != samples().end()) {
    values.insert(values.end(), known->second.begin(), known->second.end());
    return values;
  }
  switch (argument.kind) {
    case Argument::Kind::none: return {""};
    case Argument::Kind::boolean: return {"", "on", "off", "true", "false", "yes", "no"};
    case Argument::Kind::integer:
    case Argument::Kind::decimal:
      for (const std::int64_t value : {argument.minimum, argument.maximum, argument.minimum / 2 + argument.maximum / 2})
        values.push_back(number(argument, value));
      return values;
    case Argument::Kind::address: values.insert(values.end(), {"192.0.2.7", "2001:db8::7"}); return values;
    case Argument::Kind::script:
      values.insert(values.end(), {"/bin/true", "\"/bin/true a 'b c'\"", "\"/bin/true\" nobody nogroup"});
      return values;
    case Argument::Kind::block: {
      const auto frame = frames().find(row.keyword->action.opens);
      return {frame == frames().end() ? "" : frame->second.header};
    }
    case Argument::Kind::list: return {"eth0 eth1"};
    case Argument::Kind::word:
    case Argument::Kind::text: break;
  }
  const auto choices = argument.choices();
  for (const std::string_view choice : choices)
    values.emplace_back(choice);
  if (choices.empty()) values.insert(values.end(), {"x1", "\"a b\""});
  return values;
}

/// The lines that say `value` in the row.
std::string line_of(const Row& row, const std::string& value) {
  const std::string name(row.keyword->name);
  const Block opens = row.keyword->action.opens;
  if (opens == Block::none) return name + " " + value + "\n";
  if (is_list(opens) && row.keyword->argument.kind == Argument::Kind::list) return name + " {\n" + value + "\n}\n";
  const auto frame = frames().find(opens);
  return name + " " + value + " {\n" + (frame == frames().end() ? "" : frame->second.siblings) + "}\n";
}

/// A configuration in which `lines` stand in `block`.
std::string around(Block block, const std::string& lines) {
  const std::vector<Row>& way = known_ways().at(block);
  const bool is_in_instance = !way.empty() && way.front().keyword->action.opens == Block::vrrp_instance;
  std::string before(is_in_instance ? std::string_view{} : kAround);
  std::string after;
  for (const Row& row : way) {
    const auto frame = frames().find(row.keyword->action.opens);
    const bool is_known = frame != frames().end();
    before += std::string(row.keyword->name) + " " + (is_known ? frame->second.header : "") + " {\n" +
              (is_known ? frame->second.siblings : "");
    after += "}\n";
  }
  return before + lines + after;
}

/// What is wrong with it; empty: nothing.
std::string fault_of_round_trip(const std::string& text) {
  const std::string once = dump(parse(text, "f").config);
  const Parsed again = parse(once, "dump");
  if (again.diagnostics.has_errors()) return "the dump has errors\n" + again.diagnostics.render_all() + once;
  const std::string twice = dump(again.config);
  return twice == once ? "" : "the dump changes\n" + once + "--\n" + twice;
}

bool is_ours(Block block) {
  return block == Block::root || block == Block::global_defs || block == Block::garp_group;
}

TEST_CASE("every block that is read can be opened from the top level") {
  std::set<Block> missing;
  for (const Section& section : sections())
    for (const Keyword& keyword : section.rows)
      for (std::size_t i = 0; i < kBlocks; ++i) {
        const auto block = static_cast<Block>(i);
        if (section.in.contains(block) && keyword.is_read() && !is_list(block) && !known_ways().contains(block))
          missing.insert(block);
      }
  for (const Block block : missing)
    CHECK_MESSAGE(block == Block::none, name_of(block));
  CHECK(known_ways().size() >= 10);
  CHECK(rows().size() >= 250);
}

TEST_CASE("each value that the table allows is read, printed, and read as the same") {
  std::size_t values = 0;
  for (const Row& row : rows())
    for (const std::string& value : values_of(row)) {
      ++values;
      const std::string text = around(row.block, line_of(row, value));
      const std::string fault = fault_of_round_trip(text);
      CHECK_MESSAGE(fault.empty(), title(row) << " " << value << ": " << fault);
      if (!is_ours(row.block) || row.keyword->action.opens != Block::none) continue;
      const Parsed parsed = parse(text, "f");
      CHECK_MESSAGE(!parsed.diagnostics.has_errors(), title(row)
                                                          << " " << value << ": " << parsed.diagnostics.render_all());
    }
  CHECK(values >= 500);
}

/// Rows of global_defs and the top level that leave nothing to print.
bool leaves_nothing(std::string_view name) {
  return name == "include_check";
}

TEST_CASE("what is written into global_defs or at the top level is in the dump") {
  for (const Row& row : rows()) {
    if (!is_ours(row.block) || row.keyword->action.opens != Block::none || leaves_nothing(row.keyword->name)) continue;
    const std::string nothing = dump(parse(around(row.block, ""), "f").config);
    const Samples values = values_of(row);
    const bool is_seen = std::ranges::any_of(values, [&](const std::string& value) {
      return dump(parse(around(row.block, line_of(row, value)), "f").config) != nothing;
    });
    CHECK_MESSAGE(is_seen, title(row));
  }
}

TEST_CASE("a number beyond its range is refused by name, and costs no other line") {
  std::size_t refused = 0;
  for (const Row& row : rows()) {
    const Argument& argument = row.keyword->argument;
    if (!is_number(argument)) continue;
    for (const std::string& value :
         {number(argument, argument.minimum - 1), number(argument, argument.maximum + 1), std::string("abc")}) {
      const std::string text = around(row.block, line_of(row, value));
      const Parsed parsed = parse(text, "f");
      ++refused;
      const auto names_it = [&](const Diagnostic& diagnostic) {
        return diagnostic.status != Status::not_active &&
               (diagnostic.text.find(row.keyword->name) != std::string::npos ||
                diagnostic.text.find(value) != std::string::npos);
      };
      CHECK_MESSAGE(std::ranges::any_of(parsed.diagnostics.all(), names_it),
                    title(row) << " " << value << ": " << parsed.diagnostics.render_all());
      const std::string fault = fault_of_round_trip(text);
      CHECK_MESSAGE(fault.empty(), title(row) << " " << value << ": " << fault);
    }
  }
  CHECK(refused >= 200);
}

TEST_CASE("a switch is on or off, and nothing else") {
  std::size_t switches = 0;
  for (const Row& row : rows()) {
    if (row.keyword->argument.kind != Argument::Kind::boolean) continue;
    ++switches;
    const Parsed parsed = parse(around(row.block, line_of(row, "maybe")), "f");
    CHECK_MESSAGE(parsed.diagnostics.exit_status() == 5, title(row) << ": " << parsed.diagnostics.render_all());
  }
  CHECK(switches >= 10);
}

TEST_CASE("any mixture of rows is read, printed, and read as the same") {
  std::map<Block, std::vector<Row>> by_block;
  for (const Row& row : rows())
    by_block[row.block].push_back(row);
  std::vector<Block> blocks;
  for (const auto& [block, in] : by_block)
    blocks.push_back(block);
  const bool holds = rc::check([&] {
    const Block block = *rc::gen::elementOf(blocks);
    const std::vector<Row>& in = by_block[block];
    const int count = *rc::gen::inRange(1, 30);
    std::string lines;
    for (int i = 0; i < count; ++i) {
      const Row& row = in[*rc::gen::inRange<std::size_t>(0, in.size())];
      lines += line_of(row, *rc::gen::elementOf(values_of(row)));
    }
    const std::string text = around(block, lines);
    const std::string fault = fault_of_round_trip(text);
    RC_LOG() << text << fault;
    RC_ASSERT(fault.empty());
  });
  CHECK(holds);
}

}  // namespace
}  // namespace baton::config
