#include "daemon/script_checks.hpp"

#include <fmt/format.h>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

using checkers::Outcome;

checkers::CheckSpec scheduled(const checkers::Schedule& schedule) {
  checkers::CheckSpec spec;
  spec.schedule = schedule;
  return spec;
}

bool has_passed(const ScriptCheck& check, const CheckEnded& end) {
  return end.end == ScriptEnd::exited && (end.code == 0 || (check.dynamic && end.code >= 2));
}

std::string reason_of(const ScriptCheck& check, const CheckEnded& end) {
  switch (end.end) {
    case ScriptEnd::exited: return fmt::format("exited with status {}", end.code);
    case ScriptEnd::signalled: return fmt::format("killed by signal {}", end.code);
    case ScriptEnd::timed_out: return fmt::format("timed out after {} s", check.timeout.count());
    case ScriptEnd::not_run: break;
  }
  return end.reason;
}

}  // namespace

void ScriptChecks::replace(std::vector<ScriptCheck> checks, std::uint64_t generation, Instant now, std::uint64_t seed) {
  generation_ = generation;
  // Runs that a former process asked for may still end: ours have other numbers.
  if (last_run_ == 0) last_run_ = seed & 0xffffffff00000000U;
  auto former = std::exchange(entries_, {});
  entries_.reserve(checks.size());
  std::vector<std::uint64_t> fresh;
  for (const auto& check : checks) {
    auto found = former.find(check.id);
    if (found != former.end()) {
      auto& entry = entries_.emplace(check.id, std::move(found->second)).first->second;
      former.erase(found);
      entry.check.script = check.script;
      continue;
    }
    const bool is_new =
        entries_.emplace(check.id, Entry{check, checkers::CheckState(scheduled(check.schedule)), {}, {}, {}}).second;
    ASSERT(is_new);  // each id once
    fresh.push_back(check.id);
  }
  for (auto& [id, entry] : former) {
    agenda_.erase({entry.due, id});
    forget_run(entry);
  }
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    auto& entry = entries_.at(fresh[i]);
    set_due(entry, now + checkers::first_delay(entry.check.schedule, i, fresh.size(), seed));
  }
}

void ScriptChecks::set_due(Entry& entry, Instant due) {
  agenda_.erase({entry.due, entry.check.id});
  entry.due = due;
  agenda_.emplace(due, entry.check.id);
}

void ScriptChecks::believe(std::uint64_t id, bool up) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.state.health().known()) return;
  auto& entry = found->second;
  entry.state =
      checkers::CheckState(scheduled(entry.check.schedule), up ? checkers::Verdict::up : checkers::Verdict::down, true);
}

void ScriptChecks::suspend(std::uint64_t id) {
  const auto found = entries_.find(id);
  if (found == entries_.end()) return;
  auto& entry = found->second;
  agenda_.erase({entry.due, id});
  forget_run(entry);
}

void ScriptChecks::resume(std::uint64_t id, Instant now) {
  const auto found = entries_.find(id);
  if (found == entries_.end() || found->second.run || agenda_.contains({found->second.due, id})) return;
  auto& entry = found->second;
  set_due(entry, now + checkers::first_delay(entry.check.schedule, 0, 1, id));
}

void ScriptChecks::tick(Instant now, std::vector<RunCheck>& out) {
  while (!unanswered_.empty() && unanswered_.begin()->first <= now) {
    // No answer: the run is given up, and says nothing of the server.
    auto& entry = entries_.at(unanswered_.begin()->second);
    forget_run(entry);
    record(entry, Outcome::local_trouble, now);
  }
  while (!agenda_.empty() && agenda_.begin()->first <= now && running_.size() < kMaxRunning) {
    auto& entry = entries_.at(agenda_.begin()->second);
    agenda_.erase(agenda_.begin());
    entry.run = ++last_run_;
    running_.emplace(last_run_, entry.check.id);
    out.push_back({last_run_, generation_, entry.check.script, entry.check.timeout});
    entry.give_up = now + entry.check.timeout + kPatience;
    unanswered_.emplace(entry.give_up, entry.check.id);
  }
}

void ScriptChecks::forget_run(Entry& entry) {
  if (!entry.run) return;
  unanswered_.erase({entry.give_up, entry.check.id});
  running_.erase(*entry.run);
  entry.run.reset();
}

std::optional<ScriptReport> ScriptChecks::ended(const CheckEnded& end, Instant now) {
  const auto found = running_.find(end.run);
  if (found == running_.end()) return std::nullopt;
  auto& entry = entries_.at(found->second);
  forget_run(entry);
  const auto outcome = end.end == ScriptEnd::not_run  ? Outcome::local_trouble
                       : has_passed(entry.check, end) ? Outcome::passed
                                                      : Outcome::failed;
  auto report = record(entry, outcome, now);
  if (outcome == Outcome::passed && entry.check.dynamic) report.code = end.code;
  report.reason = reason_of(entry.check, end);
  return report;
}

ScriptReport ScriptChecks::record(Entry& entry, Outcome outcome, Instant now) {
  ScriptReport report;
  report.id = entry.check.id;
  report.outcome = outcome;
  const bool was_known = entry.state.health().known();
  const auto changed = entry.state.record(outcome);
  report.up = entry.state.health().verdict() == checkers::Verdict::up;
  report.is_known = entry.state.health().known();
  report.is_news = changed.has_value() || (report.is_known && !was_known);
  report.confirming = outcome == Outcome::failed && entry.state.health().confirming();
  set_due(entry, entry.state.next_due(entry.due, now));
  return report;
}

std::optional<Instant> ScriptChecks::deadline() const {
  std::optional<Instant> deadline;
  if (!unanswered_.empty()) deadline = unanswered_.begin()->first;
  const bool has_room = running_.size() < kMaxRunning;
  if (has_room && !agenda_.empty() && (!deadline || agenda_.begin()->first < *deadline))
    deadline = agenda_.begin()->first;
  return deadline;
}

}  // namespace baton::daemon
