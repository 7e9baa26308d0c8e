#include "daemon/script_queue.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::daemon {

namespace {

/// Due of a script for which nothing more can be done.
constexpr Instant kKilled = Instant::max();

}  // namespace

void ScriptQueue::submit(const LaneKey& lane, ScriptCommand command, Instant now, Actions& out) {
  ASSERT(!command.arguments.empty());
  auto& state = lanes_[lane];
  state.waiting = std::move(command);
  if (state.running) {
    // At a stop there is no time to wait for the former script's own end.
    if (hurried_) terminate(*state.running, running_.at(*state.running), now, out);
    return;
  }
  if (!state.ready) ready_.push_back(lane);
  state.ready = true;
  start_ready(now, out);
}

void ScriptQueue::ended(ScriptId id, Instant now, Actions& out) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  const auto lane = found->second.lane;
  deadlines_.erase({found->second.due, id});
  running_.erase(found);

  auto& state = lanes_.at(lane);
  ASSERT(state.running == id && !state.ready);
  state.running.reset();
  if (state.waiting) {
    state.ready = true;
    ready_.push_back(lane);
  } else {
    lanes_.erase(lane);
  }
  start_ready(now, out);
}

void ScriptQueue::tick(Instant now, Actions& out) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    const auto id = deadlines_.begin()->second;
    auto& script = running_.at(id);
    if (script.terminated) {
      // Its end will be reported; until then it holds its lane.
      set_due(id, script, kKilled);
      out.emplace_back(KillScript{id});
    } else {
      terminate(id, script, now, out);
    }
  }
}

void ScriptQueue::hurry(Instant now, Actions& out) {
  hurried_ = true;
  for (auto& [id, script] : running_) {
    if (lanes_.at(script.lane).waiting) terminate(id, script, now, out);
    const auto latest = now + (script.terminated ? kLastKillAfter : kLastGrace);
    if (script.due != kKilled) set_due(id, script, std::min(script.due, latest));
  }
}

void ScriptQueue::cancel(Instant now, Actions& out) {
  for (const auto& lane : ready_)
    lanes_.erase(lane);
  ready_.clear();
  for (auto& [id, script] : running_) {
    lanes_.at(script.lane).waiting.reset();
    terminate(id, script, now, out);
  }
}

std::optional<Instant> ScriptQueue::deadline() const {
  if (deadlines_.empty() || deadlines_.begin()->first == kKilled) return std::nullopt;
  return deadlines_.begin()->first;
}

void ScriptQueue::start_ready(Instant now, Actions& out) {
  while (!ready_.empty() && running_.size() < kMaxRunning) {
    const auto lane = std::move(ready_.front());
    ready_.pop_front();
    auto& state = lanes_.at(lane);
    ASSERT(state.ready && state.waiting && !state.running);
    const auto id = next_++;
    const auto due = now + (hurried_ ? kLastGrace : state.waiting->time_limit);
    running_.emplace(id, Running{lane, due, false});
    deadlines_.emplace(due, id);
    out.emplace_back(StartScript{id, lane, std::move(*state.waiting)});
    state.waiting.reset();
    state.ready = false;
    state.running = id;
  }
}

void ScriptQueue::set_due(ScriptId id, Running& script, Instant due) {
  deadlines_.erase({script.due, id});
  script.due = due;
  deadlines_.emplace(due, id);
}

void ScriptQueue::terminate(ScriptId id, Running& script, Instant now, Actions& out) {
  if (script.terminated) return;
  script.terminated = true;
  set_due(id, script, now + (hurried_ ? kLastKillAfter : kKillAfter));
  out.emplace_back(TerminateScript{id});
}

}  // namespace baton::daemon
