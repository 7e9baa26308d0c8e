#include "daemon/log.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include <syslog.h>
#include <unistd.h>

#include <spdlog/sinks/syslog_sink.h>

#include "daemon/log_console.hpp"
#include "daemon/log_message.hpp"
#include "daemon/log_queue.hpp"

namespace baton::daemon::log {

namespace {

/// Some seconds of the busiest log, a few megabytes.
constexpr std::size_t kMaxLines = 8192;

struct State {
  LogQueue queue{kMaxLines};
  std::atomic<Level> level{Level::info};
  std::atomic<bool> wanted{true};
};

/// Never destroyed: at the end its thread may be stuck in a write.
State& state() {
  static auto* const state = new State;  // NOLINT(cppcoreguidelines-owning-memory)
  return *state;
}

LogQueue::Sink make_sink(const Settings& settings) {
  if (settings.console) {
    const auto console = std::make_shared<LogConsole>(STDERR_FILENO, settings.ident);
    return [console](const Line& line, bool more) { console->write(line, more); };
  }
  if (!settings.syslog) return {};
  const auto sink =
      std::make_shared<spdlog::sinks::syslog_sink_st>(settings.ident, LOG_PID | LOG_NDELAY, settings.facility, false);
  return [sink, ident = settings.ident](const Line& line, bool /*more*/) { sink->log(message_of(line, ident)); };
}

}  // namespace

void start(const Settings& settings) {
  state().level = settings.level;
  auto sink = make_sink(settings);
  if (sink)
    state().queue.start(std::move(sink));
  else
    state().wanted = false;
}

bool finish(Duration limit) {
  return !state().wanted || state().queue.flush(limit);
}

void write(Level level, std::string&& text) {
  if (enabled(level)) state().queue.write({level, std::chrono::system_clock::now(), harmless(text)});
}

bool enabled(Level level) {
  return state().wanted && level >= state().level;
}

}  // namespace baton::daemon::log
