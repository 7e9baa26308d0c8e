#include "daemon/notify.hpp"

#include "daemon/script_programs.hpp"

namespace baton::daemon {

NotifyTable::NotifyTable(const config::Config& config) {
  for (const auto& instance : config.vrrp_instances) {
    Scripts scripts;
    scripts.by_state = {command_of(config, instance.notify_master), command_of(config, instance.notify_backup),
                        command_of(config, instance.notify_fault), command_of(config, instance.notify_stop)};
    scripts.any = command_of(config, instance.notify);
    instances_.emplace(instance.name, std::move(scripts));
  }
}

std::vector<NotifyCall> NotifyTable::calls(const Notify& notify) const {
  std::vector<NotifyCall> calls;
  const auto found = instances_.find(notify.instance);
  if (found == instances_.end()) return calls;
  const auto& scripts = found->second;
  const auto object = "INSTANCE " + notify.instance;
  if (const auto& command = scripts.by_state.at(static_cast<std::size_t>(notify.state)))
    calls.push_back({{object, Lane::state}, *command});
  if (scripts.any) {
    auto command = *scripts.any;
    for (const auto& argument :
         {std::string("INSTANCE"), notify.instance, std::string(name(notify.state)), std::to_string(notify.priority)})
      command.arguments.push_back(argument);
    calls.push_back({{object, Lane::any}, std::move(command)});
  }
  return calls;
}

}  // namespace baton::daemon
