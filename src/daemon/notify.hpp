// notify.hpp - from a change of state to the scripts that the configuration wants run for it, and to the lines for its
// pipes (pure).
#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "daemon/script_queue.hpp"
#include "daemon/service_plan.hpp"

namespace baton::daemon {

struct NotifyCall {
  LaneKey lane;
  ScriptCommand command;
  friend bool operator==(const NotifyCall&, const NotifyCall&) = default;
};

/// The notify scripts of one configuration, by the instance's name.
class NotifyTable {
 public:
  NotifyTable() = default;
  explicit NotifyTable(const config::Config& config);

  [[nodiscard]] const ServiceNames& names() const { return names_; }
  [[nodiscard]] bool knows(const Notify& notify) const {
    return (notify.is_group ? groups_ : instances_).contains(notify.instance);
  }
  /// Forgets the virtual and real servers that are in `next`: what is left are those that it takes away.
  void keep_only_removed(const config::Config& next);
  /// Takes over the real servers of another table that this one does not know.
  void add_servers_of(NotifyTable&& other) { members_.merge(other.members_); }
  [[nodiscard]] bool has_scripts(const ipvs::ServiceKey& service) const { return services_.contains(service); }
  [[nodiscard]] bool has_scripts(const MemberKey& member) const { return members_.contains(member); }

  /// notify_<state> with its configured arguments, then notify with `INSTANCE name STATE priority` after them, of a
  /// sync group `GROUP name STATE 0` (compat 8.2).  A changed priority is told to the pipes only.
  [[nodiscard]] std::vector<NotifyCall> calls(const Notify& notify) const;
  /// notify_up, notify_down; quorum_up, quorum_down: with their configured arguments only.
  [[nodiscard]] std::vector<NotifyCall> calls(const ServerNotify& notify) const;
  [[nodiscard]] std::vector<NotifyCall> calls(const QuorumNotify& notify) const;

 private:
  struct UpDown {
    std::optional<ScriptCommand> up, down;
  };
  struct Scripts {
    std::array<std::optional<ScriptCommand>, kNotifyStates> by_state;  // indexed by NotifyState
    std::optional<ScriptCommand> any;
  };
  ServiceNames names_;
  std::unordered_map<std::string, Scripts> instances_, groups_;
  // Only those that have a script.
  std::map<MemberKey, UpDown> members_;
  std::map<ipvs::ServiceKey, UpDown> services_;
};

/// Whether a script, a pipe or a mail tells anybody of real and virtual servers.
bool hears_of_pools(const config::Config& config);

/// What the pipes are told, by the names of the configuration, as keepalived writes it (compat 8.3): `INSTANCE "VI_1"
/// MASTER 150`, `RS [192.0.2.1]:tcp:80 [192.0.2.9]:tcp:80 DOWN`, `VS FWM 7 UP`.
std::string pipe_line(const Notify& notify);
std::string pipe_line(const ServerNotify& notify, const ServiceNames& names);
std::string pipe_line(const QuorumNotify& notify, const ServiceNames& names);

}  // namespace baton::daemon
