#include "daemon/notify.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

config::Config configuration() {
  config::Config config;
  config.scripts = {{{"/m", "a b", "c"}, "", "", {}},
                    {{"/b"}, "web", "www", {}},
                    {{"/f"}, "", "", {}},
                    {{"/s"}, "", "", {}},
                    {{"/n", "extra"}, "", "", {}}};
  config::VrrpInstance full;
  full.name = "VI_1";
  full.notify_master = 0;
  full.notify_backup = 1;
  full.notify_fault = 2;
  full.notify_stop = 3;
  full.notify = 4;
  config::VrrpInstance plain;
  plain.name = "VI_2";
  config::VrrpInstance only_any;
  only_any.name = "VI 3";
  only_any.notify = 4;
  config.vrrp_instances = {full, plain, only_any};
  return config;
}

}  // namespace

TEST_CASE("notify_<state> gets the configured arguments, notify four more") {
  const NotifyTable table(configuration());
  const auto calls = table.calls({"VI_1", NotifyState::master, 150});
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].lane == LaneKey{"INSTANCE VI_1", Lane::state});
  CHECK(calls[0].command.arguments == std::vector<std::string>{"/m", "a b", "c"});
  CHECK(calls[1].lane == LaneKey{"INSTANCE VI_1", Lane::any});
  CHECK(calls[1].command.arguments == std::vector<std::string>{"/n", "extra", "INSTANCE", "VI_1", "MASTER", "150"});
}

TEST_CASE("each state has its script") {
  const NotifyTable table(configuration());
  const auto program = [&](NotifyState state) {
    const auto calls = table.calls({"VI_1", state, 7});
    REQUIRE(calls.size() == 2);
    const auto& any = calls[1].command.arguments;
    return calls[0].command.arguments[0] + " " + any.at(4) + " " + any.at(5);
  };
  CHECK(program(NotifyState::master) == "/m MASTER 7");
  CHECK(program(NotifyState::backup) == "/b BACKUP 7");
  CHECK(program(NotifyState::fault) == "/f FAULT 7");
  CHECK(program(NotifyState::stop) == "/s STOP 7");
}

TEST_CASE("what is not configured is not called") {
  const NotifyTable table(configuration());
  CHECK(table.calls({"VI_2", NotifyState::master, 1}).empty());
  CHECK(table.calls({"VI_9", NotifyState::master, 1}).empty());
  CHECK(table.calls({"VI 3", NotifyState::fault, 1}).size() == 1);
  CHECK(table.knows({"VI_2"}));
  CHECK_FALSE(table.knows({"VI_9"}));
  CHECK_FALSE(NotifyTable().knows({"VI_1"}));
}

TEST_CASE("a group has scripts of its own, and its name may be that of an instance") {
  auto config = configuration();
  config::SyncGroup group;
  group.name = "VI_2";
  group.notify_fault = 2;
  group.notify = 4;
  config.sync_groups = {group};
  const NotifyTable table(config);
  const auto calls = table.calls({"VI_2", NotifyState::fault, 0, true});
  REQUIRE(calls.size() == 2);
  CHECK(calls[0].lane == LaneKey{"GROUP VI_2", Lane::state});
  CHECK(calls[0].command.arguments == std::vector<std::string>{"/f"});
  CHECK(calls[1].command.arguments == std::vector<std::string>{"/n", "extra", "GROUP", "VI_2", "FAULT", "0"});
  CHECK(table.calls({"VI_2", NotifyState::fault, 100}).empty());
  CHECK(pipe_line(Notify{"G1", NotifyState::master, 0, true}) == "GROUP \"G1\" MASTER 0");
}

TEST_CASE("a changed priority is for the pipes only, a weaker master and a deletion are for scripts too") {
  auto config = configuration();
  config.vrrp_instances[0].notify_deleted_script = 1;
  config.vrrp_instances[0].notify_master_rx_lower_pri = 2;
  const NotifyTable table(config);
  CHECK(table.calls({"VI_1", NotifyState::master_priority, 90}).empty());
  CHECK(table.calls({"VI_1", NotifyState::backup_priority, 90}).empty());
  CHECK(table.calls({"VI_1", NotifyState::deleted, 90}).at(0).command.arguments.at(0) == "/b");
  CHECK(table.calls({"VI_1", NotifyState::master_rx_lower_pri, 90}).at(0).command.arguments.at(0) == "/f");
  CHECK(pipe_line(Notify{"VI_1", NotifyState::backup_priority, 90}) == "INSTANCE \"VI_1\" BACKUP_PRIORITY 90");
  CHECK(pipe_line(Notify{"VI_1", NotifyState::master_rx_lower_pri, 90}) == "INSTANCE \"VI_1\" MASTER_RX_LOWER_PRI 90");
}

TEST_CASE("the user: the script's, else the global one") {
  auto config = configuration();
  config.global.script_user = "notifier";
  config.global.script_group = "cluster";
  const NotifyTable table(config);
  const auto global = table.calls({"VI_1", NotifyState::master, 1});
  CHECK(global.at(0).command.user == "notifier");
  CHECK(global.at(0).command.group == "cluster");
  const auto own = table.calls({"VI_1", NotifyState::backup, 1});
  CHECK(own.at(0).command.user == "web");
  CHECK(own.at(0).command.group == "www");
  CHECK(NotifyTable(configuration()).calls({"VI_1", NotifyState::master, 1}).at(0).command.user == "");
}

namespace {

const ipvs::ServiceKey kService{Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({10, 9, 0, 1}), 80, 0};
const ipvs::DestKey kServer{IpAddress::v4({10, 9, 1, 11}), 80};

config::Config balancing() {
  config::Config config;
  config.scripts = {{{"/up", "a b"}, "", "", {}}, {{"/down"}, "web", "www", {}}, {{"/gained"}, "", "", {}}};
  config::RealServer server;
  server.address = kServer.address;
  server.port = kServer.port;
  server.notify_up = 0;
  server.notify_down = 1;
  config::VirtualServer service;
  service.identity = config::ServiceAddress{kService.address, kService.port};
  service.protocol = config::Protocol::tcp;
  service.quorum_up = 2;
  service.real_servers = {server};
  config.virtual_servers = {service};
  return config;
}

}  // namespace

TEST_CASE("real and virtual servers have scripts for up and down, with their own arguments only") {
  const NotifyTable table(balancing());
  const auto up = table.calls(ServerNotify{kService, kServer, true});
  REQUIRE(up.size() == 1);
  CHECK(up[0].command.arguments == std::vector<std::string>{"/up", "a b"});
  CHECK(up[0].lane == LaneKey{"RS [10.9.1.11]:tcp:80 [10.9.0.1]:tcp:80", Lane::state});
  const auto down = table.calls(ServerNotify{kService, kServer, false});
  REQUIRE(down.size() == 1);
  CHECK(down[0].command.user == "web");
  CHECK(down[0].lane == up[0].lane);  // one after the other
  CHECK(table.calls(ServerNotify{kService, {kServer.address, 81}, false}).empty());
  const auto gained = table.calls(QuorumNotify{kService, true});
  REQUIRE(gained.size() == 1);
  CHECK(gained[0].lane == LaneKey{"VS [10.9.0.1]:tcp:80", Lane::state});
  CHECK(table.calls(QuorumNotify{kService, false}).empty());
  CHECK(table.has_scripts(kService));
  CHECK(table.has_scripts(MemberKey{kService, kServer}));
  CHECK_FALSE(NotifyTable().has_scripts(kService));
  // Of a former configuration only what the next one takes away.
  auto former = table;
  former.keep_only_removed(balancing());
  CHECK_FALSE(former.has_scripts(kService));
  CHECK_FALSE(former.has_scripts(MemberKey{kService, kServer}));
  former = table;
  auto next = balancing();
  next.virtual_servers[0].real_servers.clear();
  former.keep_only_removed(next);
  CHECK_FALSE(former.has_scripts(kService));
  CHECK(former.has_scripts(MemberKey{kService, kServer}));
}

TEST_CASE("the lines for pipes are keepalived's") {
  const ipvs::ServiceKey mark{Family::ipv4, ipvs::Protocol::none, {}, 0, 7};
  CHECK(pipe_line(Notify{"VI 1", NotifyState::master, 150}) == "INSTANCE \"VI 1\" MASTER 150");
  CHECK(pipe_line(ServerNotify{kService, kServer, false}, {}) == "RS [10.9.1.11]:tcp:80 [10.9.0.1]:tcp:80 DOWN");
  CHECK(pipe_line(ServerNotify{mark, {IpAddress::v4({10, 9, 0, 13}), 0}, false}, {}) ==
        "RS [10.9.0.13]:none:0 FWM 7 DOWN");
  CHECK(pipe_line(QuorumNotify{kService, true}, {}) == "VS [10.9.0.1]:tcp:80 UP");
  CHECK(pipe_line(QuorumNotify{mark, false}, {}) == "VS FWM 7 DOWN");
}
