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

void ScriptRunner::carry_out(const ScriptQueue::Actions& actions) {
  for (const auto& action : actions)
    std::visit(Overloaded{
                   [this](const StartScript& start_it) { start(start_it); },
                   [this](const TerminateScript& terminate) {
                     log::warning("{}: it took too long, TERM is sent", running_.at(terminate.id).what);
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
  const auto what = action.lane.object + ": script " + action.command.arguments.at(0);
  running_[id] = {-1, what};
  const auto program = programs_.program(action.command);
  if (!program) {
    log::error("{}: {}", action.lane.object, program.error().message);
  } else {
    const auto pid = children_.start(*program, [this, id, what](const ChildEnd& end) { ended(id, what, end); });
    if (pid) {
      running_[id].pid = *pid;
      log::debug("{} started as process {}", what, *pid);
      return;
    }
    log::error("{}: {}", what, pid.error().message);
  }
  // It has "ended", but not before the queue is done with this start.
  boost::asio::post(timer_.get_executor(), [this, id, what] { ended(id, what, ChildEnd{}); });
}

void ScriptRunner::ended(ScriptId id, const std::string& what, const ChildEnd& end) {
  if (!end.clean()) log::warning("{} {}", what, end.text());
  running_.erase(id);
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
