#include "daemon/ipvs_globals.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;
using namespace std::chrono_literals;

namespace {

config::Config with_daemon(const char* instance) {
  config::Config config;
  config::LvsSyncDaemon daemon;
  daemon.interface = "eth0";
  daemon.instance = instance;
  daemon.ttl = 3;
  config.global.lvs.lvs_sync_daemon = daemon;
  config.vrrp_instances.emplace_back();
  config.vrrp_instances.back().name = "VI_1";
  config.vrrp_instances.back().vrid = Vrid{51};
  return config;
}

}  // namespace

TEST_CASE("the sync daemon follows its instance, whose number it has unless another is given") {
  auto config = with_daemon("VI_1");
  const auto wanted = [&](std::map<std::string, NotifyState> states) {
    const auto daemons = wanted_sync_daemons(config, states);
    REQUIRE(daemons.size() == 1);
    CHECK(daemons[0].interface == "eth0");
    CHECK(daemons[0].ttl == 3);
    return std::pair(daemons[0].role, int{daemons[0].sync_id});
  };
  CHECK(wanted({}) == std::pair(ipvs::SyncRole::backup, 51));
  CHECK(wanted({{"VI_1", NotifyState::master}}) == std::pair(ipvs::SyncRole::master, 51));
  CHECK(wanted({{"VI_1", NotifyState::fault}, {"VI_2", NotifyState::master}}) == std::pair(ipvs::SyncRole::backup, 51));
  config.global.lvs.lvs_sync_daemon->id = 7;
  CHECK(wanted({}).second == 7);
}

TEST_CASE("a sync daemon that follows nothing sends and listens; one that follows nobody known is not there") {
  const auto both = wanted_sync_daemons(with_daemon(""), {});
  REQUIRE(both.size() == 2);
  CHECK(both[0].role == ipvs::SyncRole::master);
  CHECK(both[1].role == ipvs::SyncRole::backup);
  CHECK(wanted_sync_daemons(with_daemon("VI_9"), {}).empty());
  CHECK(wanted_sync_daemons({}, {}).empty());
}

TEST_CASE("timeouts that are not configured stay as the kernel has them") {
  const ipvs::Timeouts kernels{900s, 120s, 300s};
  CHECK(wanted_timeouts({}, kernels) == kernels);
  config::LvsTimeouts configured;
  configured.tcp = 100s;
  configured.udp = 33s;
  CHECK(wanted_timeouts(configured, kernels) == ipvs::Timeouts{100s, 120s, 33s});
}
