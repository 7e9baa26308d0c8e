// checkers_role.cpp - the checkers role: probes and what answers them, and DNS, in a process without privileges.
#include "daemon/checkers_engine.hpp"
#include "daemon/pool_configuration.hpp"
#include "daemon/pool_watch.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

int run_checkers_role(RoleContext& role) {
  CheckersEngine::Outlets outlets;
  outlets.verdict = [&role](Verdict verdict) { role.send(Role::ipvs, std::move(verdict)); };
  outlets.run_check = [&role](RunCheck check) { role.send(Role::supervisor, check); };
  CheckersEngine engine(role.io(), std::move(outlets));
  PoolConfiguration pools(role.io(), [&engine](std::uint64_t generation, const config::Config& config) {
    engine.configure(generation, config);
  });
  PoolWatch watch(role.io(), [&](PoolAnswer answer) {
    pools.on_answer(answer);
    // Before any verdict about its servers, which follow the same way.
    role.send(Role::supervisor, std::move(answer));
  });
  return role.run({.configure =
                       [&](std::uint64_t generation, config::Config config) {
                         watch.configure(config, config::answers_for(config, pools.answers()));
                         pools.configure(generation, std::move(config));
                         role.configured(generation);
                       },
                   .message =
                       [&](const Envelope& envelope) {
                         if (const auto* verdict = std::get_if<Verdict>(&envelope.message)) engine.on_verdict(*verdict);
                         if (const auto* end = std::get_if<CheckEnded>(&envelope.message)) engine.on_check_ended(*end);
                         if (const auto* state = std::get_if<BfdState>(&envelope.message)) engine.on_bfd(*state);
                         if (const auto* answer = std::get_if<PoolAnswer>(&envelope.message)) pools.on_answer(*answer);
                         const auto* started = std::get_if<RoleStarted>(&envelope.message);
                         if (started != nullptr && started->role == Role::ipvs) engine.tell_all();
                       },
                   .stop = [&](StopReason) { role.finish(); }});
}

}  // namespace baton::daemon
