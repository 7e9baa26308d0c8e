#include "daemon/mail_table.hpp"

#include <algorithm>

#include "config/inheritance.hpp"

namespace baton::daemon {

namespace {

/// Words of others must not begin a new line.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; }, '?');
  return text;
}

}  // namespace

MailTable::MailTable(const config::Config& config, const std::string& host_name)
    : names_(config),
      router_id_(config.global.router_id.empty() ? host_name : config.global.router_id),
      faults_(!config.global.mail.no_email_faults) {
  for (const auto& instance : config.vrrp_instances)
    if (config::in_force(config.global, instance).smtp_alert) instances_.insert(instance.name);
  for (const auto& group : config.sync_groups)
    if (config::in_force(config.global, group).smtp_alert) groups_.insert(group.name);
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    const auto& service = config.virtual_servers[i];
    const auto& key = identities.key(i);
    if (!key) continue;
    if (config::smtp_alert_in_force(config.global, service)) services_[*key] = {service.quorum, service.hysteresis};
    for (const auto& server : service.real_servers)
      if (config::smtp_alert_in_force(config.global, server)) servers_.insert({*key, key_of(server)});
  }
}

Mail MailTable::mail(const std::string& subject, const std::string& body) const {
  return {one_line("[" + router_id_ + "] " + subject), one_line("=> " + body + " <=")};
}

std::optional<Mail> MailTable::mail_for(const Notify& notify) const {
  if (notify.state == NotifyState::stop || notify.state >= NotifyState::deleted) return std::nullopt;
  if (!(notify.is_group ? groups_ : instances_).contains(notify.instance)) return std::nullopt;
  if (notify.state == NotifyState::fault && !faults_) return std::nullopt;
  const bool is_master = notify.state == NotifyState::master;
  if (notify.is_group)
    return mail("VRRP Group " + notify.instance + " - Entering " + std::string(name(notify.state)) + " state",
                "All group members are in " + std::string(name(notify.state)) + " state");
  return mail("VRRP Instance " + notify.instance + " - Entering " + std::string(name(notify.state)) + " state",
              is_master ? "VRRP Instance is now owning VRRP VIPs" : "VRRP Instance is no longer owning VRRP VIPs");
}

std::optional<Mail> MailTable::mail_for(const ServerNotify& notify) const {
  if (!servers_.contains({notify.service, notify.server}) || notify.moment != PoolMoment::change) return std::nullopt;
  const std::string why = notify.reason.empty() ? "" : " : " + notify.reason;
  return mail("Realserver " + users_name(notify.service, notify.server) + " of virtual server " +
                  names_.of(notify.service) + (notify.up ? " - UP" : " - DOWN"),
              notify.up ? "CHECK succeed on service" : "CHECK failed on service" + why);
}

std::optional<Mail> MailTable::mail_for(const QuorumNotify& notify) const {
  const auto found = services_.find(notify.service);
  if (found == services_.end() || notify.moment == PoolMoment::removal) return std::nullopt;
  const auto& [quorum, hysteresis] = found->second;
  const auto bar = notify.up ? quorum + hysteresis : quorum - std::min(quorum, hysteresis);
  // keepalived writes "+" and "<=" of a lost quorum, too.
  const bool is_start = notify.moment == PoolMoment::start;
  const std::string what = notify.up ? (is_start ? "Starting with quorum up" : "Gained quorum")
                                     : (is_start ? "Starting with quorum down" : "Lost quorum");
  const std::string body = what + " " + std::to_string(quorum) + "+" + std::to_string(hysteresis) + "=" +
                           std::to_string(bar) + " <= " + std::to_string(notify.live);
  return mail("Virtualserver " + names_.of(notify.service) + (notify.up ? " - UP" : " - DOWN"), body);
}

}  // namespace baton::daemon
