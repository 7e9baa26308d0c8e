#include "daemon/mail_queue.hpp"

namespace baton::daemon {

void MailQueue::add(MailJob job) {
  if (waiting_.size() >= kMaxWaiting) {
    waiting_.pop_front();
    ++lost_;
  }
  waiting_.push_back(std::move(job));
}

std::optional<MailJob> MailQueue::next() {
  if (sending_ || waiting_.empty()) return std::nullopt;
  MailJob job = std::move(waiting_.front());
  waiting_.pop_front();
  sending_ = job.settings.server + ":" + std::to_string(job.settings.port);
  return job;
}

std::optional<MailQueue::Line> MailQueue::ended(const std::string& trouble) {
  const std::string server = std::exchange(sending_, std::nullopt).value_or("");
  if (!trouble.empty()) {
    ++lost_;
    if (failing_ == server) return std::nullopt;
    failing_ = server;
    return Line{"mail server " + server + ": " + trouble + "; mails that it does not take are counted until it does",
                true};
  }
  failing_.clear();
  const auto lost = std::exchange(lost_, 0);
  if (lost == 0) return std::nullopt;
  return Line{"mail server " + server + " takes mails again; lost meanwhile: " + std::to_string(lost), false};
}

std::size_t MailQueue::clear() {
  const auto count = waiting_.size();
  waiting_.clear();
  return count;
}

}  // namespace baton::daemon
