// script_runner.hpp - runs scripts as the queue says, and nothing else decides.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/children.hpp"
#include "daemon/script_programs.hpp"
#include "daemon/script_queue.hpp"

namespace baton::daemon {

/// Outlived by nothing: the io_context no longer runs when it is destroyed.
class ScriptRunner {
 public:
  /// How a script ended.  `trouble`: why it did not start, if it did not; `terminated`: by us, for it took too long.
  struct End {
    ChildEnd child;
    bool terminated = false;
    std::string trouble;
  };
  using OnEnd = std::function<void(const LaneKey&, const End&)>;

  /// Without `on_end` the log tells of scripts that end badly.
  ScriptRunner(boost::asio::io_context& io, Children& children, OnEnd on_end = {})
      : children_(children), timer_(io), on_end_(std::move(on_end)) {}

  /// For scripts that start from now on.
  void use(ScriptPrograms programs) { programs_ = std::move(programs); }

  void submit(const LaneKey& lane, ScriptCommand command);

  /// Whoever asked for them is gone: none is started or waited for any more.
  void cancel();

  /// The daemon stops: `when_idle` is called once no script runs any more, within a second or so; at once where none
  /// does.
  void finish(std::function<void()> when_idle);

 private:
  void carry_out(const ScriptQueue::Actions& actions);
  void start(const StartScript& action);
  void ended(ScriptId id, const ChildEnd& end);
  void signal(ScriptId id, int number);
  void set_timer();
  void tell_when_idle();

  Children& children_;
  boost::asio::steady_timer timer_;
  ScriptPrograms programs_;
  ScriptQueue queue_;
  OnEnd on_end_;
  struct Running {
    LaneKey lane;
    pid_t pid = -1;
    std::string what;  // for the log: "INSTANCE VI_1: /usr/local/bin/notify.sh"
    bool terminated = false;
    std::string trouble;
  };
  std::unordered_map<ScriptId, Running> running_;
  std::function<void()> when_idle_;
};

}  // namespace baton::daemon
