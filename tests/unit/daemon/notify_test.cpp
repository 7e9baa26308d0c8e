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
  CHECK(table.knows("VI_2"));
  CHECK_FALSE(table.knows("VI_9"));
  CHECK_FALSE(NotifyTable().knows("VI_1"));
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
