#include "net/prober.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "checkers/latency.hpp"
#include "core/assert.hpp"
#include "net/converse.hpp"

namespace baton::net {

Prober::Prober(ProberTools* tools, Check check)
    : tools_(tools),
      id_(check.id),
      spec_(std::move(check.spec)),
      state_(spec_, check.initial, check.known),
      conversations_(spec_) {
  ASSERT(tools_ != nullptr);
  const auto* http = std::get_if<checkers::HttpSpec>(&spec_.what);
  if (http != nullptr && http->tls) sessions_ = std::make_unique<TlsSession[]>(http->urls.size());
}

void Prober::begin(Instant first) {
  ASSERT(tools_ != nullptr && !is_set() && exchange_ == nullptr);
  due_ = first;
  tools_->agenda.set(*this, due_);
}

void Prober::suspend() {
  if (std::exchange(is_suspended_, true) || tools_ == nullptr) return;
  unset();
  if (exchange_ == nullptr) return;
  is_discarded_ = true;
  exchange_->stop();
}

void Prober::resume(Instant first) {
  ASSERT(tools_ != nullptr);
  if (!std::exchange(is_suspended_, false)) return;
  due_ = first;
  if (exchange_ == nullptr) tools_->agenda.set(*this, due_);
}

void Prober::believe(checkers::Verdict verdict) {
  if (!state_.health().known()) state_ = checkers::CheckState(spec_, verdict, true);
}

void Prober::abandon() {
  tools_ = nullptr;
  unset();
  if (exchange_ != nullptr) exchange_->stop();
}

void Prober::ring() {
  ASSERT(tools_ != nullptr && exchange_ == nullptr);
  exchange_ = std::make_unique<Exchange>(tools_->executor, plan_probe());

  auto done = [self = shared_from_this()](const std::exception_ptr& bug, ProbeResult result) {
    if (bug) std::rethrow_exception(bug);  // leaves the loop and ends the process
    self->finished(std::move(result));
  };
  boost::asio::co_spawn(tools_->executor, converse(exchange_.get()), std::move(done));
}

ExchangePlan Prober::plan_probe() {
  ExchangePlan plan;
  plan.target = &spec_.target;
  plan.transport = conversations_.transport();
  plan.wait_limit = spec_.schedule.connect_timeout;
  // A datagram has one wait only: what is not our answer must not prolong it.
  plan.total_limit = plan.transport == checkers::Transport::stream ? checkers::longest_probe(spec_.schedule)
                                                                   : spec_.schedule.connect_timeout;
  plan.talk = conversations_.begin(state_.url(), tools_->nonces());
  plan.deadlines = &tools_->deadlines;
  if (sessions_ == nullptr) return plan;
  plan.session = &sessions_[state_.url()];
  auto tls = tools_->tls.of(std::get<checkers::HttpSpec>(spec_.what).tls_options);
  if (tls)
    plan.tls = std::move(*tls);
  else
    plan.tls_trouble = std::move(tls.error().message);
  return plan;
}

void Prober::finished(ProbeResult result) {
  exchange_.reset();
  if (tools_ == nullptr) return;
  if (std::exchange(is_discarded_, false)) {
    if (!is_suspended_) tools_->agenda.set(*this, due_);
    return;
  }

  auto done = checkers::judge_latency(spec_.schedule, {result.outcome, std::move(result.reason)}, result.latency);
  const bool was_known = state_.health().known();
  const auto changed = state_.record(done.outcome);
  due_ = state_.next_due(due_, Clock::now());
  tools_->agenda.set(*this, due_);

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
  const auto on_result = tools_->on_result;
  (*on_result)(id_, report);  // last: whoever is told may abandon us
}

}  // namespace baton::net
