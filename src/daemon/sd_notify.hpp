// sd_notify.hpp - tells the service manager how the daemon is doing (sd_notify(3), written by hand).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace baton::daemon {

/// Does nothing where no service manager listens.
class SdNotify {
 public:
  /// Silent.
  SdNotify() = default;
  /// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  static SdNotify from_environment();

  void ready(std::string_view status) const;      // READY=1, MAINPID
  void reloading(std::string_view status) const;  // RELOADING=1, MONOTONIC_USEC
  void stopping(std::string_view status) const;   // STOPPING=1
  void status(std::string_view status) const;
  void watchdog() const;

  /// How often watchdog() is due: half of what the manager allows.  None: it does not watch.
  [[nodiscard]] std::optional<Duration> watchdog_interval() const { return watchdog_interval_; }

 private:
  void send(const std::string& text) const;

  std::string socket_;
  std::optional<Duration> watchdog_interval_;
};

}  // namespace baton::daemon
