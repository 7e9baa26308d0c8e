#include "daemon/log_console.hpp"

#include <cerrno>
#include <utility>

#include <poll.h>
#include <unistd.h>

#include <climits>

#include "daemon/log_message.hpp"

namespace baton::daemon::log {
namespace {

/// Somebody else may have made the terminal non-blocking.
bool is_writable(int descriptor) {
  constexpr int kPatience = 1000;  // milliseconds
  pollfd console{descriptor, POLLOUT, 0};
  return ::poll(&console, 1, kPatience) == 1 && (console.revents & POLLOUT) != 0;
}

}  // namespace

LogConsole::LogConsole(int descriptor, std::string ident)
    : descriptor_(descriptor), ident_(std::move(ident)), formatter_("%Y-%m-%d %H:%M:%S.%e %n[%P] %l: %v") {}

void LogConsole::write(const Line& line, bool more) {
  text_.clear();
  formatter_.format(message_of(line, ident_), text_);
  if (waiting_.size() + text_.size() > PIPE_BUF) write_out();
  waiting_.append(text_.data(), text_.size());
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
