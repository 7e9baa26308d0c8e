#include <algorithm>
#include <csignal>
#include <utility>

#include <malloc.h>

#include <fmt/format.h>

#include "daemon/apart.hpp"
#include "daemon/configuration_files.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/sealed_text.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

/// For all roles to put a configuration into force; then a reload may be asked for again.
constexpr Duration kRolloutLimit = std::chrono::seconds{30};
/// For the ipvs role to be ready before VRRP begins.
constexpr Duration kTableFirst = std::chrono::seconds{3};

}  // namespace

void Supervisor::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    switch (number) {
      case SIGTERM:
      case SIGINT:
        log::info("stopping");
        stop(0);
        break;
      case SIGHUP: reload(); break;
      default: log::warning("signal {}: Baton does not write dumps yet", number);
    }
    await_signal();
  });
}

void Supervisor::reload() {
  if (stopping_) return;
  if (starting_) {
    reload_follows_ = true;
    return log::info("startup_script is still running: the reload follows");
  }
  if (!rollout_.request()) {
    log::info("a reload is under way; another one follows");
    return;
  }
  log::info("reloading {}", options_.configuration_file);
  service_manager_.reloading("reading the configuration");
  const auto is_known = [this](const std::string& text) { return holds_text(text_, text); };
  auto loaded = apart([&] { return load_configuration(options_, is_known); });
  if (loaded.is_known) {
    // The roles have it already; only what is not in the text can have changed.
    const ScriptPrograms programs(config_);
    scripts_.use(programs);
    check_scripts_.use(programs);
    track_scripts_.use(programs);
    own_scripts_.use(programs);
    repeat_states();
    log::info("configuration {} stays in force: nothing in it has changed", generation_);
    return service_manager_.ready(status_text());
  }
  log_diagnostics(loaded.parsed.diagnostics);
  const auto& diagnostics = loaded.parsed.diagnostics;
  // The errors that it has been running with all along are not why it should stand still: a file that could be started
  // on can be reloaded.
  if (diagnostics.refusal() != 0 || !std::ranges::includes(accepted_errors_, error_texts(diagnostics))) {
    log::error("the new configuration has errors that the old one does not have: the old one stays in force");
    return service_manager_.ready(status_text());
  }
  if (const auto what = unchangeable(loaded.parsed.config.daemon); !what.empty())
    log::error("{} cannot be changed by a reload: it stays as it was", what);
  if (const auto accepted = accept(std::move(loaded)); !accepted) {
    log::error("{}: the old configuration stays in force", accepted.error().message);
    return service_manager_.ready(status_text());
  }
  for (const auto each : needed_)
    if (const auto taken = take_pid_file(each); !taken) log::error("{}", taken.error().message);
  roll_out();
}

Result<void> Supervisor::accept(Loaded loaded) {
  auto memory = seal_text(*loaded.text);
  if (!memory) return tl::unexpected(memory.error());
  text_ = std::move(*memory);
  accepted_errors_ = error_texts(loaded.parsed.diagnostics);
  config_ = std::move(loaded.parsed.config);
  ++generation_;
  needed_ = needed_roles(options_, config_);
  // What a killed daemon has left is taken away by the role that knows of it, though the file asks for no VRRP any
  // more.
  const bool is_start = generation_ == 1 && !options_.only_checkers;
  if (is_start && !read_ledger(ledger_path("vrrp-kernel", options_.pid_file)).empty()) needed_.insert(Role::vrrp);
  for (const auto each : {Role::vrrp, Role::checkers, Role::ipvs})
    capabilities_[each] = needed_capabilities(each, config_);
  take_over_settings();
  keep_asked_answers();
  save_answers_soon();
  const ScriptPrograms programs(config_);
  scripts_.use(programs);
  check_scripts_.use(programs);
  track_scripts_.use(programs);
  own_scripts_.use(programs);
  pipes_.configure(config_, programs);
  mailer_.configure(config_, short_host_name());
  fill_tables();
  repeat_states();
  if (options_.dump_configuration) log_configuration(config_);
  virtual_servers_ = config_.virtual_servers.size();
  // The roles parse them for themselves; where there are thousands they are most of a process's memory.
  // Only where DNS changes their real servers we need them again.
  if (pool_questions_.empty()) config_.virtual_servers = std::vector<config::VirtualServer>();
  ::malloc_trim(0);
  return {};
}

void Supervisor::roll_out() {
  rollout_.begin(generation_, needed_);
  rollout_timer_.expires_after(kRolloutLimit);
  rollout_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || !rollout_.active()) return;
    for (const auto each : rollout_.waiting())
      log::error("role {} has not put the configuration into force in time", name(each));
    // A first start is not ready; a reload is over all the same.
    if (generation_ > 1) service_manager_.ready(status_text());
    if (rollout_.finish()) reload();
  });
  // First those that run, all of them before anything that one of them says is passed on.
  for (auto& [each, process] : roles_) {
    const bool fits = (capabilities_[each] & ~process->capabilities()) == 0;
    if (!process->runs()) continue;
    const bool goes_on = needed_.contains(each) && fits;
    // The last services are taken away by a reload like any other, and told as such.
    if (goes_on || (each == Role::ipvs && !needed_.contains(each))) configure(each);
    if (!goes_on) process->stop(stop_limit());
  }
  start_role(Role::ipvs);
  start_over_table();
  if (rollout_.left_out(Role::supervisor)) rolled_out();  // nothing is needed
}

/// A VIP brings traffic, and the table of IPVS is to be there before it: an election begins when the ipvs role is
/// ready, but never waits for long, for a table that cannot be made must not cost the address.  The checkers leave it
/// the processor meanwhile.
void Supervisor::start_over_table() {
  // But those who ask DNS for servers that nobody knows yet: the table waits for them.
  if (pool_answers_.size() < pool_questions_.size()) start_role(Role::checkers);
  if (!rollout_.waiting().contains(Role::ipvs)) return table_ready();
  table_timer_.expires_after(kTableFirst);
  table_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error || stopping_) return;
    if (needed_.contains(Role::vrrp) && !role(Role::vrrp).runs())
      log::warning("the IPVS table is not ready: the election begins without it");
    table_ready();
  });
}

void Supervisor::table_ready() {
  start_role(Role::vrrp);
  start_role(Role::checkers);
}

void Supervisor::rolled_out() {
  rollout_timer_.cancel();
  log::info("configuration {} is in force", generation_);
  service_manager_.ready(status_text());
  if (rollout_.finish()) reload();
}

void Supervisor::stop(int exit_status) {
  if (std::exchange(stopping_, true)) return;
  exit_status_ = exit_status;
  service_manager_.stopping("stopping");
  rollout_timer_.cancel();
  table_timer_.cancel();
  save_answers();
  for (auto& [each, process] : roles_) {
    process->forget_start();
    if (each != Role::ipvs) process->stop(stop_limit());
  }
  own_scripts_.cancel();
  stop_further();
}

/// The IPVS table goes last: as long as an address is here, connections to it must find their servers.
void Supervisor::stop_further() {
  for (const auto& [each, process] : roles_)
    if (each != Role::ipvs && process->runs()) return;
  if (starting_ || children_.runs(resigning_)) return;
  auto& ipvs = role(Role::ipvs);
  if (ipvs.runs()) {
    if (!ipvs.told_to_stop()) ipvs.stop(stop_limit());
    return;
  }
  scripts_.finish([this] { mailer_.finish([this] { pipes_.finish([this] { end(); }); }); });
}

void Supervisor::feed_watchdog() {
  const auto interval = service_manager_.watchdog_interval();
  if (!interval) return;
  service_manager_.watchdog();
  watchdog_timer_.expires_after(*interval);
  watchdog_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) feed_watchdog();
  });
}

std::string Supervisor::status_text() const {
  return fmt::format("configuration {}: {} VRRP instances, {} virtual servers", generation_,
                     config_.vrrp_instances.size(), virtual_servers_);
}

}  // namespace baton::daemon
