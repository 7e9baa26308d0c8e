// options.hpp - the command line of batond: keepalived's options, short and long.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "core/result.hpp"
#include "daemon/messages.hpp"

namespace baton::daemon {

inline constexpr const char* kRuntimeDirectory = "/run/baton";
inline constexpr mode_t kDefaultUmask = 0177;  // as keepalived's; scripts inherit it

/// Every process of Baton is started with the same command line and so has the same Options.
struct Options {
  std::string configuration_file;                     // -f; the default is resolved
  bool only_vrrp = false;                             // -P
  bool only_checkers = false;                         // -C
  bool foreground = false;                            // -n
  bool log_console = false;                           // -l
  bool no_syslog = false;                             // -G
  unsigned detail = 0;                                // -D, once or twice
  int log_facility = 0;                               // -S, LOG_DAEMON unless said
  bool dump_configuration = false;                    // -d
  bool no_bfd = false;                                // -B: no BFD sessions
  bool keep_vips = false;                             // -V, --dont-release-vrrp: VIPs stay at a wanted stop
  bool keep_ipvs = false;                             // -I, --dont-release-ipvs: the table stays at a wanted stop
  bool no_respawn = false;                            // -R: end when a role dies
  bool core_dump = false;                             // -m
  std::optional<mode_t> umask;                        // -u; the scripts inherit it
  std::string config_id;                              // -i; empty: the host's name up to its first dot
  bool all_includes = false;                          // -e: every include must find its file
  bool json = false;                                  // --json, with -t
  bool real_server = false;                           // --real-server: prepare this machine, direct nothing
  bool only_check = false;                            // --check, with --real-server: only tell
  std::string pid_file = "/run/baton/batond.pid";     // -p
  std::string vrrp_pid_file = "/run/baton/vrrp.pid";  // -r
  std::string checkers_pid_file = "/run/baton/checkers.pid";  // -c
  bool ignore_sigint = false;                                 // --ignore-sigint
  std::string net_namespace;                // -s, or net_namespace of the file; empty: where batond was started
  std::string instance;                     // of the file: a name for this daemon among several; empty: none
  std::vector<std::string> without_effect;  // options that were given and do nothing yet; the log says so

  // Not for users: how the supervisor starts its own roles.
  std::optional<Role> role;
  bool mail = false;    // one-shot: send a mail
  bool resign = false;  // one-shot: resign for a vrrp role that keeps dying
  int channel = -1;
  std::uint64_t capabilities = 0;  // mask of those the role keeps
};

/// What the command line asks for.
struct Command {
  enum class What : std::uint8_t {
    run,
    test,  // -t; `file` is where the messages go, standard error when empty
    print  // say `text` and end with `exit_status`: help, version, --signum, a bad option
  };
  What what = What::run;
  Options options;
  std::string file;
  std::string text;
  bool to_stdout = false;
  int exit_status = 0;
};

/// Never prints and never ends the process.  Not for two threads at once (getopt).
Command parse_command_line(int argc, char** argv);

/// In a network namespace the pid files that are not named otherwise have a folder of their own, and `instance` is part
/// of their names; returns the folder.
std::string place_pid_files(Options& options);

}  // namespace baton::daemon
