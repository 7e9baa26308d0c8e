#include "daemon/options.hpp"

#include <csignal>

#include <syslog.h>

#include <doctest/doctest.h>

using namespace baton;
using namespace baton::daemon;

namespace {

Command parse(std::vector<std::string> words) {
  words.insert(words.begin(), "batond");
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  return parse_command_line(static_cast<int>(words.size()), argv.data());
}

Options run(std::vector<std::string> words) {
  const auto command = parse(std::move(words));
  CHECK(command.text == "");
  REQUIRE(command.what == Command::What::run);
  return command.options;
}

void refused(std::vector<std::string> words, const std::string& because) {
  CAPTURE(words);
  const auto command = parse(std::move(words));
  CHECK(command.what == Command::What::print);
  CHECK(command.exit_status == 1);
  CHECK_FALSE(command.to_stdout);
  CHECK_MESSAGE(command.text.find(because) != std::string::npos, command.text);
}

}  // namespace

TEST_CASE("without options everything has keepalived's default") {
  const auto options = run({});
  CHECK_FALSE(options.foreground);
  CHECK_FALSE(options.log_console);
  CHECK_FALSE(options.only_vrrp);
  CHECK_FALSE(options.only_checkers);
  CHECK(options.detail == 0);
  CHECK(options.log_facility == LOG_DAEMON);
  CHECK(options.pid_file == "/run/baton/batond.pid");
  CHECK(options.vrrp_pid_file == "/run/baton/vrrp.pid");
  CHECK(options.checkers_pid_file == "/run/baton/checkers.pid");
  CHECK_FALSE(options.umask);
  CHECK_FALSE(options.role);
  CHECK(options.channel == -1);
  CHECK(options.configuration_file.starts_with("/etc/"));
}

TEST_CASE("--check beside --real-server means only to tell, and not keepalived's --check") {
  CHECK(run({"--check"}).only_checkers);
  CHECK_FALSE(run({"--check"}).only_check);
  const auto options = run({"--real-server", "--check"});
  CHECK(options.real_server);
  CHECK(options.only_check);
  CHECK_FALSE(options.only_checkers);
  CHECK(options.pid_file == "/run/baton/real-server.pid");
  CHECK(run({"--real-server", "-p", "/x"}).pid_file == "/x");
}

TEST_CASE("short and long forms say the same") {
  struct Row {
    std::vector<std::string> short_form, long_form;
    bool (*holds)(const Options&);
  };
  const std::vector<Row> rows{
      {{"-f", "/a"}, {"--use-file=/a"}, [](const Options& o) { return o.configuration_file == "/a"; }},
      {{"-n"}, {"--dont-fork"}, [](const Options& o) { return o.foreground; }},
      {{"-l"}, {"--log-console"}, [](const Options& o) { return o.log_console; }},
      {{"-D"}, {"--log-detail"}, [](const Options& o) { return o.detail == 1; }},
      {{"-DD"}, {"--log-detail", "--log-detail"}, [](const Options& o) { return o.detail == 2; }},
      {{"-G"}, {"--no-syslog"}, [](const Options& o) { return o.no_syslog; }},
      {{"-d"}, {"--dump-conf"}, [](const Options& o) { return o.dump_configuration; }},
      {{"-P"}, {"--vrrp"}, [](const Options& o) { return o.only_vrrp && !o.only_checkers; }},
      {{"-C"}, {"--check"}, [](const Options& o) { return o.only_checkers && !o.only_vrrp; }},
      {{"-PC"}, {"--vrrp", "--check"}, [](const Options& o) { return !o.only_checkers && !o.only_vrrp; }},
      {{"-p", "/p"}, {"--pid", "/p"}, [](const Options& o) { return o.pid_file == "/p"; }},
      {{"-r/v"}, {"--vrrp_pid=/v"}, [](const Options& o) { return o.vrrp_pid_file == "/v"; }},
      {{"-c", "/c"}, {"--checkers_pid=/c"}, [](const Options& o) { return o.checkers_pid_file == "/c"; }},
      {{"-S", "3"}, {"--log-facility=local3"}, [](const Options& o) { return o.log_facility == LOG_LOCAL3; }},
      {{"-S", "user"}, {"--log-facility=user"}, [](const Options& o) { return o.log_facility == LOG_USER; }},
      {{"-V"}, {"--dont-release-vrrp"}, [](const Options& o) { return o.keep_vips; }},
      {{"-I"}, {"--dont-release-ipvs"}, [](const Options& o) { return o.keep_ipvs; }},
      {{"-R"}, {"--dont-respawn"}, [](const Options& o) { return o.no_respawn; }},
      {{"-m"}, {"--core-dump"}, [](const Options& o) { return o.core_dump; }},
      {{"-u", "022"}, {"--umask=22"}, [](const Options& o) { return o.umask == 022; }},
      {{"-i", "x"}, {"--config-id", "x"}, [](const Options& o) { return o.config_id == "x"; }},
      {{"-B"}, {"--no_bfd"}, [](const Options& o) { return o.no_bfd; }},
      {{"-a"}, {"--address-monitoring"}, [](const Options& o) { return o.without_effect.size() == 1; }},
      {{"-b", "/b"}, {"--bfd_pid=/b"}, [](const Options& o) { return o.without_effect.size() == 1; }},
      {{"-nlDf", "/a"},
       {"--dont-fork", "--log-console", "--log-detail", "--use-file", "/a"},
       [](const Options& o) { return o.foreground && o.log_console && o.detail == 1 && o.configuration_file == "/a"; }},
  };
  for (const auto& row : rows) {
    CAPTURE(row.short_form);
    CHECK(row.holds(run(row.short_form)));
    CHECK(row.holds(run(row.long_form)));
    CHECK_FALSE((row.holds(run({})) && row.short_form != std::vector<std::string>{"-B"} &&
                 row.short_form != std::vector<std::string>{"-PC"}));
  }
  CHECK(run({"--ignore-sigint"}).ignore_sigint);
  CHECK(run({"--all"}).without_effect == std::vector<std::string>{"--all"});
  CHECK(run({"-X"}).without_effect == std::vector<std::string>{"-X"});
}

TEST_CASE("how the supervisor starts a role") {
  const auto options = run({"--role=vrrp", "--channel=3", "--capabilities=3000", "-n", "-f", "/a"});
  CHECK(options.role == Role::vrrp);
  CHECK(options.channel == 3);
  CHECK(options.capabilities == 0x3000);
  CHECK_FALSE(options.resign);
  CHECK(run({"--role=vrrp", "--resign"}).resign);
}

TEST_CASE(
    "an instance is part of the names of the pid files, also in a network namespace, but for those that are named") {
  auto options = run({"--role=vrrp", "--instance=east", "-c", "/a/checkers.pid"});
  CHECK(options.instance == "east");
  CHECK(options.pid_file == "/run/baton/batond_east.pid");
  CHECK(options.vrrp_pid_file == "/run/baton/vrrp_east.pid");
  CHECK(options.checkers_pid_file == "/a/checkers.pid");
  const auto once = options.pid_file;
  CHECK(place_pid_files(options) == "/run/baton");
  CHECK(options.pid_file == once);
  auto later = run({"-s", "blue"});
  later.instance = "west";
  CHECK(place_pid_files(later) == "/run/baton/blue");
  CHECK(later.pid_file == "/run/baton/blue/batond_west.pid");
}

TEST_CASE("in a network namespace the pid files have a folder of their own, but for those that are named") {
  const auto options = run({"-s", "blue", "-c", "/a/checkers.pid"});
  CHECK(options.net_namespace == "blue");
  CHECK(options.pid_file == "/run/baton/blue/batond.pid");
  CHECK(options.vrrp_pid_file == "/run/baton/blue/vrrp.pid");
  CHECK(options.checkers_pid_file == "/a/checkers.pid");
  auto later = run({});
  CHECK(place_pid_files(later) == "/run/baton");
  CHECK(later.pid_file == "/run/baton/batond.pid");
  later.net_namespace = "red";
  CHECK(place_pid_files(later) == "/run/baton/red");
  CHECK(later.pid_file == "/run/baton/red/batond.pid");
}

TEST_CASE("the configuration test") {
  CHECK(parse({"-t"}).what == Command::What::test);
  CHECK(parse({"-t"}).file == "");
  CHECK(parse({"-t", "-f", "/a"}).options.configuration_file == "/a");
  CHECK(parse({"-tFILE"}).file == "FILE");
  CHECK(parse({"--config-test=FILE"}).file == "FILE");
  CHECK(parse({"--config-test"}).file == "");
  CHECK(parse({"-t=FILE"}).file == "=FILE");  // as keepalived's
  refused({"-t", "extra"}, "unexpected argument 'extra'");
}

TEST_CASE("what cannot be understood is refused with status 1") {
  refused({"--nosuchopt"}, "'--nosuchopt'");
  refused({"-Z"}, "'-Z'");
  refused({"--vrrp=1"}, "'--vrrp=1'");
  refused({"extra"}, "unexpected argument 'extra'");
  refused({"-n", "--", "-x"}, "unexpected argument '-x'");
  refused({"-f"}, "'-f' needs an argument");
  refused({"--pid"}, "'--pid' needs an argument");
  refused({"-S", "9"}, "invalid log facility '9'");
  refused({"-S", "local"}, "invalid log facility");
  refused({"-S", "local10"}, "invalid log facility");
  refused({"-S", "mail"}, "invalid log facility");
  refused({"-u", "8"}, "invalid umask '8'");
  refused({"-u", "1000"}, "invalid umask");
  refused({"-u", ""}, "invalid umask");
  refused({"--role=x"}, "invalid role");
  refused({"--channel=x"}, "invalid channel");
  refused({"--capabilities=x"}, "invalid capabilities");
}

TEST_CASE("what is not supported yet is said, not ignored") {
  refused({"-x"}, "SNMP");
  refused({"--snmp-agent-socket=a"}, "SNMP");
  refused({"-gfile"}, "'-g' is not supported yet");
  refused({"--flush-log-file"}, "not supported yet");
  refused({"-T"}, "genhash");
  refused({"-M"}, "core pattern");
}

TEST_CASE("what batond says about itself") {
  const auto help = parse({"-h"});
  CHECK(help.what == Command::What::print);
  CHECK(help.exit_status == 0);
  CHECK(help.to_stdout);
  for (const char* word : {"--use-file", "--dont-fork", "--config-test", "--checkers_pid", "--signum"})
    CHECK(help.text.find(word) != std::string::npos);
  const auto version = parse({"--version"});
  CHECK(version.exit_status == 0);
  CHECK_FALSE(version.to_stdout);
  CHECK(version.text.starts_with("Baton v"));
}

TEST_CASE("numbers of the signals") {
  const auto reload = parse({"--signum=RELOAD"});
  CHECK(reload.text == "1\n");
  CHECK(reload.to_stdout);
  CHECK(reload.exit_status == 0);
  CHECK(parse({"--signum=STOP"}).text == "15\n");
  CHECK(parse({"--signum=JSON"}).text == "36\n");
  CHECK(parse({"--signum", "DATA"}).text == "10\n");
  CHECK(parse({"--signum=STATS"}).text == "12\n");
  CHECK(parse({"--signum=STATS_CLEAR"}).text == std::to_string(SIGRTMAX - 1) + "\n");
  const auto unknown = parse({"--signum=FOO"});
  CHECK(unknown.text == "Unknown sigfunc FOO\n");
  CHECK_FALSE(unknown.to_stdout);
  CHECK(unknown.exit_status == 1);
}

TEST_CASE("--explain prints the entry of a keyword, and the nearest one for a word that is none") {
  const auto known = parse({"--explain=virtual_router_id"});
  CHECK(known.what == Command::What::print);
  CHECK(known.to_stdout);
  CHECK(known.exit_status == 0);
  CHECK(known.text.find("virtual_router_id <int:1-255>") != std::string::npos);
  const auto unknown = parse({"--explain", "virtual_ruoter_id"});
  CHECK(!unknown.to_stdout);
  CHECK(unknown.exit_status == 1);
  CHECK(unknown.text == "batond: there is no keyword 'virtual_ruoter_id': did you mean 'virtual_router_id'?\n");
}
