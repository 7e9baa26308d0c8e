// role_process.hpp - one role as the supervisor sees it: a process, the channel to it, and its lives so far.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/time.hpp"
#include "daemon/channel.hpp"
#include "daemon/children.hpp"
#include "daemon/launcher.hpp"
#include "daemon/restart_policy.hpp"

namespace baton::daemon {

/// Carries out; the supervisor decides.  Not destroyed before the io_context has stopped running.
class RoleProcess {
 public:
  struct Handlers {
    /// From this role, whatever the envelope says, and allowed by may_send().
    std::function<void(const Envelope&)> received;
    /// It has ended and all that it had sent was received; it may be started again at once.
    std::function<void(const ChildEnd&, Duration lived)> ended;
  };

  RoleProcess(Role role, boost::asio::io_context& io, Children& children, const Launcher& launcher, Handlers handlers);

  /// `net_namespace`: an open one, in which it is to run; -1: ours.
  Result<void> start(Capabilities capabilities, int net_namespace = -1);
  void start_after(Duration delay, std::function<void()> start);
  void forget_start() { restart_timer_.cancel(); }

  /// False: it does not run, or it did not read for so long that it is killed.
  bool send(const Message& message, int descriptor = -1) { return send(Role::supervisor, message, descriptor); }
  /// On behalf of another role.
  bool send(Role from, const Message& message, int descriptor = -1);

  /// Asks it to end, and kills it when it does not within `limit`.
  void stop(Duration limit);
  void kill(const std::string& why);

  [[nodiscard]] Role role() const { return role_; }
  [[nodiscard]] bool runs() const { return pid_ > 0; }
  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool told_to_stop() const { return told_to_stop_; }
  [[nodiscard]] Capabilities capabilities() const { return capabilities_; }
  [[nodiscard]] RestartPolicy& policy() { return policy_; }

 private:
  void received(const Envelope& envelope, const FileDescriptor& descriptor);
  void closed(const std::string& why);
  void ended(const ChildEnd& end);
  void kill_after(Duration limit);

  Role role_;
  boost::asio::io_context& io_;
  Children& children_;
  const Launcher& launcher_;
  Handlers handlers_;
  boost::asio::steady_timer restart_timer_, kill_timer_;
  std::optional<Channel> channel_;
  RestartPolicy policy_;
  pid_t pid_ = -1;
  Instant started_;
  Capabilities capabilities_ = 0;
  bool told_to_stop_ = false;
};

}  // namespace baton::daemon
