// What the daemon does before its roles begin and when they have ended, and what it is as a process.
#include <algorithm>
#include <utility>

#include <sys/stat.h>

#include "daemon/log.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kStartup = "startup_script";
constexpr const char* kShutdown = "shutdown_script";
/// Roles that are killed before they could resign leave their addresses behind.
constexpr Duration kShortestStop = std::chrono::seconds{1};

std::string outcome(const ScriptRunner::End& end) {
  if (!end.trouble.empty()) return "could not be run: " + end.trouble;
  if (end.terminated) return "took too long and was ended";
  return end.child.text();
}

}  // namespace

/// As keepalived: however the script ends, the daemon goes on.
void Supervisor::begin() {
  const auto& scripts = config_.global.scripts;
  starting_ = run_own_script(kStartup, scripts.startup_script, scripts.startup_script_timeout);
  if (!starting_) roll_out();
}

bool Supervisor::run_own_script(const char* which, const std::optional<config::ScriptIndex>& script, Duration limit) {
  auto command = command_of(config_, script);
  if (!command) return false;
  command->time_limit = limit;
  log::info("running {} {}", which, command->arguments.front());
  own_scripts_.submit({which, Lane::state}, std::move(*command));
  return true;
}

void Supervisor::own_script_ended(const std::string& which, const ScriptRunner::End& end) {
  if (end.child.clean() && end.trouble.empty() && !end.terminated)
    log::info("{} has ended", which);
  else
    log::warning("{} {}", which, outcome(end));
  if (which == kShutdown) return ended();
  starting_ = false;
  if (stopping_) return stop_further();
  roll_out();
  if (std::exchange(reload_follows_, false)) reload();
}

/// Everything else has ended: the shutdown script has the last word.
void Supervisor::end() {
  const auto& scripts = config_.global.scripts;
  if (!run_own_script(kShutdown, scripts.shutdown_script, scripts.shutdown_script_timeout)) ended();
}

void Supervisor::ended() {
  pid_files_.clear();
  log::info("stopped");
  io_.stop();
}

/// Of a new configuration, what is the supervisor's own.
void Supervisor::take_over_settings() {
  const auto& umask = config_.global.files.umask;
  ::umask(options_.umask.value_or(umask ? static_cast<mode_t>(*umask) : kDefaultUmask));
}

Duration Supervisor::stop_limit() const {
  return std::max<Duration>(config_.daemon.child_wait_time, kShortestStop);
}

/// What of a new configuration cannot be had without a restart; empty: nothing.
std::string Supervisor::unchangeable(const config::DaemonDefs& defs) const {
  if (auto what = spaces_.unchangeable(defs); !what.empty()) return what;
  return defs.instance == options_.instance ? "" : "instance";
}

}  // namespace baton::daemon
