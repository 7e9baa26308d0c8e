// vrrp_groups.hpp - the sync groups of the vrrp role: who belongs to whom, what follows for the others, and what is
// told of a group.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "daemon/messages.hpp"
#include "daemon/vrrp_instance.hpp"
#include "vrrp/sync_group.hpp"

namespace baton::daemon {

class VrrpGroups {
 public:
  using Instances = std::map<InstanceKey, std::unique_ptr<VrrpInstance>>;
  using Order = std::pair<VrrpInstance*, vrrp::Event>;

  /// From now on the groups that the plans of these instances name; they outlive the groups or the next call.
  void configure(const Instances& instances);

  /// The instance first, then the other members of its group, in the order of the configuration.
  [[nodiscard]] std::vector<VrrpInstance*> with(VrrpInstance* instance) const;

  /// Sets the faults of the members that their group causes.
  void spread_faults(const VrrpInstance& cause);

  /// What follows when a member has changed its state or its mind.
  [[nodiscard]] std::vector<Order> orders(const VrrpInstance& cause) const;

  /// Tells of an instance, and of its group when that has another state by it.
  void tell(const Notify& notify, const std::function<void(const Notify&)>& on_notify);

 private:
  struct Group {
    std::string name;
    std::vector<VrrpInstance*> members;
    std::optional<NotifyState> told;
    std::map<std::string, NotifyState> told_of;  // of its members
    bool begins = true;                          // it may be told before them at the start
  };
  [[nodiscard]] static std::vector<vrrp::GroupMember> views(const Group& group);

  std::map<std::string, Group> groups_;
  std::map<std::string, std::string> group_of_;  // instance -> group; one that has left may still say goodbye
};

}  // namespace baton::daemon
