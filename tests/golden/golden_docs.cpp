// The documents that are made from the keyword table are those that the table makes now.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/keywords.hpp"
#include "config/load.hpp"
#include "config/manual.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

namespace fs = std::filesystem;

const fs::path kRoot = BATON_SOURCE_DIR;

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void compare(const fs::path& path, const std::string& made) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr)  // NOLINT(concurrency-mt-unsafe): one thread
    std::ofstream(path, std::ios::binary) << made;
  const bool is_up_to_date = made == contents(path);
  CHECK_MESSAGE(is_up_to_date, path.string() << " is out of date: UPDATE_GOLDEN=1 golden_docs writes it anew");
}

TEST_CASE("the documents are up to date") {
  const std::string head = contents(kRoot / "docs/configuration.in.md");
  const std::string source = contents(kRoot / "docs/compatibility.in.md");
  REQUIRE(head.size() > 1000);
  REQUIRE(source.find(kTableMarker) != std::string::npos);
  compare(kRoot / "docs/configuration.md", manual_reference(head));
  compare(kRoot / "docs/compatibility.md", manual_compatibility(source));
  compare(kRoot / "etc/man/baton.conf.5", manual_page(head));
  compare(kRoot / "etc/vim/syntax/baton.vim", vim_syntax());
}

/// The example inside the blocks that it needs, with what it refers to.
std::string whole(const Example& example) {
  const std::string text(example.text);
  const std::string server = "virtual_server 192.0.2.10 80 {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\n";
  const std::string real = "real_server 10.0.0.21 8080 {\n";
  const std::string url = "url {\npath /\nstatus_code 200\n}\n";
  const std::string instance = "interface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n192.0.2.99\n}\n";
  const std::string instances = "vrrp_instance VI_1 {\n" + instance +
                                "}\nvrrp_instance VI_2 {\ninterface eth1\nvirtual_router_id 52\n"
                                "virtual_ipaddress {\n192.0.2.98\n}\n}\n";
  switch (example.in) {
    case Block::global_defs: return "global_defs {\n" + text + "}\n";
    case Block::vrrp_instance: {
      const bool has_addresses = example.block == Block::ip_entry;
      return "vrrp_script proxy_lives {\nscript /bin/true\n}\nvrrp_track_process proxy {\nprocess haproxy\n}\n"
             "track_file load {\nfile /run/load\n}\nbfd_instance router {\nneighbor_ip 192.0.2.1\n}\n"
             "vrrp_track_gateway uplink {\naddress 192.0.2.1\n}\n"
             "vrrp_instance VI_1 {\n" +
             (has_addresses ? "interface eth0\nvirtual_router_id 51\n" : instance) + text + "}\n";
    }
    case Block::vrrp_sync_group: return instances + "vrrp_sync_group VG_1 {\n" + text + "}\n";
    case Block::virtual_server: return server + text + "}\n";
    case Block::real_server:
      return "track_file load {\nfile /run/load\n}\nbfd_instance router {\nneighbor_ip 192.0.2.1\n}\n" + server + real +
             text + "}\n}\n";
    case Block::http_get: return server + real + "HTTP_GET {\n" + text + "}\n}\n}\n";
    case Block::ssl_get: return server + real + "SSL_GET {\n" + text + "}\n}\n}\n";
    default:
      return example.block == Block::vrrp_sync_group || example.block == Block::track_group ? instances + text : text;
  }
}

TEST_CASE("every example reads without an error, and what it says is kept") {
  std::size_t count = 0;
  for (const Block block : manual_order()) {
    const Example* example = example_of(block);
    if (example == nullptr) continue;
    ++count;
    Files files;
    files.read = [&](const std::string&) { return FileText{whole(*example), FileFault::none, {}}; };
    const Parsed parsed = load(files, {}, title_of(block)).parsed;
    CHECK_MESSAGE(!parsed.diagnostics.has_errors(), parsed.diagnostics.render_all());
    const Parsed again = parse(dump(parsed.config), "dump");
    CHECK_MESSAGE(dump(again.config) == dump(parsed.config), title_of(block));
  }
  CHECK(count >= 40);
}

TEST_CASE("every block in braces has an example") {
  for (const Block block : manual_order())
    if (!is_list(block) && block != Block::smtp_host) CHECK_MESSAGE(example_of(block) != nullptr, title_of(block));
}

TEST_CASE("the reference describes every row once, and the table of states names each in every block") {
  std::multiset<const Keyword*> told;
  for (const Part& part : manual_parts())
    for (const Section* section : part.sections)
      for (const Keyword& keyword : section->rows)
        told.insert(&keyword);
  std::size_t rows = 0;
  for (const Section& section : sections())
    for (const Keyword& keyword : section.rows) {
      ++rows;
      CHECK_MESSAGE(told.count(&keyword) == 1, std::string(keyword.name));
    }
  CHECK(told.size() == rows);
  const std::string table = manual_compatibility(kTableMarker);
  for (const Block block : manual_order())
    for (const Keyword* keyword : keywords_in(block))
      if (keyword->name.find('|') == std::string_view::npos)
        CHECK_MESSAGE(table.find("| `" + std::string(keyword->name) + "` | ") != std::string::npos, title_of(block));
}

}  // namespace
}  // namespace baton::config
