#include "net/prober.hpp"

#include <utility>

#include "checkers/latency.hpp"
#include "core/assert.hpp"

namespace baton::net {

Prober::Prober(ProberTools& tools, Check check)
    : tools_(tools),
      id_(check.id),
      spec_(std::move(check.spec)),
      state_(spec_, check.initial, check.known),
      conversations_(spec_) {
  const auto* http = std::get_if<checkers::HttpSpec>(&spec_.what);
  if (http != nullptr && http->tls) sessions_ = std::make_unique<TlsSession[]>(http->urls.size());
}

void Prober::begin(Instant first) {
  ASSERT(!is_set() && exchange_ == nullptr);
  due_ = first;
  wait_until_due();
}

void Prober::wait_until_due() {
  tools_.agenda.set(*this, checkers::gathered(spec_.schedule, due_));
}

void Prober::suspend() {
  if (std::exchange(is_suspended_, true)) return;
  unset();
  exchange_.reset();
}

void Prober::resume(Instant first) {
  if (!std::exchange(is_suspended_, false)) return;
  due_ = first;
  wait_until_due();
}

void Prober::believe(checkers::Verdict verdict) {
  if (!state_.health().known()) state_ = checkers::CheckState(spec_, verdict, true);
}

void Prober::ring() {
  ASSERT(!is_suspended_ && exchange_ == nullptr);
  Exchange::Owner& owner = *this;
  exchange_ = std::make_unique<Exchange>(plan_probe(), owner);
  exchange_->begin();  // last: it may be over at once, and so may we
}

ExchangePlan Prober::plan_probe() {
  ExchangePlan plan;
  plan.target = &spec_.target;
  plan.transport = conversations_.transport();
  plan.wait_limit = spec_.schedule.connect_timeout;
  // A datagram has one wait only: what is not our answer must not prolong it.
  plan.total_limit = plan.transport == checkers::Transport::stream ? checkers::longest_probe(spec_.schedule)
                                                                   : spec_.schedule.connect_timeout;
  plan.talk = conversations_.begin(state_.url(), tools_.nonces());
  plan.deadlines = &tools_.deadlines;
  plan.sockets = &tools_.sockets;
  if (sessions_ == nullptr) return plan;
  plan.session = &sessions_[state_.url()];
  auto tls = tools_.tls.of(std::get<checkers::HttpSpec>(spec_.what).tls_options);
  if (tls)
    plan.tls = std::move(*tls);
  else
    plan.tls_trouble = std::move(tls.error().message);
  return plan;
}

void Prober::exchanged(ProbeResult result) {
  ASSERT(!is_suspended_);
  exchange_.reset();
  auto done = checkers::judge_latency(spec_.schedule, {result.outcome, std::move(result.reason)}, result.latency);
  const bool was_known = state_.health().known();
  const auto changed = state_.record(done.outcome);
  due_ = state_.next_due(due_, Clock::now());
  wait_until_due();

  ProbeReport report;
  report.outcome = done.outcome;
  report.verdict = state_.health().verdict();
  report.changed = changed.has_value();
  report.first = !was_known && state_.health().known();
  report.confirming = done.outcome == checkers::Outcome::failed && state_.health().confirming();
  report.reason = std::move(done.reason);
  report.latency = result.latency;
  report.resumed = result.resumed;
  if (result.certificate_end) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto& tls = *std::get<checkers::HttpSpec>(spec_.what).tls_options;
    report.warning = expiry_.warning(now, *result.certificate_end, tls.expire_within);
  }
  const auto on_result = tools_.on_result;
  (*on_result)(id_, report);  // last: whoever is told may destroy us
}

}  // namespace baton::net
