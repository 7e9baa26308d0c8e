// log_console.hpp - the log on standard error: lines that follow each other at once are written together.
#pragma once

#include <string>

#include <spdlog/pattern_formatter.h>

#include "daemon/log_queue.hpp"

namespace baton::daemon::log {

/// "2026-11-27 07:39:33.167 batond[16693] info: stopping" for each line.  Several processes share the console: what is
/// written at once is whole lines, few enough that a pipe takes them without those of another process between.
class LogConsole {
 public:
  LogConsole(int descriptor, std::string ident);

  /// Waits for the reader.  `more`: another line follows at once.
  void write(const Line& line, bool more);

 private:
  void write_out();

  int descriptor_;
  std::string ident_;
  spdlog::pattern_formatter formatter_;
  spdlog::memory_buf_t text_;  // of one line
  std::string waiting_;
};

}  // namespace baton::daemon::log
