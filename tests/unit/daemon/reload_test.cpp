#include "daemon/reload.hpp"

#include <sys/stat.h>

#include "daemon/configuration_files.hpp"
#include "daemon/sealed_text.hpp"
#include "unit/daemon/temporary.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

constexpr const char* kServices = R"(virtual_server 192.0.2.10 80 {
  lb_algo rr
  lb_kind NAT
  protocol TCP
  real_server 192.0.2.20 80 {
    weight 1
  }
}
)";

std::string trouble(const std::string& path) {
  const auto read = read_configuration(path);
  return read.fault == config::FileFault::none ? "none" : read.reason;
}

Options with_file(const std::string& path) {
  Options options;
  options.configuration_file = path;
  return options;
}

}  // namespace

TEST_CASE("a configuration file is read whole") {
  const TemporaryFolder folder;
  CHECK(read_configuration(folder.write("a", "text\n")).text == "text\n");
  CHECK(read_configuration(folder.write("empty", "")).text.empty());
  const std::string large(300'000, '#');
  CHECK(read_configuration(folder.write("large", large)).text == large);
}

TEST_CASE("what is no configuration file is told, and never waited for") {
  const TemporaryFolder folder;
  CHECK(trouble(folder.file("missing")) == "cannot be opened: No such file or directory");
  CHECK(trouble(folder.file("")) == "is a directory");
  REQUIRE(::mkfifo(folder.file("fifo").c_str(), 0600) == 0);
  CHECK(trouble(folder.file("fifo")) == "is not a regular file");
  CHECK(trouble("/dev/zero") == "is not a regular file");
  CHECK(trouble(folder.write("program", "", 0755)) == "is executable and so not taken for a configuration (chmod a-x)");
  folder.write("huge", "");
  REQUIRE(::truncate(folder.file("huge").c_str(), static_cast<off_t>(kMaxConfiguration) + 1) == 0);
  CHECK(trouble(folder.file("huge")) == "is longer than 256 MiB");
}

TEST_CASE("a file that cannot be read is a refusal with status 6") {
  const TemporaryFolder folder;
  const auto loaded = load_configuration(with_file(folder.file("missing")));
  CHECK(loaded.parsed.diagnostics.refusal() == 6);
  CHECK(loaded.parsed.diagnostics.exit_status() == 6);
  CHECK(loaded.parsed.diagnostics.render_all().find("No such file") != std::string::npos);
}

TEST_CASE("what the machine lacks is among the diagnostics") {
  const TemporaryFolder folder;
  const auto loaded = load_configuration(with_file(folder.write("a", R"(vrrp_instance A {
  interface nosuchinterface
  virtual_router_id 1
  notify_master "/nonexistent/script" nosuchuser nosuchgroup
  virtual_ipaddress { 192.0.2.1 }
}
)")));
  const auto text = loaded.parsed.diagnostics.render_all();
  CHECK(text.find("nosuchinterface") != std::string::npos);
  CHECK(text.find("/nonexistent/script") != std::string::npos);
  CHECK(loaded.parsed.diagnostics.refusal() == 2);
  CHECK(loaded.text->starts_with("vrrp_instance A"));
}

TEST_CASE("errors are compared by what they say: the same mistake on another line is no new one") {
  const auto errors = [](const char* text) { return error_texts(config::parse(text, "x.conf").diagnostics); };
  const auto before = errors("global_defs {\n  frobnicate 3\n}\n");
  CHECK(before.size() == 1);
  CHECK(errors("\n\nglobal_defs {\n  router_id A\n  frobnicate 3\n}\n") == before);
  CHECK(errors("global_defs {\n  router_id A\n}\n").empty());
  CHECK(errors("global_defs {\n  frobnicate 3\n  wibble\n}\n").size() == 2);
}

TEST_CASE("which roles are needed") {
  config::Config config;
  Options both;
  Options vrrp;
  vrrp.only_vrrp = true;
  Options checkers;
  checkers.only_checkers = true;
  using Roles = std::set<Role>;
  CHECK(needed_roles(both, config).empty());
  config.static_rules.resize(1);
  CHECK(needed_roles(both, config) == Roles{Role::vrrp});
  config.static_rules.clear();
  config.vrrp_instances.resize(1);
  CHECK(needed_roles(both, config) == Roles{Role::vrrp});
  CHECK(needed_roles(checkers, config).empty());
  config.virtual_servers.resize(1);
  config.virtual_servers[0].real_servers.resize(1);
  CHECK(needed_roles(both, config) == Roles{Role::vrrp, Role::ipvs});  // nothing is to be checked
  config.virtual_servers[0].real_server_pools.resize(1);
  CHECK(needed_roles(both, config).contains(Role::checkers));  // it asks DNS
  config.virtual_servers[0].real_server_pools.clear();
  config.virtual_servers[0].real_servers[0].checks.resize(1);
  CHECK(needed_roles(both, config) == Roles{Role::vrrp, Role::checkers, Role::ipvs});
  CHECK(needed_roles(vrrp, config) == Roles{Role::vrrp});
  CHECK(needed_roles(checkers, config) == Roles{Role::checkers, Role::ipvs});
  config.vrrp_instances.clear();
  CHECK(needed_roles(both, config) == Roles{Role::checkers, Role::ipvs});
}

TEST_CASE("the configuration test writes where it is told and ends with keepalived's status") {
  const TemporaryFolder folder;
  CHECK(test_configuration(with_file(folder.write("good", kServices)), folder.file("out")) == 0);
  CHECK(folder.read("out").empty());
  CHECK(test_configuration(with_file(folder.write("bad", "frobnicate 7\n")), folder.file("out")) == 5);
  CHECK(folder.read("out").find("bad:1:1: error: ") != std::string::npos);
  CHECK(folder.read("out").find("frobnicate") != std::string::npos);
  CHECK(test_configuration(with_file(folder.file("missing")), folder.file("out")) == 6);
  CHECK(folder.read("out").find("No such file") != std::string::npos);
  struct stat status {};
  REQUIRE(::stat(folder.file("out").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600);
}

TEST_CASE("the configuration test writes into no file that cannot be made, and through no link") {
  const TemporaryFolder folder;
  const auto good = folder.write("good", kServices);
  CHECK(test_configuration(with_file(good), folder.file("missing/out")) == 1);
  folder.write("precious", "precious");
  REQUIRE(::symlink(folder.file("precious").c_str(), folder.file("link").c_str()) == 0);
  CHECK(test_configuration(with_file(good), folder.file("link")) == 1);
  CHECK(folder.read("precious") == "precious");
}
