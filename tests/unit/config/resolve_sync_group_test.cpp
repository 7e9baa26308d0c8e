#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// Instances A, B and C, eight lines each, then `groups` from line 25.
Parsed with(std::string_view groups) {
  std::string text;
  for (const char* const name : {"A", "B", "C"})
    text += std::string("vrrp_instance ") + name + " {\ninterface eth0\nvirtual_router_id " +
            std::to_string(name[0] - '@') + "\npriority 100\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n";
  return read(text + std::string(groups));
}

/// What is said besides what is not active yet.
std::string told(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active)
      text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
              std::to_string(static_cast<int>(d.status)) + " " + d.text +
              (d.hint.empty() ? "\n" : " (" + d.hint + ")\n");
  return text;
}

TEST_CASE("a group, all of it") {
  const Parsed parsed = with(
      "vrrp_sync_group G {\ngroup { A B }\nnotify_master /m\nnotify /n\nsmtp_alert off\nsync_group_tracking_weight\n"
      "notify_priority_changes\n}\n");
  CHECK(told(parsed).empty());
  REQUIRE(parsed.config.sync_groups.size() == 1);
  const SyncGroup& group = parsed.config.sync_groups[0];
  CHECK(group.name == "G");
  CHECK(group.instances == std::vector<std::string>{"A", "B"});
  CHECK(parsed.config.scripts.at(group.notify_master.value()).arguments[0] == "/m");
  CHECK(parsed.config.scripts.at(group.notify.value()).arguments[0] == "/n");
  CHECK(group.smtp_alert == false);
  CHECK(group.sync_group_tracking_weight);
  CHECK(group.notify_priority_changes == true);
  const std::string once = dump(parsed.config);
  CHECK(dump(read(once).config) == once);
}

TEST_CASE("a group may stand before its instances") {
  CHECK(read("vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n" + instance("") +
             "vrrp_instance B {\ninterface eth0\nvirtual_router_id 2\nvirtual_ipaddress {\n192.0.2.2\n}\n}\n")
            .config.sync_groups.size() == 1);
}

TEST_CASE("members that there are not, and the nearest name") {
  const Parsed parsed = with("vrrp_sync_group G {\ngroup {\nA\nB\nCC\nVI_9\n}\n}\n");
  CHECK(
      told(parsed) ==
      "29:1 5 there is no vrrp_instance 'CC': it is ignored\n30:1 5 there is no vrrp_instance 'VI_9': it is ignored\n");
  CHECK(parsed.config.sync_groups.at(0).instances.size() == 2);
  const Parsed near =
      read("vrrp_sync_group G {\ngroup {\nVI_01\nA\n}\n}\n" + instance("") +
           "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 2\nvirtual_ipaddress {\n192.0.2.2\n}\n}\n");
  CHECK(told(near).find("(did you mean 'VI_1'?)") != std::string::npos);
}

TEST_CASE("a member that is left out itself is no member") {
  const Parsed parsed = with("vrrp_instance D {\n}\nvrrp_sync_group G {\ngroup {\nA\nB\nD\n}\n}\n");
  CHECK(told(parsed).find("31:1 5 vrrp_instance 'D' is left out: so it is here") != std::string::npos);
}

TEST_CASE("an instance has one group") {
  const Parsed parsed = with("vrrp_sync_group G {\ngroup {\nA\nB\nA\n}\n}\nvrrp_sync_group H {\ngroup {\nB\nC\n}\n}\n");
  CHECK(told(parsed) ==
        "29:1 5 'A' is a member of this group already: it is ignored (the other one is in line 27; an instance has one "
        "group)\n"
        "32:17 5 vrrp_sync_group 'H' has one member, 'C': there is nothing to keep in step (a group is for instances "
        "that must be MASTER together)\n"
        "34:1 5 'B' is a member of vrrp_sync_group 'G' already: it is ignored here (the other one is in line 28; an "
        "instance has one group)\n");
}

TEST_CASE("a group without members is removed; names without `group` are told where to stand") {
  const Parsed empty = with("vrrp_sync_group G {\ngroup {\n}\n}\n");
  CHECK(told(empty) == "25:17 5 vrrp_sync_group 'G' has no members: it is removed\n");
  CHECK(empty.config.sync_groups.empty());
  const Parsed bare = with("vrrp_sync_group G {\nA\nB\n}\n");
  CHECK(told(bare).find(
            "25:17 5 vrrp_sync_group 'G' has no members: it is removed (they stand inside: group { A B })") == 0);
  CHECK(bare.diagnostics.exit_status() == 5);
}

TEST_CASE("one name, used once, one list") {
  CHECK(told(with("vrrp_sync_group G H {\ngroup {\nA\nB\n}\n}\n")).find("25:19 5 vrrp_sync_group has one name") == 0);
  CHECK(told(with("vrrp_sync_group {\ngroup {\nA\nB\n}\n}\n")).find("25:1 5 'vrrp_sync_group' lacks its value") == 0);
  const Parsed twice = with("vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\nvrrp_sync_group G {\ngroup {\nC\n}\n}\n");
  CHECK(told(twice) ==
        "31:17 5 there is a vrrp_sync_group 'G' already: this one is skipped (the other one is in line 25)\n");
  const Parsed lists = with("vrrp_sync_group G {\ngroup {\nA\nB\n}\ngroup {\nC\n}\n}\n");
  CHECK(told(lists).find("30:1 5 'group' is written twice: the first one counts") == 0);
  CHECK(lists.config.sync_groups.at(0).instances.size() == 2);
}

}  // namespace
}  // namespace baton::config
