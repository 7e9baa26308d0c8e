#include <vector>

#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// A machine with eth0, /bin/true, and the users root and nobody.
Environment machine() {
  Environment environment;
  environment.interface_exists = [](std::string_view name) { return name == "eth0" || name == "lo"; };
  environment.executable_exists = [](std::string_view name) { return name == "/bin/true" || name == "true"; };
  environment.user_exists = [](std::string_view name) { return name == "root" || name == "nobody"; };
  environment.group_exists = [](std::string_view name) { return name == "root" || name == "nogroup"; };
  return environment;
}

Parsed checked(const std::string& text, const Environment& environment = machine()) {
  Parsed parsed = read(text);
  check_environment(environment, parsed);
  return parsed;
}

/// Whether each script would be started, in the order of the text.
std::vector<bool> runs(const Parsed& parsed) {
  std::vector<bool> runs;
  for (const Script& script : parsed.config.scripts)
    runs.push_back(!script.is_disabled);
  return runs;
}

const std::string kSecure = "global_defs {\nenable_script_security\nscript_user nobody\n}\n";

TEST_CASE("on a machine that has everything there is nothing to say") {
  CHECK(said(checked(instance("") + server(""))).empty());
  CHECK(said(checked(kSecure + instance("notify_master /bin/true"))).empty());
  CHECK(said(checked("")).empty());
}

TEST_CASE("a missing interface is told where it is named, and no daemon starts on it") {
  const Parsed parsed = checked(instance("interface nosuch0"));
  CHECK(said(parsed) ==
        "5:1 warning 0: 'interface' is written twice: this one counts (the other one is in line 2)\n"
        "5:11 error 5: there is no interface 'nosuch0' (ip link lists those that there are)\n");
  CHECK(parsed.diagnostics.refusal() == 2);
  CHECK(parsed.config.vrrp_instances.size() == 1);
  const Parsed device = checked(addresses("192.0.2.1 dev nosuch1"));
  CHECK(said(device) == "6:1 error 5: there is no interface 'nosuch1' (ip link lists those that there are)\n");
  CHECK(device.diagnostics.refusal() == 2);
}

TEST_CASE("interfaces of garp_group and of delays are looked at") {
  CHECK(said(checked("garp_group {\ngarp_interval 1\ninterface nosuch0\ninterfaces {\neth0 nosuch1\n}\n}\n"))
            .find("3:11 error 5: there is no interface 'nosuch0'") != std::string::npos);
  const Parsed delays = checked("interface_up_down_delays {\neth0 1\nnosuch0 1\n}\n");
  CHECK(said(delays).find("3:1 error 4: there is no interface 'nosuch0'") != std::string::npos);
  CHECK(delays.diagnostics.refusal() == 0);
  CHECK(delays.diagnostics.exit_status() == 4);
}

TEST_CASE("with dynamic_interfaces a missing interface is no mistake: it may come") {
  const Parsed parsed = checked("global_defs {\ndynamic_interfaces\n}\n" + instance("interface nosuch0"));
  CHECK(parsed.diagnostics.exit_status() == 0);
  CHECK(parsed.diagnostics.refusal() == 0);
  CHECK(said(parsed).find("note 0: there is no interface 'nosuch0' yet (whoever needs it waits for it)") !=
        std::string::npos);
}

TEST_CASE("the VRF of a route must be there") {
  const Parsed parsed = checked(instance("virtual_routes {\n10.0.0.0/8 vrf nosuch0\n}\n"));
  CHECK(said(parsed).find("there is no interface 'nosuch0'") != std::string::npos);
  CHECK(parsed.diagnostics.exit_status() == 5);
  CHECK(parsed.diagnostics.refusal() == 0);
}

TEST_CASE("a link that an instance makes for itself need not be there for its routes, rules and trackers") {
  const std::string routes = "virtual_routes {\n10.0.0.0/8 dev mine\n10.1.0.0/16 dev vrrp.10\n}\n";
  const Parsed named = checked(instance("use_vmac mine\nvirtual_routes {\n10.0.0.0/8 dev mine\n}\n"));
  CHECK(named.diagnostics.refusal() == 0);
  CHECK(checked(instance("use_vmac\nvirtual_routes {\n10.1.0.0/16 dev vrrp.10\n}\n")).diagnostics.refusal() == 0);
  const Parsed none = checked(instance(routes));
  CHECK(said(none).find("there is no interface 'mine'") != std::string::npos);
  CHECK(said(none).find("there is no interface 'vrrp.10'") != std::string::npos);
}

TEST_CASE("a tracked script that is not there is a mistake to keepalived, too") {
  Environment environment = machine();
  Parsed parsed;
  parsed.config.scripts.push_back({{"/nosuch"}, "", "", {0, 1, 1}, ScriptUse::track, false});
  parsed.config.scripts.push_back({{"/nosuch"}, "", "", {0, 2, 1}, ScriptUse::check, false});
  check_environment(environment, parsed);
  REQUIRE(parsed.diagnostics.all().size() == 2);
  CHECK(parsed.diagnostics.all()[0].status == Status::bad);
  CHECK(parsed.diagnostics.all()[1].status == Status::ok);
  CHECK(runs(parsed) == std::vector<bool>{true, true});
}

TEST_CASE("a script that is not there is a warning; it stays, as it may be there later; keepalived says nothing") {
  const Parsed parsed = checked(instance("notify_master /nonexistent/x.sh"));
  CHECK(said(parsed) ==
        "5:15 warning 0: '/nonexistent/x.sh' is not there or cannot be executed (keepalived drops such a script "
        "without a "
        "word)\n");
  CHECK(parsed.diagnostics.exit_status() == 0);
  CHECK(runs(parsed) == std::vector<bool>{true});
}

TEST_CASE("scripts without script security are status 6, told once, at the first that runs") {
  const Parsed parsed = checked(instance("notify_backup /bin/true\nnotify_master \"true x\"\nnotify /nosuch"));
  CHECK(parsed.diagnostics.exit_status() == 6);
  CHECK(parsed.diagnostics.all().size() == 2);
  CHECK(said(parsed).find("5:15 warning 6: scripts run without enable_script_security (") == 0);
  CHECK(parsed.diagnostics.refusal() == 0);
  CHECK(runs(parsed) == std::vector<bool>{true, true, true});
}

TEST_CASE("with script security and nobody to run them as, scripts are not run") {
  const Parsed parsed = checked("global_defs {\nenable_script_security\n}\n" +
                                instance("notify_master /bin/true\nnotify_backup /bin/true root"));
  CHECK(said(parsed) ==
        "8:15 error 5: there is no user to run this script as: it is not run (write script_user USER into global_defs, "
        "or make a user keepalived_script: enable_script_security does not let root stand in)\n");
  CHECK(runs(parsed) == std::vector<bool>{false, true});
  CHECK(parsed.config.vrrp_instances[0].notify_master == 0U);  // the Config says what was written
}

TEST_CASE("that there is nobody to run scripts as is told once, at the first of them") {
  const std::string text = "global_defs {\nenable_script_security\nstartup_script /bin/true\n}\n" +
                           instance("notify_master /bin/true\nnotify_backup /bin/true");
  const Parsed parsed = checked(text);
  const std::string messages = said(parsed);
  CHECK(messages.find("error 5: there is no user to run this script and ") != std::string::npos);
  CHECK(messages.find("keepalived_script") == messages.rfind("keepalived_script"));
  CHECK(runs(parsed) == std::vector<bool>(parsed.config.scripts.size(), false));
  CHECK(parsed.diagnostics.exit_status() == 5);
}

TEST_CASE("with script security root does not run what others could have changed") {
  Environment environment = machine();
  environment.insecurity = [](std::string_view program) {
    return program == "/bin/true" ? std::string("others may write /bin") : std::string();
  };
  const std::string scripts = instance("notify_master /bin/true\nnotify_backup /bin/true nobody\nnotify_fault true");
  const std::string as_root = "global_defs {\nenable_script_security\nscript_user root\n}\n";
  const Parsed parsed = checked(as_root + scripts, environment);
  CHECK(said(parsed) ==
        "9:15 error 0: the script is not run as root: others may write /bin (with enable_script_security nobody but "
        "root may be able to change what root runs)\n");
  CHECK(runs(parsed) == std::vector<bool>{false, true, true});
  CHECK(said(checked(kSecure + scripts, environment)).empty());  // nobody runs them
  const Parsed insecure = checked("global_defs {\nscript_user root\n}\n" + scripts, environment);
  CHECK(runs(insecure) == std::vector<bool>{true, true, true});
  CHECK(insecure.diagnostics.exit_status() == 6);
  CHECK(insecure.diagnostics.all().size() == 1);
}

TEST_CASE("the user keepalived_script is the default where it exists") {
  Environment environment = machine();
  environment.user_exists = [](std::string_view name) { return name == "keepalived_script"; };
  const Parsed parsed =
      checked("global_defs {\nenable_script_security\n}\n" + instance("notify_master /bin/true"), environment);
  CHECK(said(parsed).empty());
  CHECK(runs(parsed) == std::vector<bool>{true});
}

TEST_CASE("a script_user that does not exist runs nothing") {
  const Parsed user = checked("global_defs {\nscript_user nosuch\n}\n" + instance("notify_master /bin/true"));
  CHECK(said(user) ==
        "2:13 error 5: script_user: there is no user 'nosuch' (scripts without a user of their own are not run)\n");
  CHECK(runs(user) == std::vector<bool>{false});
  CHECK(user.diagnostics.exit_status() == 5);
  const Parsed group = checked("global_defs {\nscript_user nobody nosuch\n}\n" + instance("notify_master /bin/true"));
  CHECK(said(group).find("2:13 error 5: script_user: there is no group 'nosuch'") == 0);
  CHECK(runs(group) == std::vector<bool>{false});
  const Parsed own = checked("global_defs {\nscript_user nosuch\n}\n" + instance("notify /bin/true nobody"));
  CHECK(runs(own) == std::vector<bool>{true});
  CHECK(own.diagnostics.exit_status() == 6);
  CHECK(said(checked("global_defs {\nscript_user nobody :nogroup\n}\n")).empty());
}

TEST_CASE("a script whose own user does not exist is not run; mostly an argument was meant") {
  const Parsed parsed = checked(kSecure + instance("notify_master /bin/true arg\nnotify_backup /bin/true nobody grp"));
  CHECK(said(parsed).find(
            "9:15 error 0: there is no user 'arg': the script is not run (the two words after the command") == 0);
  CHECK(said(parsed).find("10:15 error 0: there is no group 'grp': the script is not run") != std::string::npos);
  CHECK(runs(parsed) == std::vector<bool>{false, false});
}

TEST_CASE("a MISC_CHECK that nobody can run is disabled, whether or not its command is there") {
  for (const char* command : {"/bin/true", "/nosuch"}) {
    const Parsed user = checked(kSecure + check("MISC_CHECK", "misc_path " + std::string(command) + "\nuser nosuch"));
    CHECK(said(user).find("11:11 error 5: there is no user 'nosuch': the script is not run (its line 'user'") !=
          std::string::npos);
    CHECK(runs(user) == std::vector<bool>{false});
    const Parsed nobody = checked("global_defs {\nenable_script_security\n}\n" +
                                  check("MISC_CHECK", "misc_path " + std::string(command)));
    CHECK(said(nobody).find("10:11 error 5: there is no user to run this script as") != std::string::npos);
    CHECK(runs(nobody) == std::vector<bool>{false});
  }
}

TEST_CASE("a MISC_CHECK counts among the scripts that run without script security") {
  const Parsed insecure = checked(check("MISC_CHECK", "misc_path \"/bin/true x\""));
  CHECK(said(insecure).find("7:11 warning 6: scripts run without enable_script_security") != std::string::npos);
  CHECK(checked(check("MISC_CHECK", "misc_path /nosuch")).diagnostics.exit_status() == 0);
  CHECK(checked(kSecure + check("MISC_CHECK", "misc_path /bin/true\nuser root")).diagnostics.exit_status() == 0);
}

TEST_CASE("what the daemon does not supply is not asked") {
  const Parsed parsed = checked("global_defs {\nenable_script_security\nscript_user nosuch\n}\n" +
                                    instance("interface nosuch0\nnotify_master /nosuch nobody"),
                                Environment{});
  CHECK(parsed.diagnostics.all().size() == 1);  // interface written twice
  CHECK(runs(parsed) == std::vector<bool>{true});
}

TEST_CASE("every notification of every instance is looked at") {
  const std::string all = "notify_master /a\nnotify_backup /b\nnotify_fault /c\nnotify_stop /d\nnotify /e";
  CHECK(checked(instance(all)).diagnostics.all().size() == 5);
}

}  // namespace
}  // namespace baton::config
