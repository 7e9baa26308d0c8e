#include "daemon/log_console.hpp"

#include <cerrno>
#include <ctime>
#include <iterator>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include <climits>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace baton::daemon::log {
namespace {

const char* name_of(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: break;
  }
  return "error";
}

/// Somebody else may have made the terminal non-blocking.
bool is_writable(int descriptor) {
  constexpr int kPatience = 1000;  // milliseconds
  pollfd console{descriptor, POLLOUT, 0};
  return ::poll(&console, 1, kPatience) == 1 && (console.revents & POLLOUT) != 0;
}

}  // namespace

LogConsole::LogConsole(int descriptor, std::string ident) : descriptor_(descriptor), ident_(std::move(ident)) {}

void LogConsole::write(const Line& line, bool more) {
  const std::size_t before = waiting_.size();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(line.time);
  const auto thousandths = std::chrono::duration_cast<std::chrono::milliseconds>(line.time - seconds).count();
  const auto time = std::chrono::system_clock::to_time_t(line.time);
  tm local{};
  ::localtime_r(&time, &local);
  fmt::format_to(std::back_inserter(waiting_), "{:%Y-%m-%d %H:%M:%S}.{:03} {}[{}] {}: {}\n", local, thousandths, ident_,
                 ::getpid(), name_of(line.level), line.text);
  if (waiting_.size() > PIPE_BUF && before > 0) {
    const std::string last = waiting_.substr(before);
    waiting_.resize(before);
    write_out();
    waiting_ = last;
  }
  if (!more) write_out();
}

void LogConsole::write_out() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    const auto written = ::write(descriptor_, waiting_.data() + done, waiting_.size() - done);
    if (written < 0 && (errno == EINTR || (errno == EAGAIN && is_writable(descriptor_)))) continue;
    if (written <= 0) break;  // nobody is left who could be told
    done += static_cast<std::size_t>(written);
  }
  waiting_.clear();
}

}  // namespace baton::daemon::log
