#include "daemon/script_runner.hpp"

#include <csignal>
#include <utility>

#include <boost/asio/post.hpp>

#include "core/overloaded.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

void ScriptRunner::submit(const LaneKey& lane, ScriptCommand command) {
  ScriptQueue::Actions actions;
  queue_.submit(lane, std::move(command), Clock::now(), actions);
  carry_out(actions);
}

void ScriptRunner::finish(std::function<void()> when_idle) {
  when_idle_ = std::move(when_idle);
  ScriptQueue::Actions actions;
  queue_.hurry(Clock::now(), actions);
  carry_out(actions);
}

void ScriptRunner::cancel() {
  ScriptQueue::Actions actions;
  queue_.cancel(Clock::now(), actions);
  carry_out(actions);
}

void ScriptRunner::carry_out(const ScriptQueue::Actions& actions) {
  for (const auto& action : actions)
    std::visit(Overloaded{
                   [this](const StartScript& start_it) { start(start_it); },
                   [this](const TerminateScript& terminate) {
                     auto& script = running_.at(terminate.id);
                     script.terminated = true;
                     if (!on_end_) log::warning("{}: it took too long, TERM is sent", script.what);
                     signal(terminate.id, SIGTERM);
                   },
                   [this](const KillScript& kill) {
                     log::warning("{}: it did not heed TERM, it is killed", running_.at(kill.id).what);
                     signal(kill.id, SIGKILL);
                   },
               },
               action);
  set_timer();
  tell_when_idle();
}

void ScriptRunner::start(const StartScript& action) {
  const auto id = action.id;
  auto& script = running_[id];
  script.lane = action.lane;
  script.what = action.lane.object + ": script " + action.command.arguments.at(0);
  const auto program = programs_.program(action.command);
  if (!program) {
    script.trouble = program.error().message;
  } else {
    const auto pid = children_.start(*program, [this, id](const ChildEnd& end) { ended(id, end); });
    if (pid) {
      script.pid = *pid;
      log::debug("{} started as process {}", script.what, *pid);
      return;
    }
    script.trouble = pid.error().message;
  }
  if (!on_end_) log::error("{}: {}", action.lane.object, script.trouble);
  // It has "ended", but not before the queue is done with this start.
  boost::asio::post(timer_.get_executor(), [this, id] { ended(id, ChildEnd{}); });
}

void ScriptRunner::ended(ScriptId id, const ChildEnd& end) {
  const auto script = std::move(running_.at(id));
  running_.erase(id);
  if (on_end_)
    on_end_(script.lane, {end, script.terminated, script.trouble.empty() ? end.trouble : script.trouble});
  else if (!end.clean())
    log::warning("{} {}", script.what, end.text());
  ScriptQueue::Actions actions;
  queue_.ended(id, Clock::now(), actions);
  carry_out(actions);
}

void ScriptRunner::signal(ScriptId id, int number) {
  children_.signal_group(running_.at(id).pid, number);
}

void ScriptRunner::set_timer() {
  const auto deadline = queue_.deadline();
  if (!deadline) {
    timer_.cancel();
    return;
  }
  timer_.expires_at(*deadline);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    ScriptQueue::Actions actions;
    queue_.tick(Clock::now(), actions);
    carry_out(actions);
  });
}

void ScriptRunner::tell_when_idle() {
  if (when_idle_ && queue_.idle()) std::exchange(when_idle_, nullptr)();
}

}  // namespace baton::daemon
