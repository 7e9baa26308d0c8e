#include "daemon/vrrp_groups.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

/// Two members of G1 in this order, and one of none.
struct Bench {
  explicit Bench(std::vector<vrrp::Tracker> trackers = {}) {
    add("VI_1", 1, "G1", 1, std::move(trackers));
    add("VI_2", 2, "G1", 0, {});
    add("VI_3", 3, "", 0, {});
    groups.configure(instances);
  }

  void add(const std::string& name, std::uint8_t vrid, const std::string& group, std::uint32_t position,
           std::vector<vrrp::Tracker> trackers) {
    PlannedInstance plan;
    plan.name = name;
    plan.group = group;
    plan.group_position = position;
    plan.params.is_grouped = !group.empty();
    plan.trackers = std::move(trackers);
    const InstanceKey key{"eth0", Vrid{vrid}};
    instances.emplace(key, std::make_unique<VrrpInstance>(key, std::move(plan)));
  }

  VrrpInstance& at(std::uint8_t vrid) { return *instances.at({"eth0", Vrid{vrid}}); }

  /// "VI_1 FAULT, G1 FAULT"
  std::string told(const std::string& instance, NotifyState state) {
    std::string text;
    groups.tell({instance, state, 100}, [&](const Notify& notify) {
      CHECK(notify.is_group == (notify.instance == "G1"));
      text += (text.empty() ? "" : ", ") + notify.instance + " " + std::string(name(notify.state));
    });
    return text;
  }

  VrrpGroups::Instances instances;
  VrrpGroups groups;
};

}  // namespace

TEST_CASE("at the start the group is told of first, later when all of its members are") {
  Bench bench;
  CHECK(bench.told("VI_1", NotifyState::backup) == "G1 BACKUP, VI_1 BACKUP");
  CHECK(bench.told("VI_2", NotifyState::backup) == "VI_2 BACKUP");
  CHECK(bench.told("VI_2", NotifyState::master) == "VI_2 MASTER");
  CHECK(bench.told("VI_2", NotifyState::master_rx_lower_pri) == "VI_2 MASTER_RX_LOWER_PRI");
  CHECK(bench.told("VI_1", NotifyState::master) == "VI_1 MASTER, G1 MASTER");
  CHECK(bench.told("VI_3", NotifyState::master) == "VI_3 MASTER");
  CHECK(bench.told("VI_1", NotifyState::stop) == "VI_1 STOP");
  CHECK(bench.told("VI_2", NotifyState::stop) == "VI_2 STOP, G1 STOP");
}

TEST_CASE("a group whose members wait for a script is told of behind them") {
  Bench bench({{{vrrp::TrackKind::script, "chk"}, 0, false}});
  CHECK(bench.told("VI_1", NotifyState::backup) == "VI_1 BACKUP");
  CHECK(bench.told("VI_2", NotifyState::backup) == "VI_2 BACKUP, G1 BACKUP");
}

TEST_CASE("a reload forgets nothing that was told") {
  Bench bench;
  bench.told("VI_1", NotifyState::backup);
  bench.told("VI_2", NotifyState::backup);
  bench.groups.configure(bench.instances);
  CHECK(bench.told("VI_1", NotifyState::fault) == "VI_1 FAULT");
  CHECK(bench.told("VI_2", NotifyState::fault) == "VI_2 FAULT, G1 FAULT");
}

TEST_CASE("members come in the order of the group, the one in question first") {
  Bench bench;
  CHECK(bench.groups.with(&bench.at(2)) == std::vector<VrrpInstance*>{&bench.at(2), &bench.at(1)});
  CHECK(bench.groups.with(&bench.at(3)) == std::vector<VrrpInstance*>{&bench.at(3)});
}

TEST_CASE("a fault of one member is one of the others, until it ends") {
  Bench bench;
  using Kind = vrrp::Faults::Kind;
  bench.at(1).faults().set(Kind::link, "eth0 is down");
  bench.groups.spread_faults(bench.at(1));
  CHECK(bench.at(2).faults().reason() == "VI_1 of its sync group is in FAULT: eth0 is down");
  CHECK(bench.at(2).faults().own_reason().empty());
  CHECK(bench.at(3).faults().reason().empty());
  bench.at(1).faults().set(Kind::link, "");
  bench.groups.spread_faults(bench.at(1));
  CHECK(bench.at(2).faults().reason().empty());
}
