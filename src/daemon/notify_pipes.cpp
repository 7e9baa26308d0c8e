#include "daemon/notify_pipes.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "daemon/log.hpp"

namespace baton::daemon {

namespace {

/// For the scripts to read to the end of their pipes.
constexpr Duration kLastGrace = std::chrono::milliseconds{300};

}  // namespace

NotifyPipes::NotifyPipes(boost::asio::io_context& io, Children& children) : children_(children), last_(io) {}

void NotifyPipes::configure(const config::Config& config, const ScriptPrograms& programs) {
  const auto& fifos = config.global.fifos;
  planned_.clear();
  // Of two settings for one path the first here wins.
  plan(config, fifos.notify_fifo, fifos.notify_fifo_script, true, true);
  plan(config, fifos.vrrp_notify_fifo, fifos.vrrp_notify_fifo_script, true, false);
  plan(config, fifos.lvs_notify_fifo, fifos.lvs_notify_fifo_script, false, true);
  for (auto former = pipes_.begin(); former != pipes_.end();) {
    const auto next = planned_.find(former->first);
    if (next != planned_.end() && next->second.user == former->second.user &&
        next->second.group == former->second.group) {
      ++former;
      continue;
    }
    end_script(former->second);
    former = pipes_.erase(former);
  }
  for (auto& [path, planned] : planned_) {
    auto& pipe = pipes_[path];
    pipe.tells_vrrp = planned.tells_vrrp;
    pipe.tells_lvs = planned.tells_lvs;
    pipe.user = planned.user;
    pipe.group = planned.group;
    if (!pipe.pipe) {
      auto opened = NotifyPipe::open(path, pipe.user, pipe.group);
      if (!opened) {
        log::error("{}", opened.error().message);
        continue;
      }
      pipe.pipe.emplace(std::move(*opened));
    }
    if (pipe.command != planned.command) end_script(pipe);
    pipe.command = std::move(planned.command);
    if (pipe.command && !children_.runs(pipe.script)) start_script(path, pipe, programs);
  }
  planned_.clear();
}

void NotifyPipes::plan(const config::Config& config, const std::optional<config::NotifyFifo>& fifo,
                       const std::optional<config::ScriptIndex>& script, bool vrrp, bool lvs) {
  if (!fifo || planned_.contains(fifo->path)) return;
  auto& pipe = planned_[fifo->path];
  pipe.user = fifo->user;
  pipe.group = fifo->group;
  pipe.tells_vrrp = vrrp;
  pipe.tells_lvs = lvs;
  pipe.command = command_of(config, script);
  if (pipe.command) pipe.command->arguments.push_back(fifo->path);
}

void NotifyPipes::start_script(const std::string& path, Pipe& pipe, const ScriptPrograms& programs) {
  const auto program = programs.program(*pipe.command);
  if (!program) return log::error("pipe {}: {}", path, program.error().message);
  const auto started = children_.start(*program, [this, path](const ChildEnd& end) {
    if (when_done_) {
      if (!scripts_run()) std::exchange(when_done_, nullptr)();
      return;
    }
    log::warning("the script of pipe {} {}", path, end.text());
  });
  if (!started) return log::error("pipe {}: {}", path, started.error().message);
  pipe.script = *started;
  log::debug("the script of pipe {} runs as process {}", path, *started);
}

void NotifyPipes::end_script(Pipe& pipe) {
  if (pipe.script > 0) children_.signal_group(pipe.script, SIGTERM);
  pipe.script = -1;
}

void NotifyPipes::tell(const std::string& line, bool Pipe::*wants) {
  for (auto& [path, pipe] : pipes_) {
    if (!pipe.pipe || !(pipe.*wants) || pipe.pipe->write(line + '\n')) continue;
    if (const auto quiet = pipe.lost.allow(Clock::now()))
      log::warning("pipe {} is full: '{}' is lost, and {} lines before it", path, line, *quiet);
  }
}

bool NotifyPipes::any_lvs() const {
  return std::ranges::any_of(pipes_, [](const auto& each) { return each.second.tells_lvs; });
}

bool NotifyPipes::any_vrrp() const {
  return std::ranges::any_of(pipes_, [](const auto& each) { return each.second.tells_vrrp; });
}

bool NotifyPipes::scripts_run() const {
  return std::ranges::any_of(pipes_, [this](const auto& each) { return children_.runs(each.second.script); });
}

void NotifyPipes::finish(std::function<void()> when_done) {
  for (auto& [path, pipe] : pipes_)
    pipe.pipe.reset();
  if (!scripts_run()) return when_done();
  when_done_ = std::move(when_done);
  last_.expires_after(kLastGrace);
  last_.async_wait([this](const boost::system::error_code& error) {
    if (error || !when_done_) return;
    for (auto& [path, pipe] : pipes_)
      end_script(pipe);
    std::exchange(when_done_, nullptr)();
  });
}

}  // namespace baton::daemon
