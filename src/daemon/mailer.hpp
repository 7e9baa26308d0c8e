// mailer.hpp - sends the supervisor's mails, one short-lived process after the other, and decides nothing.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/model.hpp"
#include "daemon/children.hpp"
#include "daemon/launcher.hpp"
#include "daemon/mail_queue.hpp"

namespace baton::daemon {

/// What talks with the mail server runs as nobody, without a capability.  All that is referred to outlives it.
class Mailer {
 public:
  Mailer(boost::asio::io_context& io, Children& children, const Launcher& launcher);

  /// For mails that are submitted from now on.
  void configure(const config::Config& config, const std::string& host_name);
  [[nodiscard]] bool is_wanted() const { return settings_.has_value(); }

  void submit(const Mail& mail);

  /// The daemon stops: `when_idle` is called once all is sent, within a second; at once where nothing waits.
  void finish(std::function<void()> when_idle);

 private:
  void send_next();
  void ended(const ChildEnd& end);
  void tell_when_idle();

  Children& children_;
  const Launcher& launcher_;
  boost::asio::steady_timer limit_;
  boost::asio::steady_timer finish_limit_;
  std::optional<MailSettings> settings_;
  MailQueue queue_;
  pid_t sending_ = -1;
  std::function<void()> when_idle_;
};

}  // namespace baton::daemon
