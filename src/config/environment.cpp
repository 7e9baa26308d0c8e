// What only the machine can tell of a configuration: interfaces, scripts, users.
#include <string>
#include <string_view>
#include <unordered_set>

#include "config/builder.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

constexpr std::string_view kDefaultUser = "keepalived_script";
constexpr std::string_view kRootUser = "root";

using Exists = std::function<bool(std::string_view)>;

bool is_missing(const Exists& exists, std::string_view name) {
  return exists && !name.empty() && !exists(name);
}

std::uint32_t length_of(std::string_view word) {
  return static_cast<std::uint32_t>(word.size());
}

class Inspection {
 public:
  Inspection(const Environment& environment, Parsed& parsed)
      : environment_(environment), config_(parsed.config), out_(parsed.diagnostics) {}

  void run() {
    for (const VirtualAddress& entry : config_.static_addresses)
      check_interface(entry.device, entry.position);
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      check_interface(instance.interface, instance.interface_position);
      for (const auto* list : {&instance.virtual_addresses, &instance.excluded_addresses})
        for (const VirtualAddress& entry : *list)
          check_interface(entry.device, entry.position);
    }
    check_devices();
    for (const GarpGroup& group : config_.garp_groups)
      for (const auto* interfaces : {&group.interface, &group.interfaces})
        for (const NamedInterface& interface : *interfaces)
          check_interface(interface.name, interface.position);
    for (const LinkDelay& delay : config_.daemon.interface_up_down_delays)
      check_interface(delay.interface.name, delay.interface.position, Status::fatal, 0);
    check_default_user();
    for (Script& script : config_.scripts)
      script.is_disabled = !may_run(script);
    report_without_user();
    report_insecure();
  }

 private:
  /// Those that share a cause: one message, at the first.
  struct Shared {
    const Script* first = nullptr;
    std::size_t count = 0;
    void add(const Script& script) {
      if (count++ == 0 || script.position < first->position) first = &script;
    }
  };

  /// What is tracked, and what routes and rules name.
  void check_devices() {
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      if (instance.vmac) note_link(instance.vmac->interface, instance.vrid);
      if (instance.ipvlan) note_link(instance.ipvlan->interface, instance.vrid);
    }
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      for (const Tracked& entry : instance.tracking.interfaces)
        check_device(entry.name, entry.position);
      check_routing(instance.virtual_routes, instance.virtual_rules);
    }
    for (const SyncGroup& group : config_.sync_groups)
      for (const Tracked& entry : group.tracking.interfaces)
        check_device(entry.name, entry.position);
    check_routing(config_.static_routes, config_.static_rules);
  }

  void check_routing(const std::vector<Route>& routes, const std::vector<Rule>& rules) {
    for (const Route& route : routes) {
      check_device(route.device, route.position);
      check_interface(route.vrf, route.position, Status::bad, 0);  // as with keepalived, the route alone is lost
      for (const Nexthop& nexthop : route.nexthops)
        check_device(nexthop.device, route.position);
    }
    for (const Rule& rule : rules)
      for (const std::string* device : {&rule.iif, &rule.oif})
        check_device(*device, rule.position);
  }

  /// A link that the configuration itself asks for: it need not be there yet.
  void note_link(const std::string& name, Vrid vrid) {
    own_links_.insert(name.empty() ? concat("vrrp.", number(vrid)) : name);
  }

  void check_device(const std::string& name, Position position) {
    if (!own_links_.contains(name)) check_interface(name, position);
  }

  void check_interface(const std::string& name, Position position, Status status = Status::bad,
                       std::uint8_t refusal = kCannotRun) {
    if (!is_missing(environment_.interface_exists, name)) return;
    if (config_.global.vrrp.dynamic_interfaces != DynamicInterfaces::off) {
      out_.add({position, Severity::note, Status::ok, concat("there is no interface ", quoted(name), " yet"),
                "whoever needs it waits for it", length_of(name)});
      return;
    }
    out_.add({position, Severity::error, status, concat("there is no interface ", quoted(name)),
              "ip link lists those that there are", length_of(name), refusal});
  }

  void check_default_user() {
    const GlobalDefs& global = config_.global;
    if (global.script_user.empty()) {
      // Without script security root stands in.
      default_user_ = !is_missing(environment_.user_exists, kDefaultUser) ? kDefaultUser
                      : global.enable_script_security                     ? std::string_view{}
                                                                          : kRootUser;
      return;
    }
    const std::string fault = unknown_owner(global.script_user, global.script_group);
    if (fault.empty()) {
      default_user_ = global.script_user;
      return;
    }
    is_default_reported_ = true;
    out_.add({global.script_user_position, Severity::error, Status::bad, "script_user: " + fault,
              "scripts without a user of their own are not run", length_of(global.script_user)});
  }

  /// "there is no user 'x'"; empty: both are there, or are not asked for.
  [[nodiscard]] std::string unknown_owner(const std::string& user, std::string_view group) const {
    if (group.starts_with(':')) group.remove_prefix(1);
    if (is_missing(environment_.user_exists, user)) return concat("there is no user ", quoted(user));
    if (is_missing(environment_.group_exists, group)) return concat("there is no group ", quoted(group));
    return {};
  }

  /// Whether the script may be started; what stands against it is reported.  One that is not there stays: it may be
  /// there when it is needed.
  bool may_run(const Script& script) {
    // Those whose user has a line of its own are judged by it first.
    const bool has_user_line = script.use == ScriptUse::track || script.use == ScriptUse::check;
    if (has_user_line && !has_user(script)) return false;
    const std::string& program = script.arguments.front();
    const Status status = script.use == ScriptUse::track ? Status::bad : Status::ok;  // of others keepalived is silent
    if (is_missing(environment_.executable_exists, program)) {
      out_.add({script.position, Severity::warning, status,
                concat(quoted(program), " is not there or cannot be executed"),
                status == Status::bad ? "a check that cannot be executed has failed; keepalived does without it"
                                      : "keepalived drops such a script without a word",
                length_of(program)});
      return true;
    }
    if (!has_user_line && !has_user(script)) return false;
    const std::string_view user = script.user.empty() ? default_user_ : std::string_view(script.user);
    if (config_.global.enable_script_security && user == kRootUser && !is_secure(script, status)) return false;
    running_.add(script);
    return true;
  }

  /// Whether there is somebody to run the script; if not, that is reported.
  bool has_user(const Script& script) {
    const bool has_user_line = script.use == ScriptUse::track || script.use == ScriptUse::check;
    if (const std::string fault = unknown_owner(script.user, script.group); !fault.empty()) {
      out_.add({script.position, Severity::error, has_user_line ? Status::bad : Status::ok,
                fault + ": the script is not run",
                has_user_line ? "its line 'user' names the user and the group"
                              : "the two words after the command are its user and group; to pass arguments write the "
                                "whole command in double quotes",
                length_of(script.arguments.front())});
      return false;
    }
    if (!script.user.empty() || !default_user_.empty()) return true;
    if (!is_default_reported_) without_user_.add(script);
    return false;
  }

  bool is_secure(const Script& script, Status status) {
    const std::string& program = script.arguments.front();
    const std::string why = environment_.insecurity ? environment_.insecurity(program) : std::string{};
    if (why.empty()) return true;
    out_.add({script.position, Severity::error, status, concat("the script is not run as root: ", why),
              "with enable_script_security nobody but root may be able to change what root runs", length_of(program)});
    return false;
  }

  void report_without_user() {
    if (without_user_.count == 0) return;
    const std::size_t others = without_user_.count - 1;
    const std::string which =
        others == 0 ? "this script as: it is not run"
                    : concat("this script and ", others, others == 1 ? " other" : " others", " as: they are not run");
    out_.add({without_user_.first->position, Severity::error, Status::bad, "there is no user to run " + which,
              concat("write script_user USER into global_defs, or make a user ", kDefaultUser,
                     ": enable_script_security does not let root stand in"),
              length_of(without_user_.first->arguments.front())});
  }

  void report_insecure() {
    if (running_.count == 0 || config_.global.enable_script_security) return;
    out_.add({running_.first->position, Severity::warning, Status::insecure,
              "scripts run without enable_script_security",
              "write enable_script_security and script_user into global_defs: scripts that others could have changed "
              "are then not run",
              length_of(running_.first->arguments.front())});
  }

  const Environment& environment_;
  Config& config_;
  Diagnostics& out_;
  std::string_view default_user_;  // whom scripts without a user run as; empty: there is none
  bool is_default_reported_ = false;
  Shared without_user_, running_;
  std::unordered_set<std::string> own_links_;  // VMACs and ipvlans
};

}  // namespace

void check_environment(const Environment& environment, Parsed& parsed) {
  Inspection(environment, parsed).run();
}

}  // namespace baton::config
