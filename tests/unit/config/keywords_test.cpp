// The keyword table as a whole: what every row must fulfil, and that each row does what it says.
#include "config/keywords.hpp"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// Calls `visit(block, keyword)` for every row and each block it stands in.
template <class Visit>
void each_row(Visit visit) {
  for (const Section& section : sections())
    for (const Keyword& keyword : section.rows)
      for (std::size_t i = 0; i < kBlocks; ++i)
        if (section.in.contains(static_cast<Block>(i))) visit(static_cast<Block>(i), keyword);
}

std::string title(Block block, const Keyword& keyword) {
  return std::string(name_of(block)) + "/" + std::string(keyword.name);
}

TEST_CASE("a keyword stands in a block once, and is found there") {
  std::set<std::pair<Block, std::string_view>> seen;
  std::size_t rows = 0;
  each_row([&](Block block, const Keyword& keyword) {
    ++rows;
    CHECK_MESSAGE(seen.emplace(block, keyword.name).second, title(block, keyword));
    CHECK_MESSAGE(find_keyword(block, keyword.name) == &keyword, title(block, keyword));
  });
  CHECK(rows > 650);
  CHECK(rows < 1024);  // the index has 2048 places
  CHECK(find_keyword(Block::root, "") == nullptr);
  CHECK(find_keyword(Block::root, "priority") == nullptr);
}

TEST_CASE("every row has a name, one line of help, and a sensible range") {
  each_row([](Block block, const Keyword& keyword) {
    const std::string row = title(block, keyword);
    CHECK_MESSAGE(!keyword.name.empty(), row);
    CHECK_MESSAGE(keyword.help.size() >= 4, row);
    CHECK_MESSAGE(keyword.help.size() < 220, row);
    CHECK_MESSAGE(keyword.help.find_first_of("\n\t") == std::string_view::npos, row);
    CHECK_MESSAGE(!keyword.help.ends_with("."), row);
    CHECK_MESSAGE(keyword.help.find("FEATURES") == std::string_view::npos, row);
    CHECK_MESSAGE(keyword.default_value.find("FEATURES") == std::string_view::npos, row);
    CHECK_MESSAGE(keyword.argument.minimum <= keyword.argument.maximum, row);
    if (keyword.argument.kind == Argument::Kind::integer || keyword.argument.kind == Argument::Kind::decimal)
      CHECK_MESSAGE(keyword.argument.minimum < keyword.argument.maximum, row);
  });
}

TEST_CASE("a row that has a block opens one, and only such a row") {
  each_row([](Block block, const Keyword& keyword) {
    const std::string row = title(block, keyword);
    const bool opens = keyword.action.opens != Block::none;
    CHECK_MESSAGE(keyword.argument.has_block() == opens, row);
    if (keyword.action.close != nullptr) CHECK_MESSAGE(opens, row);
    const bool has_entry = keyword.action.entry != nullptr;
    const bool opens_list = is_list(keyword.action.opens);
    if (has_entry) CHECK_MESSAGE(opens_list, row);
    if (keyword.is_active() && opens_list) CHECK_MESSAGE(has_entry, row);
  });
}

TEST_CASE("every block has rows, and every block in braces can be opened") {
  std::set<Block> with_rows;
  std::set<Block> opened = {Block::root};
  each_row([&](Block block, const Keyword& keyword) {
    with_rows.insert(block);
    opened.insert(keyword.action.opens);
  });
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const auto block = static_cast<Block>(i);
    CHECK_MESSAGE(with_rows.contains(block), i);
    if (!is_list(block)) CHECK_MESSAGE(opened.contains(block), i);
  }
}

TEST_CASE("an old spelling names a keyword of the same block") {
  std::size_t old = 0;
  each_row([&](Block block, const Keyword& keyword) {
    if (keyword.action.instead.empty()) return;
    ++old;
    const bool is_there = find_keyword(block, keyword.action.instead) != nullptr ||
                          find_keyword(Block::vrrp_instance, keyword.action.instead) != nullptr;
    CHECK_MESSAGE(is_there, title(block, keyword));
  });
  CHECK(old >= 10);
}

TEST_CASE("a word is found in the blocks that know it, those that Baton acts on first") {
  const auto names = [](std::string_view word) {
    std::vector<std::string_view> found;
    for (const Block block : blocks_of(word))
      found.push_back(name_of(block));
    return found;
  };
  CHECK(names("nb_get_retry") == std::vector<std::string_view>{"HTTP_GET", "SSL_GET"});
  REQUIRE(names("connect_port").size() == 8);
  CHECK(names("connect_port")[0] == "SMTP_CHECK");
  CHECK(names("connect_port")[1] == "host");
  CHECK(names("connect_port")[2] == "TCP_CHECK");
  CHECK(names("router_id") == std::vector<std::string_view>{"global_defs"});
  CHECK(names("nosuch").empty());
  CHECK(names("(address)").empty());
}

TEST_CASE("what ends every block before it stands at the top level only") {
  CHECK(is_root_only_block("vrrp_instance"));
  CHECK(is_root_only_block("virtual_server"));
  CHECK(is_root_only_block("global_defs"));
  CHECK_FALSE(is_root_only_block("track_file"));     // also inside an instance
  CHECK_FALSE(is_root_only_block("net_namespace"));  // no block
  CHECK_FALSE(is_root_only_block("real_server"));
  CHECK_FALSE(is_root_only_block("nosuch"));
}

TEST_CASE("script lines are known by their keyword") {
  for (const char* name : {"notify", "notify_master", "quorum_up", "misc_path", "script", "startup_script"})
    CHECK_MESSAGE(takes_script(name), name);
  CHECK_FALSE(takes_script("router_id"));
  CHECK_FALSE(takes_script(""));
}

/// A configuration in which `line` stands in `block`; empty when there is no such block that Baton acts on.
std::string around(Block block, const std::string& line) {
  switch (block) {
    case Block::global_defs: return globals(line) + instance("");
    case Block::vrrp_instance: return instance(line);
    case Block::authentication: return instance("authentication {\nauth_type PASS\nauth_pass 1\n" + line + "\n}");
    case Block::virtual_server: return server(line);
    case Block::real_server: return real(line);
    case Block::tcp_check: return check("TCP_CHECK", line);
    case Block::ping_check: return check("PING_CHECK", line);
    case Block::udp_check: return check("UDP_CHECK", line);
    case Block::dns_check: return check("DNS_CHECK", line);
    case Block::misc_check: return check("MISC_CHECK", "misc_path /x\n" + line);
    case Block::smtp_check: return check("SMTP_CHECK", line);
    case Block::smtp_host: return check("SMTP_CHECK", "host {\n" + line + "\n}");
    case Block::http_get: return check("HTTP_GET", "url {\npath /\n}\n" + line);
    case Block::ssl_get: return check("SSL_GET", "url {\npath /\n}\n" + line);
    case Block::http_url: return check("HTTP_GET", "url {\npath /\n" + line + "\n}");
    case Block::ssl_url: return check("SSL_GET", "url {\npath /\n" + line + "\n}");
    default: return {};
  }
}

bool says(const Parsed& parsed, std::string_view words) {
  return said(parsed).find(words) != std::string::npos;
}

std::string number(const Argument& argument, std::int64_t value) {
  return argument.kind == Argument::Kind::decimal ? decimal(value) : std::to_string(value);
}

TEST_CASE("numbers are taken at both ends of their range and refused beyond them") {
  std::size_t rows = 0;
  each_row([&](Block block, const Keyword& keyword) {
    const Argument& argument = keyword.argument;
    if (argument.kind != Argument::Kind::integer && argument.kind != Argument::Kind::decimal) return;
    if (!keyword.is_active() || around(block, "").empty()) return;
    const std::string name(keyword.name);
    if (name.starts_with("regex_")) return;  // keepalived says nothing of them, so that advice is all there is
    ++rows;
    const auto with = [&](std::int64_t value) { return read(around(block, name + " " + number(argument, value))); };
    const std::string refused =
        name + " must be " + (name == "persistence_timeout" ? "1 " : argument.range() + ", not");
    for (const std::int64_t value : {argument.minimum, argument.maximum}) {
      const Parsed parsed = with(value);
      CHECK_MESSAGE(!says(parsed, refused), title(block, keyword) << " " << value << "\n" << said(parsed));
      CHECK_MESSAGE(!says(parsed, "at most"), title(block, keyword) << " " << value << "\n" << said(parsed));
    }
    CHECK_MESSAGE(says(with(argument.minimum - 1), refused), title(block, keyword));
    const Parsed above = with(argument.maximum + 1);
    CHECK_MESSAGE((says(above, name + " must be " + argument.range()) || says(above, "a weight is at most")),
                  title(block, keyword) << said(above));
    CHECK_MESSAGE(says(read(around(block, name + " abc")), name + " must be a"), title(block, keyword));
    CHECK_MESSAGE(read(around(block, name + " abc")).diagnostics.exit_status() == 5, title(block, keyword));
  });
  CHECK(rows >= 50);
}

TEST_CASE("a number at either end of its range arrives in the Config") {
  each_row([&](Block block, const Keyword& keyword) {
    const Argument& argument = keyword.argument;
    if (argument.kind != Argument::Kind::integer || !keyword.is_active() || around(block, "").empty()) return;
    const std::string name(keyword.name);
    // Defaults and corrections would stand in for these: the tests of resolve_server tell.
    if (name == "retry" || name == "nb_get_retry" || name == "quorum" || name == "hysteresis" || name == "lthreshold")
      return;
    if (name == "weight" && block == Block::virtual_server) return;
    if (name == "unicast_ttl" || !keyword.action.instead.empty()) return;  // needs peers; an old spelling is not dumped
    for (const std::int64_t value : {argument.minimum, argument.maximum}) {
      // 0 means "none", which a dump leaves out, as it does the default.
      if (value == 0 || keyword.default_value == std::to_string(value)) continue;
      const std::string dumped = dump(read(around(block, name + " " + std::to_string(value))).config);
      CHECK_MESSAGE(dumped.find(name + " " + std::to_string(value) + "\n") != std::string::npos, title(block, keyword)
                                                                                                     << " " << value);
    }
  });
}

TEST_CASE("the default that the table names is the one in effect") {
  std::size_t rows = 0;
  each_row([&](Block block, const Keyword& keyword) {
    const Argument& argument = keyword.argument;
    const bool is_number = argument.kind == Argument::Kind::integer || argument.kind == Argument::Kind::decimal;
    std::string value(keyword.default_value);
    const std::size_t open = value.find('(');
    if (open != std::string::npos && value.starts_with("server default"))
      value = value.substr(open + 1, value.find(')') - open - 1);
    if (!is_number || !keyword.is_active() || around(block, "").empty()) return;
    if (value.empty() || value.find_first_not_of("0123456789.") != std::string::npos) return;
    ++rows;
    const std::string plain = dump(read(around(block, "")).config);
    const std::string written = dump(read(around(block, std::string(keyword.name) + " " + value)).config);
    if (keyword.name == "smtp_connect_timeout") {  // absent means that nobody asked for another one
      CHECK(written.find("smtp_connect_timeout 30\n") != std::string::npos);
      return;
    }
    CHECK_MESSAGE(plain == written, title(block, keyword) << " " << value);
  });
  CHECK(rows >= 25);
}

TEST_CASE("a value that is missing is told at its line, with keepalived's status") {
  std::size_t rows = 0;
  each_row([&](Block block, const Keyword& keyword) {
    if (keyword.argument.fewest() == 0 || keyword.argument.has_block() || around(block, "").empty()) return;
    ++rows;
    const Parsed parsed = read(around(block, std::string(keyword.name)));
    CHECK_MESSAGE(says(parsed, "'" + std::string(keyword.name) + "' lacks its value"), title(block, keyword));
    CHECK_MESSAGE(parsed.diagnostics.exit_status() == (keyword.argument.is_lenient ? 5 : 2), title(block, keyword));
    CHECK_MESSAGE(parsed.config.vrrp_instances.size() + parsed.config.virtual_servers.size() == 1,
                  title(block, keyword));
  });
  CHECK(rows > 150);
}

TEST_CASE("every row is read; the preprocessor and script lines have readers of their own") {
  std::size_t rows = 0;
  each_row([&](Block block, const Keyword& keyword) {
    const bool is_form = block == Block::script_form || block == Block::preprocessor;
    if (keyword.is_placeholder() || is_form) return;
    ++rows;
    CHECK_MESSAGE(keyword.is_read(), title(block, keyword));
  });
  CHECK(rows > 600);
}

/// The blocks of keepalived's table by the names that it gives them.
const std::map<std::string, Block, std::less<>>& blocks_by_path() {
  static const std::map<std::string, Block, std::less<>> kBlocksByPath = {
      {"(root)", Block::root},
      {"global_defs", Block::global_defs},
      {"track_group", Block::track_group},
      {"vrrp_sync_group", Block::vrrp_sync_group},
      {"garp_group", Block::garp_group},
      {"vrrp_instance", Block::vrrp_instance},
      {"authentication", Block::authentication},
      {"auth_hmac", Block::auth_hmac},
      {"vrrp_script", Block::vrrp_script},
      {"vrrp_track_process", Block::vrrp_track_process},
      {"track_file", Block::track_file},
      {"vrrp_track_file", Block::track_file},
      {"bfd_instance", Block::bfd_instance},
      {"SSL", Block::ssl},
      {"virtual_server", Block::virtual_server},
      {"real_server", Block::real_server},
      {"MISC_CHECK", Block::misc_check},
      {"SMTP_CHECK", Block::smtp_check},
      {"SMTP_CHECK/host", Block::smtp_host},
      {"TCP_CHECK", Block::tcp_check},
      {"PING_CHECK", Block::ping_check},
      {"UDP_CHECK", Block::udp_check},
      {"HTTP_GET", Block::http_get},
      {"HTTP_GET/url", Block::http_url},
      {"SSL_GET", Block::ssl_get},
      {"SSL_GET/url", Block::ssl_url},
      {"DNS_CHECK", Block::dns_check},
      {"FILE_CHECK", Block::file_check},
      {"BFD_CHECK", Block::bfd_check},
      {"<ip-entry>", Block::ip_entry},
      {"<route-entry>", Block::route_entry},
      {"<route-entry>/nexthop", Block::nexthop},
      {"<route-entry>/encap ip", Block::encap_ip},
      {"<route-entry>/encap ip6", Block::encap_ip6},
      {"<route-entry>/encap mpls", Block::encap_mpls},
      {"<route-entry>/encap ila", Block::encap_ila},
      {"<rule-entry>", Block::rule_entry},
      {"<vsg-entry>", Block::group_entry},
      {"<track-entry>/track_interface", Block::track_interface},
      {"<track-entry>/track_script", Block::track_script},
      {"<track-entry>/track_file", Block::track_file_entry},
      {"<track-entry>/track_process", Block::track_process},
      {"<track-entry>/track_bfd", Block::track_bfd},
      {"<unicast-peer>", Block::unicast_peer},
      {"<script-form>", Block::script_form},
      {"<preprocessor>", Block::preprocessor}};
  return kBlocksByPath;
}

TEST_CASE("every keyword of keepalived's documented table is in ours") {
  std::ifstream file(std::string(BATON_SOURCE_DIR) + "/../shared/compat/keywords.tsv");
  if (!file) {
    MESSAGE("NOT CHECKED: ../shared/compat/keywords.tsv is not there");
    CHECK(sections().size() > 30);
    return;
  }
  std::string line;
  std::getline(file, line);
  std::size_t rows = 0;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string path;
    std::string name;
    std::getline(fields, path, '\t');
    std::getline(fields, name, '\t');
    for (const std::string_view prefix : {"virtual_server/real_server/", "virtual_server/", "vrrp_instance/"})
      if (path.starts_with(prefix)) path.erase(0, prefix.size());
    REQUIRE_MESSAGE(blocks_by_path().contains(path), path);
    CHECK_MESSAGE(find_keyword(blocks_by_path().at(path), name) != nullptr, path << " " << name);
    ++rows;
  }
  CHECK(rows > 600);
}

}  // namespace
}  // namespace baton::config
