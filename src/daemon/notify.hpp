// notify.hpp - from a change of state to the scripts that the configuration wants run for it (pure).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "config/model.hpp"
#include "daemon/messages.hpp"
#include "daemon/script_queue.hpp"

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

  [[nodiscard]] bool knows(const std::string& instance) const { return instances_.contains(instance); }

  /// notify_<state> with its configured arguments, then notify with `INSTANCE name STATE priority` after them
  /// (compat 8.2).
  [[nodiscard]] std::vector<NotifyCall> calls(const Notify& notify) const;

 private:
  struct Scripts {
    std::array<std::optional<ScriptCommand>, 4> by_state;  // indexed by NotifyState
    std::optional<ScriptCommand> any;
  };
  std::unordered_map<std::string, Scripts> instances_;
};

}  // namespace baton::daemon
