// checkers_role.cpp - the checkers role: probes and what answers them, in a process without privileges.
#include "daemon/checkers_engine.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

int run_checkers_role(RoleContext& role) {
  CheckersEngine engine(role.io(), [&role](Verdict verdict) { role.send(Role::ipvs, std::move(verdict)); });
  return role.run({.configure =
                       [&](std::uint64_t generation, const config::Config& config) {
                         engine.configure(config);
                         role.configured(generation);
                       },
                   .message =
                       [&](const Envelope& envelope) {
                         if (const auto* verdict = std::get_if<Verdict>(&envelope.message)) engine.on_verdict(*verdict);
                         const auto* started = std::get_if<RoleStarted>(&envelope.message);
                         if (started != nullptr && started->role == Role::ipvs) engine.tell_all();
                       },
                   .stop = [&](StopReason) { role.finish(); }});
}

}  // namespace baton::daemon
