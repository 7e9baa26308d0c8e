#include "config/inheritance.hpp"

namespace baton::config {

namespace {

bool alert_of_vrrp(const MailDefs& mail, std::optional<bool> own) {
  return own.value_or(mail.smtp_alert_vrrp.value_or(mail.smtp_alert.value_or(false)));
}

bool alert_of_checker(const MailDefs& mail, std::optional<bool> own, bool built_in) {
  return own.value_or(mail.smtp_alert_checker.value_or(mail.smtp_alert.value_or(built_in)));
}

/// vrrp_min_garp: one of each and no second burst, where global_defs leave the default.
GarpDefs with_min_garp(GarpDefs garp) {
  if (!garp.vrrp_min_garp) return garp;
  const GarpDefs built_in;
  if (garp.vrrp_garp_master_delay == built_in.vrrp_garp_master_delay) garp.vrrp_garp_master_delay = {};
  if (garp.vrrp_garp_master_repeat == built_in.vrrp_garp_master_repeat) garp.vrrp_garp_master_repeat = 1;
  return garp;
}

AnnouncingInForce announcing_in_force(const GarpDefs& written, const Announcing& own) {
  const auto garp = with_min_garp(written);
  AnnouncingInForce to;
  to.master_delay = own.master_delay.value_or(garp.vrrp_garp_master_delay);
  to.master_repeat = own.master_repeat.value_or(garp.vrrp_garp_master_repeat);
  to.master_refresh = own.master_refresh.value_or(garp.vrrp_garp_master_refresh);
  to.master_refresh_repeat = own.master_refresh_repeat.value_or(garp.vrrp_garp_master_refresh_repeat);
  to.lower_prio_delay = own.lower_prio_delay.value_or(garp.vrrp_garp_lower_prio_delay.value_or(to.master_delay));
  to.lower_prio_repeat = own.lower_prio_repeat.value_or(garp.vrrp_garp_lower_prio_repeat.value_or(to.master_repeat));
  to.extra_if = own.extra_if.value_or(GarpExtra{garp.vrrp_garp_extra_if, garp.vrrp_garp_extra_all});
  return to;
}

/// strict_mode: whatever global_defs say.  What an instance itself says against it is taken out when it is read.
void enforce(InstanceInForce& to) {
  to.lower_prio_no_advert = true;
  to.higher_prio_send_advert = false;
  to.owner_ignore_adverts = true;
  to.down_timer_adverts = 3;
  to.announcing.lower_prio_repeat = 0;
}

}  // namespace

InstanceInForce in_force(const GlobalDefs& global, const VrrpInstance& instance) {
  const auto& vrrp = global.vrrp;
  InstanceInForce to;
  to.strict_mode = instance.strict_mode.value_or(vrrp.vrrp_strict);
  to.skip_check_adv_addr = instance.skip_check_adv_addr.value_or(vrrp.vrrp_skip_check_adv_addr);
  to.v3_checksum_as_v2 = instance.v3_checksum_as_v2.value_or(vrrp.v3_checksum_as_v2);
  to.lower_prio_no_advert = instance.lower_prio_no_advert.value_or(vrrp.vrrp_lower_prio_no_advert);
  to.higher_prio_send_advert = instance.higher_prio_send_advert.value_or(vrrp.vrrp_higher_prio_send_advert);
  to.owner_ignore_adverts = instance.owner_ignore_adverts.value_or(vrrp.vrrp_owner_ignore_adverts);
  to.accept = instance.accept.value_or(!to.strict_mode);
  to.down_timer_adverts = instance.down_timer_adverts.value_or(vrrp.vrrp_down_timer_adverts);
  to.mcast_dst_ip =
      instance.mcast_dst_ip.value_or(instance.family == Family::ipv6 ? vrrp.vrrp_mcast_group6 : vrrp.vrrp_mcast_group4);
  to.announcing = announcing_in_force(global.garp, instance.announcing);
  to.smtp_alert = alert_of_vrrp(global.mail, instance.smtp_alert);
  to.notify_priority_changes = instance.notify_priority_changes.value_or(vrrp.vrrp_notify_priority_changes);
  if (to.strict_mode) enforce(to);
  return to;
}

GroupInForce in_force(const GlobalDefs& global, const SyncGroup& group) {
  return {alert_of_vrrp(global.mail, group.smtp_alert),
          group.notify_priority_changes.value_or(global.vrrp.vrrp_notify_priority_changes)};
}

bool smtp_alert_in_force(const GlobalDefs& global, const VirtualServer& service) {
  return alert_of_checker(global.mail, service.smtp_alert, false);
}

bool smtp_alert_in_force(const GlobalDefs& global, const RealServer& server) {
  return alert_of_checker(global.mail, server.smtp_alert, true);
}

}  // namespace baton::config
