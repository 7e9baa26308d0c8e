#include "config/parse.hpp"

#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

TEST_CASE("a file that cannot be read is an error of status 6, and no daemon starts on it") {
  const Parsed parsed = unreadable("/etc/baton/nosuch.conf", "No such file or directory");
  CHECK(parsed.diagnostics.render_all() == "/etc/baton/nosuch.conf: error: No such file or directory\n");
  CHECK(parsed.diagnostics.exit_status() == 6);
  CHECK(parsed.diagnostics.refusal() == 6);
  CHECK(parsed.diagnostics.has_errors());
  CHECK(parsed.config.vrrp_instances.empty());
}

TEST_CASE("a text beyond all sense is refused unread") {
  const Parsed parsed = parse(std::string(kMaxTextSize + 1, '\n'), "huge.conf");
  CHECK(parsed.diagnostics.render_all() == "huge.conf: error: the file is larger than 256 MiB\n");
  CHECK(parsed.diagnostics.exit_status() == 6);
}

TEST_CASE("the text may go away: diagnostics and Config keep what they need") {
  auto text = std::make_unique<std::string>(instance("frobnicate") + server("virtualhost www.example"));
  const Parsed parsed = parse(*text, "f");
  text.reset();
  CHECK(parsed.diagnostics.render_all() ==
        "f:5:1: error: unknown keyword 'frobnicate'\n  5 | frobnicate\n    | ^~~~~~~~~~\n");
  CHECK(parsed.config.virtual_servers.at(0).virtualhost == "www.example");
}

TEST_CASE("diagnostics made at the end stand in their place") {
  const Parsed parsed = read("vrrp_instance A {\nfrobnicate\n}\nfoo\n");
  std::vector<std::uint32_t> lines;
  for (const Diagnostic& diagnostic : parsed.diagnostics.all())
    lines.push_back(diagnostic.position.line);
  CHECK(lines == std::vector<std::uint32_t>{1, 1, 2, 4});
}

TEST_CASE("the guides' files load, name their mistakes and serve") {
  for (const char* name : {"guide-master.conf", "guide-backup.conf"}) {
    std::ifstream file(std::string(BATON_SOURCE_DIR) + "/../shared/examples/" + name);
    if (!file) {
      MESSAGE("NOT CHECKED: ../shared/examples/" << name << " is not there");
      continue;
    }
    std::ostringstream text;
    text << file.rdbuf();
    const Parsed parsed = parse(text.str(), name);
    const std::string told = said(parsed);
    for (const char* line :
         {"39:9 error 5: 'connect_port' does not belong in real_server { } (it belongs inside TCP_CHECK { }",
          "41:9 error 5: 'nb_get_retry' does not belong in real_server { } (here it is called 'retry'",
          "49:9 error 5: 'connect_port'", "51:9 error 5: 'nb_get_retry'"})
      CHECK_MESSAGE(told.find(line) != std::string::npos, told);
    CHECK(parsed.diagnostics.exit_status() == 5);
    CHECK(parsed.diagnostics.refusal() == 0);
    REQUIRE(parsed.config.vrrp_instances.size() == 1);
    CHECK(parsed.config.vrrp_instances[0].virtual_addresses.size() == 1);
    CHECK(parsed.config.vrrp_instances[0].auth_pass == "1111");
    REQUIRE(parsed.config.virtual_servers.size() == 1);
    CHECK(parsed.config.virtual_servers[0].real_servers.size() == 2);
    CHECK(parsed.config.virtual_servers[0].lb_kind == LbKind::dr);
    CHECK(parsed.config.virtual_servers[0].persistence_timeout == 50);
  }
}

TEST_CASE("our own examples have nothing that could be said against them") {
  for (const char* mode : {"dr", "nat", "tun"})
    for (const char* role : {"master", "backup"}) {
      const std::string name = std::string(BATON_SOURCE_DIR) + "/etc/examples/" + mode + "-" + role + ".conf";
      std::ifstream file(name);
      REQUIRE_MESSAGE(file.good(), name);
      std::ostringstream text;
      text << file.rdbuf();
      const Parsed parsed = parse(text.str(), name);
      CHECK_MESSAGE(parsed.diagnostics.all().empty(), parsed.diagnostics.render_all());
      CHECK(parsed.config.vrrp_instances.size() == 1);
      CHECK(parsed.config.virtual_servers.size() == 1);
    }
}

/// Processor time, which the load of the machine does not change.
double seconds_for(const std::string& text) {
  const std::clock_t start = std::clock();
  const Parsed parsed = parse(text, "f");
  CHECK(parsed.diagnostics.render_all().size() < 100'000);  // whatever it is that was read
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

std::string repeated(std::size_t times, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += text;
  return all;
}

TEST_CASE("time is linear in whatever there is much of") {
  constexpr std::size_t kMany = 8'000;
  std::string services;
  std::string real_servers;
  std::string instances;
  for (std::size_t i = 0; i < kMany; ++i) {
    const std::string address =
        std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) + "." + std::to_string(i % 256);
    services += "virtual_server 10." + address + " 80 {\nreal_server 10.0.0.2 80 {\n}\n}\n";
    real_servers += "real_server 10." + address + " 80 {\n}\n";
    instances +=
        "vrrp_instance A" + std::to_string(i) + " {\ninterface eth" + std::to_string(i) + "\nvirtual_router_id 1\n}\n";
  }
  for (const std::string& text :
       {services,
        server(real_servers),
        instances,
        repeated(kMany, "vrrp_instance A {\n}\n"),
        repeated(kMany, "virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\n}\n}\n"),
        server(repeated(kMany, "real_server 10.0.0.3 80 {\n}\n")),
        addresses(repeated(kMany, "192.0.2.1\n")),
        addresses(repeated(kMany, "x y z\n")),
        instance(repeated(kMany, "priority 1\n")),
        instance(repeated(kMany, "prioritty 1\n")),
        instance(repeated(kMany, "frob {\n")),
        repeated(kMany, "global_defs {\n"),
        repeated(kMany, "vrrp_script a {\n"),
        repeated(kMany, "include x\n"),
        repeated(kMany, "$A=x\n"),
        globals("notification_email {\n" + repeated(kMany, "a@b c\n") + "}"),
        check("TCP_CHECK", repeated(kMany, "retry x\n")),
        check("HTTP_GET", repeated(kMany, "url {\npath /\n}\n")),
        check("HTTP_GET", "url {\npath /\n" + repeated(kMany, "status_code 200 x\n") + "}"),
        real(repeated(kMany, "TCP_CHECK {\n}\n")),
        instance(repeated(kMany, "notify \"/x 'a\"\n")),
        repeated(kMany, "virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\nTCP_CHECK {\n")})
    CHECK(seconds_for(text) < 2.0);  // milliseconds, if nothing is quadratic
}

}  // namespace
}  // namespace baton::config
