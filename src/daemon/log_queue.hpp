// log_queue.hpp - lines on their way to a log that may stand still: bounded, emptied by a thread of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "core/time.hpp"
#include "daemon/log.hpp"

namespace baton::daemon::log {

struct Line {
  Level level = Level::info;
  std::chrono::system_clock::time_point time;
  std::string text;
};

/// Control characters as \xNN; the rest, UTF-8 too, as it is.  At most kMaxLine octets.
std::string harmless(std::string_view text);
inline constexpr std::size_t kMaxLine = 4096;

/// write() never waits for the sink.  When the queue is full the oldest line goes; the sink is told how many went as
/// soon as it takes lines again.
class LogQueue {
 public:
  /// `more`: another line follows at once, so that this one may be kept back to be written together with it.
  using Sink = std::function<void(const Line&, bool more)>;

  explicit LogQueue(std::size_t limit);
  /// Waits for the sink: only for a queue whose sink is known to return.
  ~LogQueue();
  LogQueue(const LogQueue&) = delete;
  LogQueue& operator=(const LogQueue&) = delete;

  void write(Line line);
  /// Starts the thread that calls `sink`, one line after the other.
  void start(Sink sink);
  /// Waits until all is written, no longer than `limit`.
  bool flush(Duration limit);

  [[nodiscard]] std::uint64_t dropped() const;

 private:
  void run();
  bool take(Line& line, bool& more);

  const std::size_t limit_;
  Sink sink_;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Line> lines_;
  std::uint64_t dropped_ = 0, dropped_told_ = 0;
  bool writing_ = false, ending_ = false;
};

}  // namespace baton::daemon::log
