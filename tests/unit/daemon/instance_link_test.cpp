#include "daemon/instance_link.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

config::Config with_delay(Duration down, Duration up, Duration interval) {
  config::Config made;
  config::VrrpInstance instance;
  instance.name = "A";
  instance.interface = "eth0";
  instance.advert_int = interval;
  made.vrrp_instances.push_back(instance);
  made.daemon.interface_up_down_delays.push_back({{"eth0", {}}, down, up});
  return made;
}

}  // namespace

TEST_CASE("delays of links are as written where the backups wait longer") {
  std::vector<std::string> remarks;
  const auto delays = link_delays(with_delay(1999ms, 9s, 1s), &remarks);
  CHECK(delays.at("eth0") == net::LinkDelay{1999ms, 9s});
  CHECK(delays.size() == 1);
  CHECK(remarks.empty());
}

TEST_CASE("a link is told to be down while the backups of its instances still wait") {
  std::vector<std::string> remarks;
  auto config = with_delay(2s, 9s, 1s);
  const auto down = link_delays(config, &remarks).at("eth0").down;
  CHECK(down < 2s);
  CHECK(down > 1990ms);
  CHECK(remarks == std::vector<std::string>{"interface_up_down_delays: eth0 is down after 1.996 s already, for the "
                                            "backups of A take over soon after that"});
  config.global.vrrp.vrrp_down_timer_adverts = 4;
  CHECK(link_delays(config, &remarks).at("eth0").down == 2s);
  config.vrrp_instances[0].interface = "eth1";
  config.global.vrrp.vrrp_down_timer_adverts = 3;
  CHECK(link_delays(config, &remarks).at("eth0").down == 2s);
  CHECK(remarks.size() == 1);
}

TEST_CASE("where adverts are missed by the first one already, a link is down at once") {
  std::vector<std::string> remarks;
  auto config = with_delay(1s, 1s, 1s);
  config.vrrp_instances[0].down_timer_adverts = 1;
  CHECK(link_delays(config, &remarks).at("eth0").down == 0s);
  CHECK(link_delays(with_delay(0s, 1s, 1s), &remarks).at("eth0") == net::LinkDelay{0s, 1s});
  CHECK(link_delays(config::Config{}, &remarks).empty());
}
