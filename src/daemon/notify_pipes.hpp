// notify_pipes.hpp - the notification pipes of the configuration and the scripts that read them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/model.hpp"
#include "daemon/children.hpp"
#include "daemon/notify_pipe.hpp"
#include "daemon/rate_limit.hpp"
#include "daemon/script_programs.hpp"

namespace baton::daemon {

/// Of one thread; `children` outlives it.
class NotifyPipes {
 public:
  NotifyPipes(boost::asio::io_context& io, Children& children);

  /// Start and reload.  A pipe that stays goes on as it is: unlike keepalived's, its readers notice nothing.  Its
  /// script is started anew when it has ended or is another one now.
  void configure(const config::Config& config, const ScriptPrograms& programs);

  /// One line, without its newline, to the pipes that are told of instances (notify_fifo, vrrp_notify_fifo) or of
  /// virtual and real servers (notify_fifo, lvs_notify_fifo).
  void tell_vrrp(const std::string& line) { tell(line, &Pipe::tells_vrrp); }
  void tell_lvs(const std::string& line) { tell(line, &Pipe::tells_lvs); }
  [[nodiscard]] bool any_lvs() const;
  [[nodiscard]] bool any_vrrp() const;

  /// The daemon stops: closes the pipes, which tells the scripts to end; those that do not get TERM.
  void finish(std::function<void()> when_done);

 private:
  struct Pipe {
    std::optional<NotifyPipe> pipe;
    std::string user, group;
    bool tells_vrrp = false, tells_lvs = false;
    std::optional<ScriptCommand> command;  // of the script that runs
    pid_t script = -1;
    RateLimit lost{std::chrono::seconds{60}};
  };

  void plan(const config::Config& config, const std::optional<config::NotifyFifo>& fifo,
            const std::optional<config::ScriptIndex>& script, bool vrrp, bool lvs);
  void tell(const std::string& line, bool Pipe::*wants);
  void start_script(const std::string& path, Pipe& pipe, const ScriptPrograms& programs);
  void end_script(Pipe& pipe);
  [[nodiscard]] bool scripts_run() const;

  Children& children_;
  boost::asio::steady_timer last_;
  std::map<std::string, Pipe> pipes_;  // by path
  std::map<std::string, Pipe> planned_;
  std::function<void()> when_done_;
};

}  // namespace baton::daemon
