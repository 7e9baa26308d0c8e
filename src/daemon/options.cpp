#include "daemon/options.hpp"

#include <array>
#include <charconv>
#include <csignal>
#include <string_view>
#include <system_error>
#include <utility>

#include <getopt.h>
#include <syslog.h>
#include <unistd.h>

#include "config/manual.hpp"
#include "daemon/options_text.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kDefaultFile = "/etc/baton/baton.conf";
constexpr const char* kPeersDefaultFile = "/etc/keepalived/keepalived.conf";
constexpr const char* kRealServerPidFile = "/run/baton/real-server.pid";

// Long options without a letter.  Plain numbers, as getopt_long() takes and gives back ints; the struct keeps names as
// common as these to itself.
struct LongOnly {
  enum Number : int {
    all = 0x100,
    signum,
    ignore_sigint,
    flush_log_file,
    explain,
    json,
    real_server,
    role,
    resign,
    mail,
    channel,
    capabilities,
    instance
  };
};

constexpr const char* kShort = ":f:PCBlDS:Gg::u:XVIRndp:r:c:b:Tas:xA:mM::ei:t::vh";

constexpr std::array kLong{
    option{"use-file", required_argument, nullptr, 'f'},
    option{"vrrp", no_argument, nullptr, 'P'},
    option{"check", no_argument, nullptr, 'C'},
    option{"no_bfd", no_argument, nullptr, 'B'},
    option{"all", no_argument, nullptr, LongOnly::all},
    option{"log-console", no_argument, nullptr, 'l'},
    option{"log-detail", no_argument, nullptr, 'D'},
    option{"log-facility", required_argument, nullptr, 'S'},
    option{"log-file", optional_argument, nullptr, 'g'},
    option{"flush-log-file", no_argument, nullptr, LongOnly::flush_log_file},
    option{"no-syslog", no_argument, nullptr, 'G'},
    option{"umask", required_argument, nullptr, 'u'},
    option{"release-vips", no_argument, nullptr, 'X'},
    option{"dont-release-vrrp", no_argument, nullptr, 'V'},
    option{"dont-release-ipvs", no_argument, nullptr, 'I'},
    option{"dont-respawn", no_argument, nullptr, 'R'},
    option{"dont-fork", no_argument, nullptr, 'n'},
    option{"dump-conf", no_argument, nullptr, 'd'},
    option{"pid", required_argument, nullptr, 'p'},
    option{"vrrp_pid", required_argument, nullptr, 'r'},
    option{"checkers_pid", required_argument, nullptr, 'c'},
    option{"bfd_pid", required_argument, nullptr, 'b'},
    option{"genhash", no_argument, nullptr, 'T'},
    option{"address-monitoring", no_argument, nullptr, 'a'},
    option{"namespace", required_argument, nullptr, 's'},
    option{"snmp", no_argument, nullptr, 'x'},
    option{"snmp-agent-socket", required_argument, nullptr, 'A'},
    option{"core-dump", no_argument, nullptr, 'm'},
    option{"core-dump-pattern", optional_argument, nullptr, 'M'},
    option{"all-config", no_argument, nullptr, 'e'},
    option{"config-id", required_argument, nullptr, 'i'},
    option{"ignore-sigint", no_argument, nullptr, LongOnly::ignore_sigint},
    option{"explain", required_argument, nullptr, LongOnly::explain},
    option{"signum", required_argument, nullptr, LongOnly::signum},
    option{"config-test", optional_argument, nullptr, 't'},
    option{"json", no_argument, nullptr, LongOnly::json},
    option{"real-server", no_argument, nullptr, LongOnly::real_server},
    option{"version", no_argument, nullptr, 'v'},
    option{"help", no_argument, nullptr, 'h'},
    option{"role", required_argument, nullptr, LongOnly::role},
    option{"resign", no_argument, nullptr, LongOnly::resign},
    option{"mail", no_argument, nullptr, LongOnly::mail},
    option{"channel", required_argument, nullptr, LongOnly::channel},
    option{"capabilities", required_argument, nullptr, LongOnly::capabilities},
    option{"instance", required_argument, nullptr, LongOnly::instance},
    option{nullptr, 0, nullptr, 0},
};

Command refuse(const std::string& why) {
  Command command;
  command.what = Command::What::print;
  command.text = "batond: " + why + "\nbatond --help lists the options.\n";
  command.exit_status = 1;
  return command;
}

Command print(std::string text, bool to_stdout) {
  Command command;
  command.what = Command::What::print;
  command.text = std::move(text);
  command.to_stdout = to_stdout;
  return command;
}

template <class Integer>
bool parse_number(std::string_view text, Integer& value, int base = 10) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  return error == std::errc{} && end == text.data() + text.size();
}

std::optional<int> facility_named(std::string_view text) {
  if (text == "user") return LOG_USER;
  if (text == "daemon") return LOG_DAEMON;
  if (text.starts_with("local")) text.remove_prefix(5);
  if (text.size() != 1 || text[0] < '0' || text[0] > '7') return std::nullopt;
  return LOG_LOCAL0 + ((text[0] - '0') << 3);
}

Command signal_number(std::string_view word) {
  struct Row {
    std::string_view word;
    int number;
  };
  const std::array rows{Row{"STOP", SIGTERM},
                        Row{"RELOAD", SIGHUP},
                        Row{"DATA", SIGUSR1},
                        Row{"STATS", SIGUSR2},
                        Row{"STATS_CLEAR", SIGRTMAX - 1},
                        Row{"JSON", SIGRTMIN + 2}};
  for (const auto& row : rows)
    if (row.word == word) return print(std::to_string(row.number) + "\n", true);
  Command unknown = print("Unknown sigfunc " + std::string(word) + "\n", false);
  unknown.exit_status = 1;
  return unknown;
}

/// The manual's entry of one keyword.
Command explanation(std::string_view keyword) {
  if (auto text = config::explain(keyword)) return print(std::move(*text), true);
  const std::string near = config::nearest_keyword(keyword);
  Command unknown = print(
      "batond: there is no keyword '" + std::string(keyword) + "'" + (near.empty() ? "" : ": " + near) + "\n", false);
  unknown.exit_status = 1;
  return unknown;
}

/// "-x", or the long option as it was written.
std::string spelling(int option, char** argv) {
  std::string written = argv[optind - 1];
  if (written.starts_with("--") || option <= 0 || option >= LongOnly::all) return written;
  return std::string{'-', static_cast<char>(option)};
}

std::optional<std::string_view> not_supported(int option) {
  switch (option) {
    case 'g': return "a log file of its own";
    case LongOnly::flush_log_file: return "a log file of its own";
    case 'x': return "SNMP";
    case 'A': return "SNMP";
    case 'M': return "setting the core pattern";
    case 'T': return "genhash (it is a command of its own: batonctl genhash)";
    default: return std::nullopt;
  }
}

/// Options without an argument.  False: not one of them.
bool set_flag(int option, Options& options) {
  switch (option) {
    case 'P': options.only_vrrp = true; return true;
    case 'C': options.only_checkers = true; return true;
    case 'l': options.log_console = true; return true;
    case 'D': ++options.detail; return true;
    case 'G': options.no_syslog = true; return true;
    case 'V': options.keep_vips = true; return true;
    case 'I': options.keep_ipvs = true; return true;
    case 'R': options.no_respawn = true; return true;
    case 'n': options.foreground = true; return true;
    case 'd': options.dump_configuration = true; return true;
    case 'm': options.core_dump = true; return true;
    case 'e': options.all_includes = true; return true;
    case LongOnly::json: options.json = true; return true;
    case LongOnly::real_server: options.real_server = true; return true;
    case 'B': options.no_bfd = true; return true;
    case LongOnly::ignore_sigint: options.ignore_sigint = true; return true;
    case LongOnly::resign: options.resign = true; return true;
    case LongOnly::mail: options.mail = true; return true;
    default: return false;
  }
}

/// Accepted, because a unit file may hold them, and told in the log.  False: not one of them.
bool set_without_effect(int option, char** argv, Options& options) {
  switch (option) {
    case 'X':
    case 'a':
    case 'b':
    case LongOnly::all: options.without_effect.push_back(spelling(option, argv)); return true;
    default: return false;
  }
}

/// Options with an argument; an error says what is wrong with it.
Result<void> set_value(int option, Options& options) {
  const std::string text = optarg;
  switch (option) {
    case 'f': options.configuration_file = text; break;
    case 'i': options.config_id = text; break;
    case 'p': options.pid_file = text; break;
    case 'r': options.vrrp_pid_file = text; break;
    case 'c': options.checkers_pid_file = text; break;
    case 's': options.net_namespace = text; break;
    case 'S': {
      const auto facility = facility_named(text);
      if (!facility) return failure("invalid log facility '" + text + "': 0 to 7, local0 to local7, user or daemon");
      options.log_facility = *facility;
      break;
    }
    case 'u': {
      mode_t mask = 0;
      if (!parse_number(text, mask, 8) || mask > 0777) return failure("invalid umask '" + text + "': 0 to 777, octal");
      options.umask = mask;
      break;
    }
    case LongOnly::instance: options.instance = text; break;
    case LongOnly::role:
      options.role = role_named(text);
      if (!options.role) return failure("invalid role");
      break;
    case LongOnly::channel:
      if (!parse_number(text, options.channel)) return failure("invalid channel");
      break;
    case LongOnly::capabilities:
      if (!parse_number(text, options.capabilities, 16)) return failure("invalid capabilities");
      break;
    default: return failure("unexpected option");
  }
  return {};
}

/// --check is keepalived's long name of -C; beside --real-server it says that nothing is to be changed.
void resolve_real_server(Options& options) {
  if (!options.real_server) return;
  options.only_check = std::exchange(options.only_checkers, false);
  if (options.pid_file == Options{}.pid_file) options.pid_file = kRealServerPidFile;
}

void resolve_defaults(Options& options) {
  resolve_real_server(options);
  if (options.only_vrrp && options.only_checkers) options.only_vrrp = options.only_checkers = false;
  if (options.configuration_file.empty())
    options.configuration_file = ::access(kDefaultFile, F_OK) == 0 ? kDefaultFile : kPeersDefaultFile;
  place_pid_files(options);
}

}  // namespace

std::string place_pid_files(Options& options) {
  constexpr std::string_view kEnding = ".pid";
  const Options usual;
  const std::string folder = kRuntimeDirectory + (options.net_namespace.empty() ? "" : "/" + options.net_namespace);
  const auto place = [&](std::string& path, const std::string& usual_path) {
    auto name = usual_path.substr(usual_path.rfind('/'));
    if (path != usual_path && path != folder + name) return;
    if (!options.instance.empty()) name.insert(name.size() - kEnding.size(), "_" + options.instance);
    path = folder + name;
  };
  place(options.pid_file, usual.pid_file);
  place(options.vrrp_pid_file, usual.vrrp_pid_file);
  place(options.checkers_pid_file, usual.checkers_pid_file);
  return folder;
}

Command parse_command_line(int argc, char** argv) {
  Command command;
  Options& options = command.options;
  options.log_facility = LOG_DAEMON;
  optind = 0;  // glibc: begin anew
  opterr = 0;
  int option = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is any thread
  while ((option = ::getopt_long(argc, argv, kShort, kLong.data(), nullptr)) != -1) {
    if (option == '?') return refuse("unknown option or unwanted argument '" + spelling(optopt, argv) + "'");
    if (option == ':') return refuse("option '" + spelling(optopt, argv) + "' needs an argument");
    if (option == 'h') return print(std::string(help_text()), true);
    if (option == 'v') return print(version_text(), false);
    if (option == LongOnly::signum) return signal_number(optarg);
    if (option == LongOnly::explain) return explanation(optarg);
    if (const auto what = not_supported(option))
      return refuse("option '" + spelling(option, argv) + "' is not supported yet: " + std::string(*what));
    if (option == 't') {
      command.what = Command::What::test;
      command.file = optarg != nullptr ? optarg : "";
      continue;
    }
    if (set_flag(option, options) || set_without_effect(option, argv, options)) continue;
    if (const auto set = set_value(option, options); !set) return refuse(set.error().message);
  }
  if (optind < argc) return refuse("unexpected argument '" + std::string(argv[optind]) + "'");
  resolve_defaults(options);
  return command;
}

}  // namespace baton::daemon
