// vrrp_role.cpp - the vrrp role: elections and addresses, in their own process.
#include <map>
#include <optional>
#include <string>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "daemon/bfd_sessions.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/role.hpp"
#include "daemon/vrrp_engine.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

VrrpEngine::Settings settings_of(const Options& options) {
  return {ledger_path("vrrp", options.pid_file), ledger_path("vrrp-kernel", options.pid_file), options.keep_vips};
}

const vrrp::TrackValue& tracked(bool up) {
  return up ? vrrp::kTrackedUp : vrrp::kTrackedDown;
}

}  // namespace

int run_vrrp_role(RoleContext& role) {
  std::map<std::string, Notify> states;  // as last told, for an ipvs role that knows nothing
  bool is_followed = false;              // by the sync daemon of IPVS
  auto settings = settings_of(role.options());
  settings.run_script = [&](const RunCheck& run) { role.send(Role::supervisor, run); };
  VrrpEngine engine(role.io(), std::move(settings), [&](const Notify& notify) {
    role.send(Role::supervisor, notify);
    if (notify.is_group || notify.state > NotifyState::deleted) return;
    if (is_followed) role.send(Role::ipvs, notify);
    states.insert_or_assign(notify.instance, notify);
  });
  BfdSessions sessions(role.io(), [&](const config::BfdInstance& session, bool up) {
    if (session.vrrp || !session.checker) engine.set_tracked({vrrp::TrackKind::bfd, session.name}, tracked(up));
    if (session.checker || !session.vrrp) role.send(Role::checkers, BfdState{session.name, up});
  });
  const auto tell_ipvs = [&] {
    if (!is_followed) return;
    for (const auto& [name, notify] : states)
      role.send(Role::ipvs, notify);
  };
  asio::cancellation_signal stop_watching;
  asio::co_spawn(role.io(), engine.watch_links(),
                 asio::bind_cancellation_slot(stop_watching.slot(), RoleContext::rethrow));
  return role.run({.configure =
                       [&](std::uint64_t generation, const config::Config& config) {
                         is_followed = config.global.lvs.lvs_sync_daemon.has_value();
                         engine.configure(config, generation);
                         const bool has_bfd = !role.options().no_bfd;
                         sessions.configure(has_bfd ? config.bfd_instances : std::vector<config::BfdInstance>());
                         // Without BFD nothing is in the way.
                         for (const auto& session : config.bfd_instances)
                           if (const auto up = has_bfd ? sessions.state_of(session.name) : std::optional(true); up)
                             engine.set_tracked({vrrp::TrackKind::bfd, session.name}, tracked(*up));
                         tell_ipvs();
                         role.configured(generation);
                       },
                   .message =
                       [&](const Envelope& envelope) {
                         const auto* started = std::get_if<RoleStarted>(&envelope.message);
                         if (started != nullptr && started->role == Role::ipvs) tell_ipvs();
                         if (started != nullptr && started->role == Role::checkers) sessions.tell_all();
                         if (const auto* end = std::get_if<CheckEnded>(&envelope.message)) engine.script_ended(*end);
                       },
                   .stop =
                       [&](StopReason) {
                         engine.stop();
                         sessions.stop();
                         stop_watching.emit(asio::cancellation_type::terminal);
                         role.finish();
                       }});
}

int run_resign(const Options& options, const config::Config& config) {
  asio::io_context io;
  VrrpEngine engine(io, settings_of(options), {});
  engine.configure(config, 0);  // adopts what the ledger calls master
  engine.stop();
  return 0;
}

}  // namespace baton::daemon
