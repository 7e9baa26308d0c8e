#include "net/prober.hpp"

#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>

#include "checkers/new_conversation.hpp"
#include "core/assert.hpp"
#include "net/converse.hpp"

namespace baton::net {

Prober::Prober(ProberTools* tools, Check check)
    : tools_(tools), id_(check.id), spec_(std::move(check.spec)), state_(spec_, check.initial, check.known) {
  ASSERT(tools_ != nullptr);
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
  ExchangePlan plan;
  plan.target = &spec_.target;
  plan.wait_limit = spec_.schedule.connect_timeout;
  plan.total_limit = checkers::longest_probe(spec_.schedule);
  plan.talk = checkers::new_conversation(spec_, state_.url());
  plan.deadlines = &tools_->deadlines;
  plan.tls = tools_->tls.get();
  plan.session = &session_;
  exchange_ = std::make_unique<Exchange>(tools_->executor, std::move(plan));

  auto done = [self = shared_from_this()](const std::exception_ptr& bug, ProbeResult result) {
    if (bug) std::rethrow_exception(bug);  // leaves the loop and ends the process
    self->finished(std::move(result));
  };
  boost::asio::co_spawn(tools_->executor, converse(exchange_.get()), std::move(done));
}

void Prober::finished(ProbeResult result) {
  exchange_.reset();
  if (tools_ == nullptr) return;
  if (std::exchange(is_discarded_, false)) {
    if (!is_suspended_) tools_->agenda.set(*this, due_);
    return;
  }

  const bool was_known = state_.health().known();
  const auto changed = state_.record(result.outcome);
  due_ = state_.next_due(due_, Clock::now());
  tools_->agenda.set(*this, due_);

  ProbeReport report;
  report.outcome = result.outcome;
  report.verdict = state_.health().verdict();
  report.changed = changed.has_value();
  report.first = !was_known && state_.health().known();
  report.confirming = result.outcome == checkers::Outcome::failed && state_.health().confirming();
  report.reason = std::move(result.reason);
  report.latency = result.latency;
  report.resumed = result.resumed;
  const auto on_result = tools_->on_result;
  (*on_result)(id_, report);  // last: whoever is told may abandon us
}

}  // namespace baton::net
