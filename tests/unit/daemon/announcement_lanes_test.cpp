#include "daemon/announcement_lanes.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

TEST_CASE("without a word of garp_interval there is one lane without a distance") {
  AnnouncementLanes lanes;
  CHECK(lanes.lane("eth0", Family::ipv4) == AnnouncementLane{});
  CHECK(AnnouncementLanes(config::Config{}).lane("eth0", Family::ipv6) == AnnouncementLane{});
}

TEST_CASE("vrrp_garp_interval: a lane for each interface, none for what vrrp_gna_interval does not space") {
  config::Config config;
  config.global.garp.vrrp_garp_interval = 100ms;
  AnnouncementLanes lanes(config);
  const auto eth0 = lanes.lane("eth0", Family::ipv4), eth1 = lanes.lane("eth1", Family::ipv4);
  CHECK(eth0.distance == 100ms);
  CHECK(eth0.number != eth1.number);
  CHECK(lanes.lane("eth0", Family::ipv4) == eth0);
  CHECK(lanes.lane("eth0", Family::ipv6) == AnnouncementLane{});
}

TEST_CASE("garp_group: interfaces wait for one another, each `interface` for itself") {
  config::Config config;
  config::GarpGroup together, alone;
  together.garp_interval = 50ms;
  together.gna_interval = 70ms;
  together.interfaces = {{"eth0", {}}, {"eth1", {}}};
  alone.garp_interval = 20ms;
  alone.interface = {{"eth2", {}}, {"eth3", {}}};
  config.garp_groups = {together, alone};
  AnnouncementLanes lanes(config);
  CHECK(lanes.lane("eth0", Family::ipv4) == lanes.lane("eth1", Family::ipv4));
  CHECK(lanes.lane("eth0", Family::ipv6).distance == 70ms);
  CHECK(lanes.lane("eth0", Family::ipv6).number != lanes.lane("eth0", Family::ipv4).number);
  CHECK(lanes.lane("eth2", Family::ipv4).distance == 20ms);
  CHECK(lanes.lane("eth2", Family::ipv4).number != lanes.lane("eth3", Family::ipv4).number);
  CHECK(lanes.lane("eth2", Family::ipv4).number != lanes.lane("eth0", Family::ipv4).number);
  CHECK(lanes.lane("eth9", Family::ipv4) == AnnouncementLane{});
}
