// ipvs_role.cpp - the ipvs role: the kernel's table, in its own process.
#include "daemon/ipvs_engine.hpp"
#include "daemon/ledger.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

int run_ipvs_role(RoleContext& role) {
  IpvsEngine engine(role.io(), ledger_path("ipvs", role.options().pid_file),
                    [&role](Message message) { role.send(Role::supervisor, std::move(message)); });
  const auto tell_checkers = [&] {
    for (auto& verdict : engine.snapshot())
      role.send(Role::checkers, std::move(verdict));
  };
  return role.run({.configure =
                       [&](std::uint64_t generation, const config::Config& config) {
                         engine.configure(config);
                         role.configured(generation);
                       },
                   .message =
                       [&](const Envelope& envelope) {
                         if (const auto* verdict = std::get_if<Verdict>(&envelope.message)) engine.on_verdict(*verdict);
                         if (const auto* state = std::get_if<Notify>(&envelope.message)) engine.on_instance(*state);
                         const auto* started = std::get_if<RoleStarted>(&envelope.message);
                         if (started != nullptr && started->role == Role::checkers) tell_checkers();
                       },
                   .stop =
                       [&](StopReason reason) {
                         // Without a supervisor the table stays for the next one to adopt: no VIP, no traffic anyhow.
                         if (reason == StopReason::asked && !role.options().keep_ipvs) engine.stop();
                         role.finish();
                       }});
}

}  // namespace baton::daemon
