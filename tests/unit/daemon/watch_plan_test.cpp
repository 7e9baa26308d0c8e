#include "daemon/watch_plan.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "config/parse.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

/// Two services with the same two real servers, of which each has the check that `check` says.
WatchPlan plan(const std::string& check, const std::string& before = "", const std::string& inside = "") {
  std::string text = before;
  for (const auto* service : {"192.0.2.1 80", "192.0.2.2 80"}) {
    text += std::string("virtual_server ") + service + " {\n delay_loop 6\n lb_algo rr\n lb_kind NAT\n protocol TCP\n";
    text += inside;
    for (const auto* server : {"10.0.0.1 80", "10.0.0.2 80"})
      text += std::string(" real_server ") + server + " {\n" + check + " }\n";
    text += "}\n";
  }
  return plan_watch(config::parse(text, "test.conf").config);
}

}  // namespace

TEST_CASE("equal checks are one probe, also across virtual servers") {
  const auto tcp = plan("TCP_CHECK {\n}\n");
  CHECK(tcp.health.servers() == 4);
  CHECK(tcp.probes.size() == 2);
  CHECK(plan("TCP_CHECK {\n connect_ip 10.0.0.9\n}\n").probes.size() == 1);
  // The same numbers each time, so that a reload goes on.
  const auto again = plan("TCP_CHECK {\n}\n");
  REQUIRE(again.probes.size() == 2);
  CHECK(again.probes[0].id == tcp.probes[0].id);
  CHECK(again.probes[1].id == tcp.probes[1].id);
  CHECK(plan("").health.servers() == 0);
}

TEST_CASE("a script is one check while its command and its meaning are the same") {
  const auto same = plan("MISC_CHECK {\n misc_path \"/bin/true a\"\n}\n");
  REQUIRE(same.scripts.size() == 1);
  CHECK(same.scripts[0].timeout == std::chrono::seconds{6});
  CHECK(same.scripts[0].schedule.retry == 0);
  CHECK(same.health.servers() == 4);
  const auto dynamic = plan("MISC_CHECK {\n misc_path \"/bin/true a\"\n misc_dynamic\n}\n");
  REQUIRE(dynamic.scripts.size() == 1);
  CHECK(dynamic.scripts[0].id != same.scripts[0].id);
  CHECK(plan("MISC_CHECK {\n misc_path \"/bin/true b\"\n}\n").scripts[0].id != same.scripts[0].id);
}

TEST_CASE("a file is followed once, whatever weight it has for whom") {
  const auto files =
      plan("FILE_CHECK {\n track_file t\n weight 3\n}\n", "track_file t {\n file /run/number\n weight 5\n}\n");
  REQUIRE(files.files.size() == 1);
  CHECK(files.files[0].path == "/run/number");
}

TEST_CASE("ha_suspend names the addresses that the checks need") {
  const auto suspended = plan("TCP_CHECK {\n}\n", "", "ha_suspend\n");
  REQUIRE(suspended.suspensions.size() == 2);
  CHECK(suspended.suspensions[0].addresses.at(0).first == IpAddress::v4({192, 0, 2, 1}));
  CHECK(plan("TCP_CHECK {\n}\n").suspensions.empty());
}
