// notify_pipe.hpp - a named pipe that is told of events (notify_fifo): made, written, taken away.
#pragma once

#include <string>

#include "core/result.hpp"
#include "daemon/file_descriptor.hpp"

namespace baton::daemon {

class NotifyPipe {
 public:
  /// Makes it where there is none, with mode 0644 less the umask, and gives it to `user` and `group` (empty: ours).
  /// What is there must be a pipe of root or of `user`; a symbolic link is refused.
  static Result<NotifyPipe> open(const std::string& path, const std::string& user, const std::string& group);

  ~NotifyPipe();
  NotifyPipe(NotifyPipe&& other) noexcept;
  NotifyPipe& operator=(NotifyPipe&&) = delete;
  NotifyPipe(const NotifyPipe&) = delete;
  NotifyPipe& operator=(const NotifyPipe&) = delete;

  /// Whole or not at all, and never waits: false when the reader is so far behind that the pipe is full.
  bool write(const std::string& line);

 private:
  NotifyPipe(std::string path, bool made, FileDescriptor end);

  std::string path_;
  bool made_;  // by us: it is taken away with us
  FileDescriptor end_;
};

}  // namespace baton::daemon
