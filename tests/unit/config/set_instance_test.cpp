#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

VrrpInstance first(const Parsed& parsed) {
  REQUIRE(parsed.config.vrrp_instances.size() == 1);
  return parsed.config.vrrp_instances[0];
}

TEST_CASE("an instance, all of it") {
  const Parsed parsed = read(
      "vrrp_instance \"VI 1\" {\n  state BACKUP\n  interface eth0\n  virtual_router_id 51\n  priority 90\n  advert_int "
      "2\n"
      "  version 2\n  authentication {\n    auth_type PASS\n    auth_pass 1111\n  }\n  virtual_ipaddress {\n    "
      "192.0.2.10\n  }\n"
      "  preempt_delay 5\n  notify_master \"/m a\"\n  notify_backup /b\n  notify_fault /f\n  notify_stop /s\n  notify "
      "/n u g\n}\n");
  CHECK(said(parsed).empty());
  const VrrpInstance instance = first(parsed);
  CHECK(instance.name == "VI 1");
  CHECK(instance.position == Position{0, 1, 15});
  CHECK(instance.state == WantedState::backup);
  CHECK(instance.interface == "eth0");
  CHECK(instance.interface_position == Position{0, 3, 13});
  CHECK(number(instance.vrid) == 51);
  CHECK(instance.priority == 90);
  CHECK(instance.advert_int == std::chrono::seconds(2));
  CHECK(instance.version == 2);
  CHECK(instance.auth_pass == "1111");
  CHECK(instance.virtual_addresses.size() == 1);
  CHECK(instance.preempt_delay == std::chrono::seconds(5));
  REQUIRE(parsed.config.scripts.size() == 5);
  CHECK(parsed.config.scripts.at(instance.notify_master.value()).arguments == std::vector<std::string>{"/m", "a"});
  CHECK(parsed.config.scripts.at(instance.notify_backup.value()).arguments[0] == "/b");
  CHECK(parsed.config.scripts.at(instance.notify_fault.value()).arguments[0] == "/f");
  CHECK(parsed.config.scripts.at(instance.notify_stop.value()).arguments[0] == "/s");
  const Script& notify = parsed.config.scripts.at(instance.notify.value());
  CHECK(notify.arguments[0] == "/n");
  CHECK(notify.user == "u");
  CHECK(notify.group == "g");
  CHECK(notify.position == Position{0, 20, 10});
}

TEST_CASE("an instance, hardly anything of it") {
  const VrrpInstance instance =
      first(read("vrrp_instance A {\ninterface eth0\nvirtual_router_id 1\nvirtual_ipaddress {\n192.0.2.1\n}\n}\n"));
  CHECK(instance.state == WantedState::unspecified);
  CHECK(instance.priority == 100);
  CHECK(instance.advert_int == std::chrono::seconds(1));
  CHECK(instance.version == 2);
  CHECK(instance.auth_pass.empty());
  CHECK_FALSE(instance.nopreempt);
  CHECK(instance.preempt_delay == Duration::zero());
  CHECK_FALSE(instance.notify.has_value());
}

TEST_CASE("a name is used once") {
  const Parsed parsed = read(instance("") + instance("virtual_router_id 11"));
  CHECK(said(parsed) ==
        "10:15 error 5: there is a vrrp_instance 'A' already: this one is skipped (the other one is in line 1; every "
        "instance needs a name of its own)\n");
  CHECK(parsed.config.vrrp_instances.size() == 1);
}

TEST_CASE("names are not empty") {
  CHECK(said(read("vrrp_instance \"\" {\n}\n")) ==
        "1:15 error 5: the name of a vrrp_instance is empty: the block is skipped\n");
  const Parsed parsed = read("vrrp_instance A {\ninterface \"\"\nvirtual_router_id 1\n}\n");
  CHECK(said(parsed).find("2:11 error 5: the name of the interface is empty: the line is ignored\n") !=
        std::string::npos);
  CHECK(parsed.config.vrrp_instances.empty());
}

TEST_CASE("states are MASTER and BACKUP, in capitals; another word means BACKUP") {
  CHECK(first(read(instance("state MASTER"))).state == WantedState::master);
  const Parsed slave = read(instance("state SLAVE"));
  CHECK(said(slave) == "5:7 error 5: state is MASTER or BACKUP, not 'SLAVE': BACKUP is assumed\n");
  CHECK(first(slave).state == WantedState::backup);
  const Parsed small = read(instance("state master"));
  CHECK(said(small) ==
        "5:7 error 5: state is MASTER or BACKUP, not 'master': BACKUP is assumed (did you mean 'MASTER'?)\n");
  CHECK(first(small).state == WantedState::backup);
  const Parsed both = read(instance("state MASTER\nstate BACKUP"));
  CHECK(first(both).state == WantedState::master);  // as keepalived has it
  CHECK(said(both) == "6:1 warning 0: 'state' is written twice: MASTER counts (the other one is in line 5)\n");
}

TEST_CASE("the loopback interface carries no VRRP") {
  const Parsed parsed = read(instance("interface lo"));
  CHECK(said(parsed).find("6:11") == std::string::npos);
  CHECK(said(parsed).find("5:11 error 5: a loopback interface carries no VRRP: the line is ignored") !=
        std::string::npos);
  CHECK(first(parsed).interface == "eth0");
}

TEST_CASE("a priority that is none is 100, even with state MASTER") {
  const Parsed parsed = read(
      "vrrp_instance A {\nstate MASTER\ninterface eth0\nvirtual_router_id 1\npriority 300\nvirtual_ipaddress "
      "{\n192.0.2.1\n}\n}\n");
  CHECK(said(parsed) == "5:10 error 5: priority must be 1 to 255, not '300' (the line is ignored)\n");
  CHECK(first(parsed).priority == 100);
}

TEST_CASE("nopreempt and its opposite: the last one counts") {
  CHECK(first(read(instance("nopreempt"))).nopreempt);
  CHECK_FALSE(first(read(instance("nopreempt\npreempt"))).nopreempt);
  CHECK(first(read(instance("preempt\nnopreempt"))).nopreempt);
}

TEST_CASE("authentication is PASS, AH, or wrong") {
  const auto with = [](const char* type) {
    return read(instance("authentication {\nauth_type " + std::string(type) + "\nauth_pass x\n}"));
  };
  CHECK(first(with("PASS")).auth_pass == "x");
  CHECK(first(with("PASS")).auth_type == AuthType::pass);
  const Parsed ah = with("AH");
  CHECK(first(ah).auth_pass == "x");
  CHECK(first(ah).auth_type == AuthType::ah);
  CHECK(said(ah).empty());
  const Parsed wrong = with("FOO");
  CHECK(first(wrong).auth_pass.empty());
  CHECK(said(wrong) == "6:11 error 5: auth_type is PASS or AH, not 'FOO' (there is no authentication)\n");
}

TEST_CASE("of several authentication blocks the last one counts whole") {
  const Parsed parsed =
      read(instance("authentication {\nauth_type PASS\nauth_pass a\n}\nauthentication {\nauth_pass b\n}"));
  CHECK(first(parsed).auth_pass.empty());
}

TEST_CASE("words after a script's group are pointed out, a command that is none is refused") {
  const Parsed parsed = read(instance("notify_master /x.sh a b c"));
  CHECK(said(parsed).find("5:15 warning 0: notify_master: 'c' and what follows are ignored") == 0);
  CHECK(first(parsed).notify_master.has_value());
  const Parsed none = read(instance("notify_master \"\""));
  CHECK(said(none) == "5:15 error 5: notify_master: the command is empty (no script is run)\n");
  CHECK_FALSE(first(none).notify_master.has_value());
  CHECK(none.config.scripts.empty());
}

TEST_CASE("a script line in single quotes, with braces and comment signs inside double ones") {
  const Parsed parsed = read(instance("notify_master '/x.sh a b'\nnotify_backup \"/x.sh {a} #b !c\""));
  CHECK(said(parsed).empty());
  CHECK(parsed.config.scripts.at(0).arguments == std::vector<std::string>{"/x.sh", "a", "b"});
  CHECK(parsed.config.scripts.at(1).arguments == std::vector<std::string>{"/x.sh", "{a}", "#b", "!c"});
}

}  // namespace
}  // namespace baton::config
