// prober.hpp - watches one real server for ever: waits until a probe is due, carries it out, reports.
//
// Asleep, a check is an entry in the agenda; a socket and a conversation it has only while its probe is under way.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <string>

#include "checkers/check_state.hpp"
#include "checkers/conversations.hpp"
#include "checkers/expiry.hpp"
#include "checkers/spec.hpp"
#include "net/alarms.hpp"
#include "net/exchange.hpp"
#include "net/tls_context.hpp"

namespace baton::net {

/// The owner's number for a check; means nothing here.
enum class CheckId : std::uint64_t {};

struct Check {
  CheckId id{};
  checkers::CheckSpec spec;
  checkers::Verdict initial = checkers::Verdict::up;  // what counts until the first result
  bool known = false;                                 // `initial` is a result, of a former process
};

/// What one probe came to.
struct ProbeReport {
  checkers::Outcome outcome = checkers::Outcome::local_trouble;
  checkers::Verdict verdict = checkers::Verdict::up;  // what counts from now on
  bool changed = false;                               // it did not count before
  bool first = false;       // the check's very first result: worth telling even if nothing has changed
  bool confirming = false;  // a failure that may still be forgiven: another probe follows delay_before_retry later
  std::string reason;
  Duration latency{0};
  bool resumed = false;  // TLS: the handshake was a short one
  std::string warning;   // worth telling whatever the outcome: a certificate that expires soon; empty: nothing
};

/// What all probers of a pool share; outlives them.
struct ProberTools {
  /// Runs on the executor; may do anything, even destroy the pool.
  using OnResult = std::function<void(CheckId, const ProbeReport&)>;

  Alarms agenda;      // when probes are due
  Alarms deadlines;   // of probes under way
  Readiness sockets;  // likewise
  TlsContexts tls;
  std::mt19937_64 nonces;
  std::shared_ptr<const OnResult> on_result;  // shared, for it may destroy its owner while it runs
};

/// Destroyed it probes and reports no more.
class Prober final : private Alarm, private Exchange::Owner {
 public:
  Prober(ProberTools& tools, Check check);

  /// Probes from `first` on.  Once.
  void begin(Instant first);
  /// No probe and no report until resume(); its health stays.
  void suspend();
  void resume(Instant first);
  /// What a former process knew; ignored once there is a result.
  void believe(checkers::Verdict verdict);

  [[nodiscard]] const checkers::CheckSpec& spec() const { return spec_; }
  [[nodiscard]] const checkers::Health& health() const { return state_.health(); }

 private:
  void ring() override;
  void exchanged(ProbeResult result) override;
  void wait_until_due();
  ExchangePlan plan_probe();

  ProberTools& tools_;
  CheckId id_;
  checkers::CheckSpec spec_;
  checkers::CheckState state_;
  Instant due_;
  checkers::Conversations conversations_;
  checkers::ExpiryWatch expiry_;
  std::unique_ptr<TlsSession[]> sessions_;  // of SSL_GET, one for each URL
  std::unique_ptr<Exchange> exchange_;      // the probe under way
  bool is_suspended_ = false;
};

}  // namespace baton::net
