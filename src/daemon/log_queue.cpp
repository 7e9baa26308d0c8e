#include "daemon/log_queue.hpp"

#include <array>
#include <utility>

#include <pthread.h>
#include <sched.h>
#include <signal.h>

#include "daemon/inheriting_mutex.hpp"

namespace baton::daemon::log {

std::string harmless(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (result.size() >= kMaxLine) return result + "...";
    if (octet >= 0x20 && octet != 0x7f)
      result.push_back(c);
    else
      result.append({'\\', 'x', kDigits[octet >> 4U], kDigits[octet & 0xfU]});
  }
  return result;
}

LogQueue::LogQueue(std::size_t limit) : limit_(limit) {
  inherit_priority(&mutex_);
}

LogQueue::~LogQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void LogQueue::write(Line line) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = lines_.empty();
    if (lines_.size() >= limit_) {
      lines_.pop_front();
      ++dropped_;
    }
    lines_.push_back(std::move(line));
  }
  if (was_empty) changed_.notify_all();  // else the thread is at it
}

void LogQueue::start(Sink sink) {
  sink_ = std::move(sink);
  // Signals are for the thread that runs the event loop.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this] { run(); });
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

bool LogQueue::flush(Duration limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [this] { return lines_.empty() && !writing_; });
}

std::uint64_t LogQueue::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

/// The next line, or how many were dropped before it; false at the end.
bool LogQueue::take(Line& line, bool& more) {
  std::unique_lock lock(mutex_);
  writing_ = false;
  if (lines_.empty()) changed_.notify_all();
  changed_.wait(lock, [this] { return ending_ || !lines_.empty(); });
  if (lines_.empty()) return false;
  writing_ = true;
  if (dropped_ != dropped_told_) {
    line = {Level::warning, lines_.front().time,
            std::to_string(dropped_ - dropped_told_) + " lines were dropped here: the log was not being read"};
    dropped_told_ = dropped_;
    more = true;
    return true;
  }
  line = std::move(lines_.front());
  lines_.pop_front();
  more = !lines_.empty();
  return true;
}

void LogQueue::run() {
  // A line that is written does not take the processor from who writes it: many are then taken in one go.
  const sched_param none{};
  ::pthread_setschedparam(::pthread_self(), SCHED_BATCH, &none);
  Line line;
  bool more = false;
  while (take(line, more))
    sink_(line, more);
}

}  // namespace baton::daemon::log
