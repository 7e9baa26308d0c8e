// role.hpp - what every role process has: its loop, its line to the supervisor, how it is configured and stopped.
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "config/model.hpp"
#include "daemon/channel.hpp"
#include "daemon/messages.hpp"
#include "daemon/options.hpp"

namespace baton::daemon {

/// Exit statuses of a role.  After fatal, configuration or permission the supervisor stops everything and ends with the
/// same; after any other it starts the role again.
inline constexpr int kExitFatal = 1;
inline constexpr int kExitConfiguration = 2;
inline constexpr int kExitPermission = 4;
inline constexpr int kExitInternal = 70;

enum class StopReason : std::uint8_t {
  asked,           // Stop from the supervisor, or TERM: leave nothing behind (but see -V and -I)
  supervisor_died  // nobody is left: vrrp resigns, ipvs leaves the table as it is
};

class RoleContext {
 public:
  struct Handlers {
    /// A configuration to put into force, at first and at each reload.  Answer with configured() when it is.
    std::function<void(std::uint64_t generation, config::Config)> configure;
    /// Verdict and RoleStarted from others; never Configure or Stop.
    std::function<void(const Envelope&)> message;
    /// Called once.  Tidy up, then finish(): within a second, or the supervisor kills.
    std::function<void(StopReason)> stop;
  };

  RoleContext(Role role, boost::asio::io_context& io, FileDescriptor channel, const Options& options);
  ~RoleContext();
  RoleContext(const RoleContext&) = delete;
  RoleContext& operator=(const RoleContext&) = delete;

  [[nodiscard]] boost::asio::io_context& io() { return io_; }
  [[nodiscard]] const Options& options() const { return options_; }

  /// Runs the loop until finish(); returns the exit status.  The first thing that happens is handlers.configure, but
  /// for the PoolAnswers to what that configuration asks.
  int run(Handlers handlers);
  /// Ends run().
  void finish(int exit_status = 0);

  /// To another role or the supervisor.  Trouble (a supervisor that does not read) is logged, not returned: the message
  /// is lost, and a snapshot follows when the addressee is restarted.
  void send(Role to, Message message);
  void configured(std::uint64_t generation);

  /// The completion handler of every coroutine of the role (co_spawn's third argument): a bug leaves run() as an
  /// exception, is logged, and ends the process with kExitInternal.
  static void rethrow(const std::exception_ptr& error) {
    if (error) std::rethrow_exception(error);
  }

 private:
  struct Impl;
  boost::asio::io_context& io_;
  const Options& options_;
  std::unique_ptr<Impl> impl_;
};

// The body of each role: sets itself up, calls role.run(handlers), returns its result.
int run_vrrp_role(RoleContext& role);      // vrrp_role.cpp
int run_checkers_role(RoleContext& role);  // checkers_role.cpp
int run_ipvs_role(RoleContext& role);      // ipvs_role.cpp

/// One shot, for a vrrp role that keeps dying: sends priority 0 for each instance that the ledger calls master and
/// removes its addresses.  Has the vrrp role's capabilities, no loop and no channel; within a second.
int run_resign(const Options& options, const config::Config& config);  // vrrp_role.cpp

/// A process that was started as a role (options.role): drops privileges, starts the log, runs the role, returns the
/// exit status.
int run_role(const Options& options);

}  // namespace baton::daemon
