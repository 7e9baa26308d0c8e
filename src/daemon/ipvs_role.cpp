// ipvs_role.cpp - the ipvs role: the kernel's table, in its own process.
#include <optional>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "daemon/ipvs_engine.hpp"
#include "daemon/ledger.hpp"
#include "daemon/pool_configuration.hpp"
#include "daemon/role.hpp"

namespace baton::daemon {

namespace {

/// A VIP brings traffic, so the first answers of DNS are waited for; not for ever, and less than the supervisor waits.
constexpr Duration kFirstAnswers = std::chrono::seconds{2};

class IpvsRole {
 public:
  explicit IpvsRole(RoleContext& role)
      : role_(role),
        engine_(role.io(), ledger_path("ipvs", role.options().pid_file),
                [&role](Message message) { role.send(Role::supervisor, std::move(message)); }),
        pools_(role.io(), [this](std::uint64_t, const config::Config& config) { engine_.configure(config); }),
        patience_(role.io()) {}

  void configure(std::uint64_t generation, config::Config config) {
    const bool is_first = !std::exchange(is_configured_, true);
    pools_.configure(generation, std::move(config));
    unconfirmed_ = generation;
    if (!is_first || pools_.is_complete()) return confirm();
    patience_.expires_after(kFirstAnswers);
    patience_.async_wait([this](const boost::system::error_code& error) {
      if (!error) confirm();
    });
  }

  void received(const Envelope& envelope) {
    if (const auto* answer = std::get_if<PoolAnswer>(&envelope.message)) take(*answer);
    if (const auto* verdict = std::get_if<Verdict>(&envelope.message)) {
      pools_.flush();  // the verdict may be about a server of an answer that waits
      engine_.on_verdict(*verdict);
    }
    if (const auto* state = std::get_if<Notify>(&envelope.message)) engine_.on_instance(*state);
    const auto* started = std::get_if<RoleStarted>(&envelope.message);
    if (started != nullptr && started->role == Role::checkers) tell_checkers();
  }

  void stop(StopReason reason) {
    patience_.cancel();
    // Without a supervisor the table stays for the next one to adopt: no VIP, no traffic anyhow.
    if (reason == StopReason::asked && !role_.options().keep_ipvs) engine_.stop();
    role_.finish();
  }

 private:
  void take(const PoolAnswer& answer) {
    pools_.on_answer(answer);
    if (!unconfirmed_ || !pools_.is_complete()) return;
    pools_.flush();
    confirm();
  }

  void confirm() {
    patience_.cancel();
    if (const auto generation = std::exchange(unconfirmed_, std::nullopt)) role_.configured(*generation);
  }

  void tell_checkers() {
    for (auto& verdict : engine_.snapshot())
      role_.send(Role::checkers, std::move(verdict));
  }

  RoleContext& role_;
  IpvsEngine engine_;
  PoolConfiguration pools_;
  boost::asio::steady_timer patience_;
  bool is_configured_ = false;
  std::optional<std::uint64_t> unconfirmed_;  // a configuration that is in force, but for the first answers of DNS
};

}  // namespace

int run_ipvs_role(RoleContext& role) {
  IpvsRole ipvs(role);
  return role.run({.configure = [&](std::uint64_t generation,
                                    config::Config config) { ipvs.configure(generation, std::move(config)); },
                   .message = [&](const Envelope& envelope) { ipvs.received(envelope); },
                   .stop = [&](StopReason reason) { ipvs.stop(reason); }});
}

}  // namespace baton::daemon
