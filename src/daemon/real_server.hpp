// real_server.hpp - batond --real-server: keeps a machine behind the directors fit for the services it answers.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/options.hpp"
#include "daemon/pid_file.hpp"
#include "daemon/reload.hpp"
#include "daemon/sd_notify.hpp"
#include "net/real_server_host.hpp"

namespace baton::daemon {

class RealServer {
 public:
  /// Throws std::system_error when the kernel cannot be talked to.
  RealServer(boost::asio::io_context& io, const Options& options, Loaded loaded, SdNotify service_manager);

  /// Prepares the machine, keeps it so until TERM or INT, and undoes what it did; the exit status.
  int run();

 private:
  void reconcile();
  /// False: something failed, or somebody undoes it all the time.
  bool pursue();
  bool carry_out(const std::vector<realserver::Operation>& operations);
  void tell_part(const realserver::Part& part);
  void tell(const std::set<std::string>& troubles);
  void undo();
  void reload();
  void await_signal();
  void await_check();
  void save();
  [[nodiscard]] std::string status_text() const;

  boost::asio::io_context& io_;
  const Options& options_;
  Loaded loaded_;
  SdNotify service_manager_;
  net::RealServerHost host_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer check_timer_;
  std::string ledger_path_;
  realserver::Ledger ledger_;
  std::set<std::string> told_, failures_, told_failures_;
  std::optional<std::size_t> duties_;  // none: not counted yet
};

/// `batond --real-server`, from reading the configuration to the end.
int run_real_server(const Options& options);

/// `batond --real-server --check`: says on standard output what is missing; 0 when nothing is, 1 when something is.
int check_real_server(const Options& options);

/// The configuration without what concerns directors only: their interfaces and scripts need not be on this machine.
Loaded load_for_real_server(const Options& options);

}  // namespace baton::daemon
