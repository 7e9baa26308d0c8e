// log_message.hpp - a line of the log as spdlog's formatter and sinks take it.
#pragma once

#include <string>

#include <spdlog/details/log_msg.h>

#include "daemon/log_queue.hpp"

namespace baton::daemon::log {

inline spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::debug: return spdlog::level::debug;
    case Level::info: return spdlog::level::info;
    case Level::warning: return spdlog::level::warn;
    case Level::error: break;
  }
  return spdlog::level::err;
}

/// Refers to `line` and `ident`.
inline spdlog::details::log_msg message_of(const Line& line, const std::string& ident) {
  const spdlog::string_view_t text(line.text.data(), line.text.size());
  return {line.time, spdlog::source_loc{}, ident, spdlog_level(line.level), text};
}

}  // namespace baton::daemon::log
