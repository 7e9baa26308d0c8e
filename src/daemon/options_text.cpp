#include "daemon/options_text.hpp"

#include <sys/utsname.h>

namespace baton::daemon {

std::string_view help_text() {
  return R"(Usage: batond [OPTION...]

Keeps virtual addresses alive on a pair of directors and dead servers out of IPVS.

What to run
  -f, --use-file=FILE          configuration file (default /etc/baton/baton.conf,
                               where that is missing /etc/keepalived/keepalived.conf); a pattern
                               reads all files that match
  -i, --config-id=ID           the lines after @ID are for this one (default: the host's name up
                               to its first dot)
  -e, --all-config             an included file that is missing or unsuitable is an error
  -P, --vrrp                   only VRRP
  -C, --check                  only the health checkers and IPVS
  -t, --config-test[=LOG]      check the configuration and end: 0 nothing to report, 2 a missing
                               argument, 4 fatal, 5 errors or warnings, 6 no such file or insecure
                               scripts; messages go to standard error or into LOG (-tLOG)
      --json                   with -t: the messages as one JSON object, to standard output
  -d, --dump-conf              write the configuration as it was understood into the log; with -t
                               whole to standard output, fit to be read again
      --real-server            not a director: prepare this machine, an address of which is a
                               real_server of the file, for its services (virtual addresses on lo or
                               tunl0, ARP, filters, routes); all of it is undone at the stop
      --check                  with --real-server: only tell what is missing; 0 nothing, 1 something
      --explain=KEYWORD        what the manual says of one keyword of the configuration

How to run
  -n, --dont-fork              stay in the foreground
  -p, --pid=FILE               pid file (default /run/baton/batond.pid, of a real server
                               /run/baton/real-server.pid)
  -r, --vrrp_pid=FILE          pid file of the vrrp role (default /run/baton/vrrp.pid)
  -c, --checkers_pid=FILE      pid file of the checkers role (default /run/baton/checkers.pid)
  -s, --namespace=NAME         run in this network namespace (as net_namespace, which it overrides);
                               the pid files are then in /run/baton/NAME
  -u, --umask=MASK             umask in octal, also of the scripts (default 0177)
  -B, --no_bfd                 without BFD sessions: what tracks one takes it for up
  -V, --dont-release-vrrp      at a stop leave the virtual addresses in place
  -I, --dont-release-ipvs      at a stop leave the IPVS table in place
  -R, --dont-respawn           end when a role dies instead of starting it again
  -m, --core-dump              allow core dumps
      --ignore-sigint          ignore INT (Ctrl-C)

Log
  -l, --log-console            to standard error instead of the system log
  -D, --log-detail             in detail
  -S, --log-facility=FACILITY  0 to 7, local0 to local7, user or daemon (default)
  -G, --no-syslog              not to the system log

  -v, --version                the version
  -h, --help                   this text
      --signum=WORD            the signal's number for STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON

Signals: HUP reloads the configuration (a bad one is refused, the old one stays in force), TERM
and INT stop.  keepalived's other options are accepted or refused with a message.
)";
}

std::string version_text() {
  utsname system{};
  ::uname(&system);
  return std::string("Baton v") + BATON_VERSION + "\n\nRunning on " + system.sysname + " " + system.release + " " +
         system.version + "\n";
}

}  // namespace baton::daemon
