#include "config/inheritance.hpp"

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::config;
using namespace std::chrono_literals;

TEST_CASE("an instance that says nothing has what is built in") {
  CHECK(in_force(GlobalDefs{}, VrrpInstance{}) == InstanceInForce{});
}

TEST_CASE("an instance has what global_defs say, unless it says otherwise") {
  GlobalDefs global;
  global.vrrp.vrrp_skip_check_adv_addr = true;
  global.vrrp.vrrp_lower_prio_no_advert = true;
  global.vrrp.vrrp_higher_prio_send_advert = true;
  global.vrrp.vrrp_owner_ignore_adverts = true;
  global.vrrp.v3_checksum_as_v2 = true;
  global.vrrp.vrrp_notify_priority_changes = true;
  global.vrrp.vrrp_down_timer_adverts = 7;
  VrrpInstance instance;
  auto to = in_force(global, instance);
  CHECK(to.skip_check_adv_addr);
  CHECK(to.lower_prio_no_advert);
  CHECK(to.higher_prio_send_advert);
  CHECK(to.owner_ignore_adverts);
  CHECK(to.v3_checksum_as_v2);
  CHECK(to.notify_priority_changes);
  CHECK(to.down_timer_adverts == 7);

  instance.skip_check_adv_addr = false;
  instance.lower_prio_no_advert = false;
  instance.higher_prio_send_advert = false;
  instance.owner_ignore_adverts = false;
  instance.v3_checksum_as_v2 = false;
  instance.notify_priority_changes = false;
  instance.down_timer_adverts = 2;
  to = in_force(global, instance);
  CHECK_FALSE(to.skip_check_adv_addr);
  CHECK_FALSE(to.lower_prio_no_advert);
  CHECK_FALSE(to.higher_prio_send_advert);
  CHECK_FALSE(to.owner_ignore_adverts);
  CHECK_FALSE(to.v3_checksum_as_v2);
  CHECK_FALSE(to.notify_priority_changes);
  CHECK(to.down_timer_adverts == 2);
}

TEST_CASE("strict mode takes packets for the addresses only when told so") {
  GlobalDefs global;
  global.vrrp.vrrp_strict = true;
  VrrpInstance instance;
  CHECK(in_force(global, instance).strict_mode);
  CHECK_FALSE(in_force(global, instance).accept);
  instance.accept = true;
  CHECK(in_force(global, instance).accept);
  instance.accept.reset();
  instance.strict_mode = false;
  CHECK(in_force(global, instance).accept);
}

TEST_CASE("adverts go to the group of the instance's family, or where it says") {
  GlobalDefs global;
  global.vrrp.vrrp_mcast_group4 = IpAddress::v4({224, 0, 0, 77});
  VrrpInstance instance;
  CHECK(in_force(global, instance).mcast_dst_ip == IpAddress::v4({224, 0, 0, 77}));
  instance.mcast_dst_ip = IpAddress::v4({224, 0, 0, 78});
  CHECK(in_force(global, instance).mcast_dst_ip == IpAddress::v4({224, 0, 0, 78}));
  instance.mcast_dst_ip.reset();
  instance.family = Family::ipv6;
  CHECK(in_force(global, instance).mcast_dst_ip == global.vrrp.vrrp_mcast_group6);
}

TEST_CASE(
    "announcements after a master of lower priority are those after becoming master, unless either says otherwise") {
  GlobalDefs global;
  VrrpInstance instance;
  instance.announcing.master_delay = 2s;
  instance.announcing.master_repeat = 3;
  auto to = in_force(global, instance).announcing;
  CHECK(to.lower_prio_delay == 2s);
  CHECK(to.lower_prio_repeat == 3);
  global.garp.vrrp_garp_lower_prio_delay = 9s;
  global.garp.vrrp_garp_lower_prio_repeat = 8;
  to = in_force(global, instance).announcing;
  CHECK(to.lower_prio_delay == 9s);
  CHECK(to.lower_prio_repeat == 8);
  instance.announcing.lower_prio_delay = 0s;
  instance.announcing.lower_prio_repeat = 1;
  to = in_force(global, instance).announcing;
  CHECK(to.lower_prio_delay == 0s);
  CHECK(to.lower_prio_repeat == 1);
}

TEST_CASE("vrrp_min_garp lowers what is still at its default") {
  GlobalDefs global;
  global.garp.vrrp_min_garp = true;
  auto to = in_force(global, VrrpInstance{}).announcing;
  CHECK(to.master_delay == 0s);
  CHECK(to.master_repeat == 1);
  CHECK(to.lower_prio_repeat == 1);
  global.garp.vrrp_garp_master_repeat = 2;
  global.garp.vrrp_garp_master_delay = 1s;
  to = in_force(global, VrrpInstance{}).announcing;
  CHECK(to.master_delay == 1s);
  CHECK(to.master_repeat == 2);
}

TEST_CASE("mails: own word, then that for the kind, then that for all, then the kind's own habit") {
  GlobalDefs global;
  CHECK_FALSE(in_force(global, VrrpInstance{}).smtp_alert);
  CHECK_FALSE(in_force(global, SyncGroup{}).smtp_alert);
  CHECK_FALSE(smtp_alert_in_force(global, VirtualServer{}));
  CHECK(smtp_alert_in_force(global, RealServer{}));

  global.mail.smtp_alert = true;
  global.mail.smtp_alert_checker = false;
  CHECK(in_force(global, VrrpInstance{}).smtp_alert);
  CHECK(in_force(global, SyncGroup{}).smtp_alert);
  CHECK_FALSE(smtp_alert_in_force(global, VirtualServer{}));
  CHECK_FALSE(smtp_alert_in_force(global, RealServer{}));

  global.mail.smtp_alert_vrrp = false;
  CHECK_FALSE(in_force(global, VrrpInstance{}).smtp_alert);
  VirtualServer service;
  service.smtp_alert = true;
  CHECK(smtp_alert_in_force(global, service));
  SyncGroup group;
  group.smtp_alert = true;
  group.notify_priority_changes = true;
  CHECK(in_force(global, group) == GroupInForce{true, true});
}
