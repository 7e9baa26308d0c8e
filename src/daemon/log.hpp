// log.hpp - the log: never blocks who writes, whatever its reader does.
//
// A line goes into a bounded queue that another thread empties into the console or the system log.  When the reader
// stalls the oldest lines are dropped; how many is said as soon as it reads again.
#pragma once

#include <string>
#include <utility>

#include <fmt/format.h>

#include "core/time.hpp"

namespace baton::daemon::log {

enum class Level : unsigned char { debug, info, warning, error };

struct Settings {
  std::string ident = "batond";  // of the process: batond, batond_vrrp ...
  bool console = false;          // standard error
  bool syslog = true;            // unless console
  int facility = 0;              // LOG_DAEMON ...
  Level level = Level::info;     // debug with -D
};

/// Starts the thread: after the last fork of the process that goes on.  Lines written before it wait in the queue.
void start(const Settings& settings);

/// Writes out what is queued, as long as the reader takes it but no longer than `limit`; false when lines were left.
/// Afterwards the process must end with _exit(): the thread may be stuck for ever in a write that nobody reads.
bool finish(Duration limit);

/// Control characters are written as \xNN, so that nobody's text can forge a line.
void write(Level level, std::string&& text);
[[nodiscard]] bool enabled(Level level);

template <class... Args>
void debug(fmt::format_string<Args...> text, Args&&... args) {
  if (enabled(Level::debug)) write(Level::debug, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::info, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::warning, fmt::format(text, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  write(Level::error, fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace baton::daemon::log
