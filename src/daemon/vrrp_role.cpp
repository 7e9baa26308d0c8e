// vrrp_role.cpp - the vrrp role: elections and addresses, in their own process.
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/role.hpp"
#include "daemon/vrrp_engine.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

VrrpEngine::Settings settings_of(const Options& options) {
  return {ledger_path("vrrp", options.pid_file), options.keep_vips};
}

}  // namespace

int run_vrrp_role(RoleContext& role) {
  VrrpEngine engine(role.io(), settings_of(role.options()),
                    [&role](const Notify& notify) { role.send(Role::supervisor, notify); });
  asio::cancellation_signal stop_watching;
  asio::co_spawn(role.io(), engine.watch_links(),
                 asio::bind_cancellation_slot(stop_watching.slot(), RoleContext::rethrow));
  return role.run({.configure =
                       [&](std::uint64_t generation, const config::Config& config) {
                         engine.configure(config);
                         role.configured(generation);
                       },
                   .message = {},
                   .stop =
                       [&](StopReason) {
                         engine.stop();
                         stop_watching.emit(asio::cancellation_type::terminal);
                         role.finish();
                       }});
}

int run_resign(const Options& options, const config::Config& config) {
  asio::io_context io;
  VrrpEngine engine(io, settings_of(options), {});
  engine.configure(config);  // adopts what the ledger calls master
  engine.stop();
  return 0;
}

}  // namespace baton::daemon
