#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

std::vector<std::string> names(const std::vector<NamedInterface>& interfaces) {
  std::vector<std::string> names;
  for (const NamedInterface& interface : interfaces)
    names.push_back(interface.name);
  return names;
}

bool says(const Parsed& parsed, std::string_view words) {
  return said(parsed).find(words) != std::string::npos;
}

TEST_CASE("a garp_group, all of it") {
  const Parsed parsed = read(
      "garp_group {\ngarp_interval 0.5\ngna_interval 0.000001\ninterface eth0\ninterface eth1\ninterfaces {\neth2 "
      "eth3\neth4\n}\n}\n");
  REQUIRE(parsed.config.garp_groups.size() == 1);
  const GarpGroup& group = parsed.config.garp_groups[0];
  CHECK(group.garp_interval == std::chrono::milliseconds(500));
  CHECK(group.gna_interval == std::chrono::microseconds(1));
  CHECK(names(group.interface) == std::vector<std::string>{"eth0", "eth1"});
  CHECK(names(group.interfaces) == std::vector<std::string>{"eth2", "eth3", "eth4"});
  CHECK(parsed.diagnostics.exit_status() == 0);
}

TEST_CASE("a garp_group without an interval has no effect") {
  const Parsed parsed = read("garp_group {\ninterface eth0\ngarp_interval 0\n}\n");
  CHECK(says(parsed, "1:1 warning 5: this garp_group has no interval: it has no effect"));
  CHECK(parsed.config.garp_groups.empty());
}

TEST_CASE("an interface is in one garp_group") {
  const Parsed parsed = read(
      "garp_group {\ngarp_interval 1\ninterface eth0\n}\ngarp_group {\ngna_interval 1\ninterfaces {\neth1 "
      "eth0\n}\n}\n");
  CHECK(says(parsed, "8:6 error 5: interface 'eth0' is in a garp_group already (here it is ignored)"));
  REQUIRE(parsed.config.garp_groups.size() == 2);
  CHECK(names(parsed.config.garp_groups[1].interfaces) == std::vector<std::string>{"eth1"});
}

TEST_CASE("delays of links: of several lines for one interface the last counts") {
  const Parsed parsed = read("interface_up_down_delays {\neth0 1\neth1 2 3.5\neth0 4\neth2 256\neth3\neth4 1 x\n}\n");
  const auto& delays = parsed.config.daemon.interface_up_down_delays;
  REQUIRE(delays.size() == 2);
  CHECK(delays[0].interface.name == "eth0");
  CHECK(delays[0].down == std::chrono::seconds(4));
  CHECK(delays[1].up == std::chrono::milliseconds(3500));
  CHECK(says(parsed, "5:6 error 5: a delay is 0 to 255 s, not '256' (the line is ignored)"));
  CHECK(says(parsed, "6:1 warning 0: interface 'eth3' has no delay"));
  CHECK(says(parsed, "7:8 error 5: a delay is 0 to 255 s, not 'x'"));
}

TEST_CASE("links that keepalived polls are kept, and their method is checked") {
  const Parsed parsed = read("linkbeat_interfaces {\neth0 MII\neth1 foo\neth2\n}\n");
  const auto& entries = parsed.config.daemon.linkbeat_interfaces;
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].method == "MII");
  CHECK(entries[1].method.empty());
  CHECK(says(parsed, "3:6 error 5: a method is MII, ETHTOOL or IOCTL, not 'foo'"));
  CHECK(says(parsed, "'linkbeat_interfaces' has no effect in Baton"));
}

}  // namespace
}  // namespace baton::config
