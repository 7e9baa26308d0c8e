// supervisor.hpp - starts, watches, configures, restarts and stops the roles, passes their messages on, runs scripts.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "daemon/children.hpp"
#include "daemon/launcher.hpp"
#include "daemon/mail_table.hpp"
#include "daemon/mailer.hpp"
#include "daemon/net_namespace.hpp"
#include "daemon/notify.hpp"
#include "daemon/notify_pipes.hpp"
#include "daemon/options.hpp"
#include "daemon/pid_file.hpp"
#include "daemon/reload.hpp"
#include "daemon/role_process.hpp"
#include "daemon/role_scheduling.hpp"
#include "daemon/rollout.hpp"
#include "daemon/script_runner.hpp"
#include "daemon/sd_notify.hpp"

namespace baton::daemon {

class Supervisor {
 public:
  Supervisor(boost::asio::io_context& io, const Options& options, Launcher launcher, NetNamespaces spaces,
             SdNotify service_manager);

  /// Puts the first configuration into force: starts the roles that it needs.  An error when that cannot be.
  Result<void> start(Loaded loaded);

  /// Until it is stopped; the exit status of the daemon.
  int run();

 private:
  // Roles (supervisor.cpp)
  RoleProcess& role(Role role) { return *roles_.at(role); }
  void start_role(Role role);
  void configure(Role role);
  void role_ended(Role role, const ChildEnd& end, Duration lived);
  void start_again(Role role, const ChildEnd& end, Duration lived);
  void resign();
  Result<void> take_pid_file(Role role);
  void write_pid_file(Role role);

  // Messages
  void received(const Envelope& envelope);
  void configured(Role role, std::uint64_t generation);

  // Scripts and pipes (supervisor_scripts.cpp)
  void notify(const Notify& notify);
  void repeat_states();
  void notify(const ServerNotify& notify);
  void notify(const QuorumNotify& notify);
  [[nodiscard]] const ServiceNames& names_of(const ipvs::ServiceKey& service) const;
  void submit(std::vector<NotifyCall> calls);
  void run_check(Role asking, const RunCheck& check);
  void check_ended(Role asking, const LaneKey& lane, const ScriptRunner::End& end);
  template <class Event>
  void mail(const Event& event);

  // Pools that DNS fills (supervisor_pools.cpp)
  void take(const PoolAnswer& answer);
  void send_answers(Role role);
  void keep_asked_answers();
  void fill_tables();
  void use_answers();
  void save_answers();
  void save_answers_soon();

  // Signals, reload and stop (supervisor_control.cpp)
  void await_signal();
  void reload();
  Result<void> accept(Loaded loaded);
  void roll_out();
  void start_over_table();
  void table_ready();
  void rolled_out();
  void stop(int exit_status);
  void stop_further();

  // The daemon's own scripts and settings (supervisor_life.cpp)
  void begin();
  bool run_own_script(const char* which, const std::optional<config::ScriptIndex>& script, Duration limit);
  void own_script_ended(const std::string& which, const ScriptRunner::End& end);
  void end();
  void ended();
  void take_over_settings();
  [[nodiscard]] Duration stop_limit() const;
  [[nodiscard]] std::string unchangeable(const config::DaemonDefs& defs) const;
  void feed_watchdog();
  [[nodiscard]] std::string status_text() const;

  boost::asio::io_context& io_;
  const Options& options_;
  Launcher launcher_;
  NetNamespaces spaces_;
  SdNotify service_manager_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer rollout_timer_, watchdog_timer_, resign_timer_, table_timer_, pools_timer_;
  Children children_;
  ScriptRunner scripts_;
  ScriptRunner check_scripts_, track_scripts_;
  ScriptRunner own_scripts_;
  RoleScheduler scheduler_;
  Mailer mailer_;
  NotifyPipes pipes_;
  std::map<Role, std::unique_ptr<RoleProcess>> roles_;
  std::map<Role, PidFile> pid_files_;

  // The configuration in force.
  std::uint64_t generation_ = 0;
  config::Config config_;  // without its virtual servers, but where there are pools
  std::size_t virtual_servers_ = 0;
  std::map<Role, Capabilities> capabilities_;
  FileDescriptor text_;
  std::set<std::string> accepted_errors_;
  std::set<Role> needed_;
  NotifyTable notify_table_, former_notify_table_;
  std::map<std::pair<bool, std::string>, Notify> told_states_;  // the last ones; of groups first
  MailTable mail_table_;
  std::set<config::PoolQuestion> pool_questions_;
  config::PoolAnswers pool_answers_;  // to those questions
  std::string saved_answers_;         // the ledger's content
  bool has_new_answers_ = false;      // which the tables do not know yet

  Rollout rollout_;
  pid_t resigning_ = -1;
  bool starting_ = false;        // startup_script runs: nothing else does
  bool reload_follows_ = false;  // was asked for meanwhile
  bool stopping_ = false;
  int exit_status_ = 0;
};

}  // namespace baton::daemon
