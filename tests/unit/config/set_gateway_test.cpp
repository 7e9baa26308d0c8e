#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/keywords.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kInstance =
    "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n192.0.2.99\n}\n";

std::string gateway(std::string_view lines) {
  return "vrrp_track_gateway g {\n" + std::string(lines) + "\n}\n";
}

std::string faults(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.text.find("is tracked by nobody") == std::string::npos)
      text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " + d.text + "\n";
  return text;
}

TEST_CASE("a vrrp_track_gateway has its defaults") {
  const Parsed parsed = read(gateway("address 192.0.2.1"));
  CHECK_MESSAGE(faults(parsed).empty(), faults(parsed));
  REQUIRE(parsed.config.track_gateways.size() == 1);
  const TrackGateway& plain = parsed.config.track_gateways[0];
  CHECK(plain.name == "g");
  CHECK(plain.address == IpAddress::parse("192.0.2.1"));
  CHECK(plain.port == 0);
  CHECK(plain.interface.empty());
  CHECK(plain.interval == seconds(1));
  CHECK_FALSE(plain.timeout);
  CHECK(plain.rise == 2);
  CHECK(plain.fall == 3);
  CHECK(plain.weight == TrackWeight{});
}

TEST_CASE("a vrrp_track_gateway with everything, and as it is printed") {
  const std::string text = gateway(
      "address fe80::1\nport 443\ninterface eth7\ninterval 0.25\ntimeout 0.1\nrise 4\nfall 5\nweight -20 reverse");
  const Parsed parsed = read(text + std::string(kInstance) + "track_gateway {\ng weight 30 noreverse\n}\n}\n");
  CHECK_MESSAGE(faults(parsed).empty(), faults(parsed));
  REQUIRE(parsed.config.track_gateways.size() == 1);
  const TrackGateway& full = parsed.config.track_gateways[0];
  CHECK(full.port == 443);
  CHECK(full.interface == "eth7");
  CHECK(full.interval == milliseconds(250));
  CHECK(full.timeout == milliseconds(100));
  CHECK(full.rise == 4);
  CHECK(full.fall == 5);
  CHECK(full.weight == TrackWeight{-20, true});
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  const auto& tracked = parsed.config.vrrp_instances[0].tracking.gateways;
  REQUIRE(tracked.size() == 1);
  CHECK(tracked[0].name == "g");
  CHECK(tracked[0].weight == TrackWeight{30, false});
  const std::string printed = dump(parsed.config);
  for (const char* line : {"address fe80::1", "port 443", "interface eth7", "interval 0.25", "timeout 0.1", "rise 4",
                           "fall 5", "weight -20 reverse", "g weight 30 noreverse"})
    CHECK_MESSAGE(printed.find(line) != std::string::npos, line);
}

TEST_CASE("gateways that cannot be asked are left out, and it is said why") {
  struct Row {
    const char* lines;
    const char* why;
  };
  const Row rows[] = {
      {"port 80", "1:20 vrrp_track_gateway 'g' has no address: it is left out"},
      {"address fe80::1", "1:20 vrrp_track_gateway 'g' has a link-local address and no interface: it is left out"},
      {"address 0.0.0.0", "2:9 address must be one of a machine, not '0.0.0.0'"},
      {"address ff02::1", "2:9 address must be one of a machine, not 'ff02::1'"},
      {"address 224.0.0.1", "2:9 address must be one of a machine, not '224.0.0.1'"},
      {"address router", "2:9 "},
  };
  for (const auto& row : rows) {
    INFO(row.lines);
    const Parsed parsed = read(gateway(row.lines));
    CHECK(parsed.config.track_gateways.empty());
    CHECK_MESSAGE(faults(parsed).find(row.why) != std::string::npos, faults(parsed));
    CHECK(parsed.diagnostics.exit_status() != 0);
  }
}

TEST_CASE("values beyond their range leave the defaults") {
  for (const char* wrong : {"port 0", "port 65536", "interval 0.009", "interval 3601", "timeout 0", "rise 0", "fall 0",
                            "weight 255", "interface abcdefghijklmnop"}) {
    INFO(wrong);
    const Parsed parsed = read(gateway("address 192.0.2.1\n" + std::string(wrong)));
    REQUIRE(parsed.config.track_gateways.size() == 1);
    CHECK_FALSE(faults(parsed).empty());
    auto plain = read(gateway("address 192.0.2.1")).config.track_gateways.at(0);
    CHECK(parsed.config.track_gateways[0] == plain);
  }
}

TEST_CASE("two of a name, one that is not there, one that nobody tracks") {
  CHECK(faults(read(gateway("address 192.0.2.1") + gateway("address 192.0.2.2")))
            .find("there is a vrrp_track_gateway 'g' already") != std::string::npos);
  const Parsed parsed = read(gateway("address 192.0.2.1") + std::string(kInstance) + "track_gateway {\nh\n}\n}\n");
  CHECK(faults(parsed).find("there is no vrrp_track_gateway 'h': it is not tracked") != std::string::npos);
  CHECK(parsed.config.vrrp_instances.at(0).tracking.gateways.empty());
  const Parsed unused = read(gateway("address 192.0.2.1"));
  REQUIRE(unused.diagnostics.all().size() == 1);
  CHECK(unused.diagnostics.all()[0].text == "vrrp_track_gateway 'g' is tracked by nobody: it has no effect");
}

TEST_CASE("a gateway may be defined after the instance that tracks it, and a group may track it") {
  const Parsed parsed = read("vrrp_sync_group G {\ngroup {\nVI_1\n}\ntrack_gateway {\ng weight 5\n}\n}\n" +
                             std::string(kInstance) + "track_gateway {\ng\n}\n}\n" + gateway("address 192.0.2.1"));
  REQUIRE(parsed.config.sync_groups.size() == 1);
  CHECK(parsed.config.sync_groups[0].tracking.gateways.size() == 1);
  CHECK(parsed.config.vrrp_instances.at(0).tracking.gateways.size() == 1);
}

TEST_CASE("every keyword of gateways is Baton's own, and active; those of processes are active") {
  for (const Block block : {Block::vrrp_track_gateway, Block::track_gateway})
    for (const Keyword* keyword : keywords_in(block))
      CHECK_MESSAGE(keyword->action.is_own, keyword->name);
  for (const Block block : {Block::vrrp_instance, Block::vrrp_sync_group}) {
    CHECK(find_keyword(block, "track_gateway")->action.is_own);
    CHECK(is_active(block, "track_gateway"));
    CHECK(is_active(block, "track_process"));
  }
  CHECK(find_keyword(Block::root, "vrrp_track_gateway")->action.is_own);
  CHECK(is_active(Block::root, "vrrp_track_process"));
}

TEST_CASE("a process that can never be found is pointed out") {
  const auto process = [](std::string_view lines) {
    return read("vrrp_track_process p {\n" + std::string(lines) + "\n}\n" + std::string(kInstance) +
                "track_process {\np\n}\n}\n");
  };
  CHECK(faults(process("process averyveryverylo")).empty());
  CHECK(
      faults(process("process averyveryverylongname")).find("'p' finds nothing: the name of a process has 15 octets") !=
      std::string::npos);
  CHECK(faults(process("process /usr/sbin/nginx")).find("'p' finds nothing: the name of a process is no path") !=
        std::string::npos);
  CHECK(faults(process("process /usr/sbin/nginx\nfull_command")).empty());
  CHECK(faults(process("process /usr/sbin/nginx -g")).empty());
  CHECK(faults(process("process /usr/sbin/nginx\nparam_match")).empty());
}

}  // namespace
}  // namespace baton::config
