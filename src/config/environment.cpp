// What only the machine can tell of a configuration: interfaces, scripts, users.
#include <array>
#include <optional>

#include "config/builder.hpp"
#include "config/parse.hpp"

namespace baton::config {
namespace {

constexpr std::uint8_t kCannotRun = 2;  // keepalived's VRRP process ends with it
constexpr std::string_view kDefaultUser = "keepalived_script";

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
    check_default_user();
    for (VrrpInstance& instance : config_.vrrp_instances) {
      check_interface(instance.interface, instance.interface_position);
      for (const VirtualAddress& entry : instance.virtual_addresses)
        check_interface(entry.device, entry.position);
      for (auto* script : {&instance.notify_master, &instance.notify_backup, &instance.notify_fault,
                           &instance.notify_stop, &instance.notify})
        if (*script && !may_run(config_.scripts.at(**script))) script->reset();
    }
    check_devices();
    for (VirtualServer& server : config_.virtual_servers)
      check_server_scripts(server);
    check_misc_scripts();
    if (!first_script_ || config_.global.enable_script_security) return;
    out_.add(
        {*first_script_, Severity::warning, Status::insecure, "scripts run without enable_script_security",
         "write enable_script_security and script_user into global_defs: scripts that others could have changed are "
         "then not run"});
  }

 private:
  void check_server_scripts(VirtualServer& server) {
    for (auto* script : {&server.quorum_up, &server.quorum_down})
      if (*script && !may_run(config_.scripts.at(**script))) script->reset();
    for (RealServer& real : server.real_servers)
      for (auto* script : {&real.notify_up, &real.notify_down})
        if (*script && !may_run(config_.scripts.at(**script))) script->reset();
  }

  /// What is tracked, and what routes and rules name.
  void check_devices() {
    for (const VrrpInstance& instance : config_.vrrp_instances) {
      for (const Tracked& entry : instance.tracking.interfaces)
        check_interface(entry.name, entry.position);
      check_routing(instance.virtual_routes, instance.virtual_rules);
    }
    for (const SyncGroup& group : config_.sync_groups)
      for (const Tracked& entry : group.tracking.interfaces)
        check_interface(entry.name, entry.position);
    check_routing(config_.static_routes, config_.static_rules);
  }

  void check_routing(const std::vector<Route>& routes, const std::vector<Rule>& rules) {
    for (const Route& route : routes) {
      check_interface(route.device, route.position);
      for (const Nexthop& nexthop : route.nexthops)
        check_interface(nexthop.device, route.position);
    }
    for (const Rule& rule : rules)
      for (const std::string* device : {&rule.iif, &rule.oif})
        check_interface(*device, rule.position);
  }

  void check_interface(const std::string& name, Position position) {
    if (is_missing(environment_.interface_exists, name))
      out_.add({position, Severity::error, Status::bad, concat("there is no interface ", quoted(name)),
                "ip link lists those that there are", length_of(name), kCannotRun});
  }

  void check_default_user() {
    const GlobalDefs& global = config_.global;
    for (const auto& [exists, name] : {std::pair{&environment_.user_exists, &global.script_user},
                                       std::pair{&environment_.group_exists, &global.script_group}})
      if (is_missing(*exists, *name))
        out_.add({global.script_user_position, Severity::error, Status::bad,
                  concat("there is no user or group ", quoted(*name)),
                  "scripts without a user of their own are not run", length_of(global.script_user)});
    const std::string_view name = global.script_user.empty() ? kDefaultUser : std::string_view(global.script_user);
    has_default_user_ =
        !is_missing(environment_.user_exists, name) && !is_missing(environment_.group_exists, global.script_group);
    if (global.script_user.empty() && !global.enable_script_security) has_default_user_ = true;  // root
  }

  /// Unlike other scripts these are judged by their users first, and keepalived does not pass over an unknown one.
  void check_misc_scripts() {
    for (VirtualServer& server : config_.virtual_servers)
      for (RealServer& real : server.real_servers)
        std::erase_if(real.checks, [&](const Check& check) {
          const auto* misc = std::get_if<MiscCheck>(&check);
          if (misc == nullptr) return false;
          const Script& script = config_.scripts.at(misc->misc_path);
          return !has_user(script, Status::bad, "its line 'user' names the user and the group") || !may_run(script);
        });
  }

  /// Whether the script may be started; what stands against it is reported.  One that is not there is a warning without
  /// an effect on the exit status, as keepalived drops it without a word: it may be there when it is needed, so it
  /// stays.
  bool may_run(const Script& script) {
    const std::string& program = script.arguments.front();
    if (is_missing(environment_.executable_exists, program)) {
      out_.add({script.position, Severity::warning, Status::ok,
                concat(quoted(program), " is not there or cannot be executed"),
                "keepalived drops such a script without a word", length_of(program)});
      return true;
    }
    constexpr std::string_view kUserFollows =
        "the two words after the command are its user and group; to pass arguments write the whole command in double "
        "quotes";
    if (!has_user(script, Status::ok, kUserFollows)) return false;
    if (!first_script_ || script.position < *first_script_) first_script_ = script.position;
    return true;
  }

  /// Whether there is somebody to run the script; if not, that is reported with `unknown`.
  bool has_user(const Script& script, Status unknown, std::string_view hint) {
    const std::uint32_t length = length_of(script.arguments.front());
    if (is_missing(environment_.user_exists, script.user) || is_missing(environment_.group_exists, script.group)) {
      out_.add(
          {script.position, Severity::error, unknown,
           concat("there is no user ", quoted(script.user),
                  script.group.empty() ? "" : concat(" or no group ", quoted(script.group)), ": the script is not run"),
           std::string(hint), length});
      return false;
    }
    if (script.user.empty() && !has_default_user_) {
      out_.add({script.position, Severity::error, Status::bad, "there is no user to run this script as: it is not run",
                concat("write script_user USER into global_defs, or make a user ", kDefaultUser), length});
      return false;
    }
    return true;
  }

  const Environment& environment_;
  Config& config_;
  Diagnostics& out_;
  bool has_default_user_ = true;
  std::optional<Position> first_script_;  // the first one that runs
};

}  // namespace

void check_environment(const Environment& environment, Parsed& parsed) {
  Inspection(environment, parsed).run();
}

}  // namespace baton::config
