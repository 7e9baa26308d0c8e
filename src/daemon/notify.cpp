#include "daemon/notify.hpp"

#include <algorithm>

#include "daemon/script_programs.hpp"

namespace baton::daemon {

NotifyTable::NotifyTable(const config::Config& config) : names_(config) {
  for (const auto& instance : config.vrrp_instances) {
    Scripts scripts;
    scripts.by_state = {
        command_of(config, instance.notify_master),         command_of(config, instance.notify_backup),
        command_of(config, instance.notify_fault),          command_of(config, instance.notify_stop),
        command_of(config, instance.notify_deleted_script), command_of(config, instance.notify_master_rx_lower_pri)};
    scripts.any = command_of(config, instance.notify);
    instances_.emplace(instance.name, std::move(scripts));
  }
  for (const auto& group : config.sync_groups) {
    Scripts scripts;
    scripts.by_state = {command_of(config, group.notify_master), command_of(config, group.notify_backup),
                        command_of(config, group.notify_fault), command_of(config, group.notify_stop)};
    scripts.any = command_of(config, group.notify);
    groups_.emplace(group.name, std::move(scripts));
  }
  const ServiceIdentities identities(config);
  for (std::size_t i = 0; i < config.virtual_servers.size(); ++i) {
    const auto& service = config.virtual_servers[i];
    const auto& key = identities.key(i);
    if (!key) continue;
    UpDown quorum{command_of(config, service.quorum_up), command_of(config, service.quorum_down)};
    if (quorum.up || quorum.down) services_.emplace(*key, std::move(quorum));
    for (const auto& server : service.real_servers) {
      UpDown scripts{command_of(config, server.notify_up), command_of(config, server.notify_down)};
      if (scripts.up || scripts.down) members_.emplace(MemberKey{*key, key_of(server)}, std::move(scripts));
    }
  }
}

void NotifyTable::keep_only_removed(const config::Config& next) {
  if (members_.empty() && services_.empty()) return;
  const ServiceIdentities identities(next);
  for (std::size_t i = 0; i < next.virtual_servers.size(); ++i) {
    const auto& key = identities.key(i);
    if (!key) continue;
    services_.erase(*key);
    for (const auto& server : next.virtual_servers[i].real_servers)
      members_.erase(MemberKey{*key, key_of(server)});
  }
}

std::vector<NotifyCall> NotifyTable::calls(const Notify& notify) const {
  std::vector<NotifyCall> calls;
  if (notify.state == NotifyState::master_priority || notify.state == NotifyState::backup_priority) return calls;
  const auto& all = notify.is_group ? groups_ : instances_;
  const auto found = all.find(notify.instance);
  if (found == all.end()) return calls;
  const auto& scripts = found->second;
  const std::string kind = notify.is_group ? "GROUP" : "INSTANCE";
  const auto object = kind + ' ' + notify.instance;
  if (const auto& command = scripts.by_state.at(static_cast<std::size_t>(notify.state)))
    calls.push_back({{object, Lane::state}, *command});
  if (scripts.any && notify.state != NotifyState::master_rx_lower_pri) {
    auto command = *scripts.any;
    for (const auto& argument :
         {kind, notify.instance, std::string(name(notify.state)), std::to_string(notify.priority)})
      command.arguments.push_back(argument);
    calls.push_back({{object, Lane::any}, std::move(command)});
  }
  return calls;
}

std::vector<NotifyCall> NotifyTable::calls(const ServerNotify& notify) const {
  const auto found = members_.find({notify.service, notify.server});
  if (found == members_.end()) return {};
  const auto& command = notify.up ? found->second.up : found->second.down;
  if (!command) return {};
  return {
      {{"RS " + users_name(notify.service, notify.server) + ' ' + names_.of(notify.service), Lane::state}, *command}};
}

std::vector<NotifyCall> NotifyTable::calls(const QuorumNotify& notify) const {
  const auto found = services_.find(notify.service);
  if (found == services_.end()) return {};
  const auto& command = notify.up ? found->second.up : found->second.down;
  if (!command) return {};
  return {{{"VS " + names_.of(notify.service), Lane::state}, *command}};
}

bool hears_of_pools(const config::Config& config) {
  const auto& global = config.global;
  if (global.fifos.notify_fifo || global.fifos.lvs_notify_fifo) return true;
  if (!global.mail.notification_email.empty()) return true;
  const auto server_tells = [](const config::RealServer& server) { return server.notify_up || server.notify_down; };
  return std::ranges::any_of(config.virtual_servers, [&](const config::VirtualServer& server) {
    return server.quorum_up || server.quorum_down || std::ranges::any_of(server.real_servers, server_tells);
  });
}

std::string pipe_line(const Notify& notify) {
  return std::string(notify.is_group ? "GROUP" : "INSTANCE") + " \"" + notify.instance + "\" " +
         std::string(name(notify.state)) + ' ' + std::to_string(notify.priority);
}

std::string pipe_line(const ServerNotify& notify, const ServiceNames& names) {
  return "RS " + users_name(notify.service, notify.server) + ' ' + names.of(notify.service) +
         (notify.up ? " UP" : " DOWN");
}

std::string pipe_line(const QuorumNotify& notify, const ServiceNames& names) {
  return "VS " + names.of(notify.service) + (notify.up ? " UP" : " DOWN");
}

}  // namespace baton::daemon
