// mail_queue.hpp - mails wait here for their turn: one at a time, none lost while there is room (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "daemon/mail_job.hpp"

namespace baton::daemon {

class MailQueue {
 public:
  /// A mass failure of a thousand servers is told whole; what comes on top of it is counted.
  static constexpr std::size_t kMaxWaiting = 2000;

  /// Behind all that wait; the oldest gives way where there is no room.
  void add(MailJob job);

  /// The next one to be sent; none while one is under way, or where none waits.
  std::optional<MailJob> next();

  /// What became of the one under way: `trouble` is empty when the server has taken it.  A line for the log when the
  /// server begins to fail or works again.
  struct Line {
    std::string text;
    bool is_error = false;
    friend bool operator==(const Line&, const Line&) = default;
  };
  std::optional<Line> ended(const std::string& trouble);

  [[nodiscard]] bool idle() const { return !sending_ && waiting_.empty(); }
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  /// What waits is given up; how many.
  std::size_t clear();

 private:
  std::deque<MailJob> waiting_;
  std::optional<std::string> sending_;  // the server's name
  std::string failing_;                 // the server that failed last and has not taken one since
  std::uint64_t lost_ = 0;              // since it fails, or there was no room
};

}  // namespace baton::daemon
