#include <csignal>
#include <exception>

#include <boost/asio/io_context.hpp>

#include "config/parse.hpp"
#include "daemon/log.hpp"
#include "daemon/privileges.hpp"
#include "daemon/process.hpp"
#include "daemon/role.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

int resign(const Options& options) {
  const auto text = read_sealed_text(FileDescriptor(options.channel));
  if (!text) {
    log::error("cannot resign: {}", text.error().message);
    return kExitInternal;
  }
  return run_resign(options, config::parse(*text, options.configuration_file).config);
}

int serve(Role role, const Options& options) {
  boost::asio::io_context io(1);
  RoleContext context(role, io, FileDescriptor(options.channel), options);
  switch (role) {
    case Role::vrrp: return run_vrrp_role(context);
    case Role::checkers: return run_checkers_role(context);
    case Role::ipvs: return run_ipvs_role(context);
    case Role::supervisor:
    case Role::control: break;
  }
  log::error("there is no role {}", name(role));
  return kExitInternal;
}

}  // namespace

int run_role(const Options& options) {
  const auto role = options.role.value_or(Role::supervisor);
  // A terminal's Ctrl-C reaches every process, but stopping is the supervisor's to order; the others are its too.
  for (const int number : {SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX})
    ::signal(number, SIG_IGN);
  set_process_name("batond: " + std::string(name(role)));
  start_log(options, name(role));
  if (const auto dropped = keep_only(options.capabilities); !dropped) {
    log::error("{}", dropped.error().message);
    return kExitInternal;
  }
  try {
    return options.resign ? resign(options) : serve(role, options);
  } catch (const std::exception& error) {
    log::error("internal error: {}", error.what());
    return kExitInternal;
  }
}

}  // namespace baton::daemon
