#include "daemon/supervisor.hpp"

#include <csignal>
#include <utility>

#include "core/overloaded.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/pool_ledger.hpp"
#include "daemon/role.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

constexpr Duration kResignLimit = std::chrono::seconds{1};

/// After these keepalived gives up, too: starting again would end the same way.
bool is_permanent(const ChildEnd& end) {
  return end.signal == 0 &&
         (end.exit_status == kExitFatal || end.exit_status == kExitConfiguration || end.exit_status == kExitPermission);
}

}  // namespace

Supervisor::Supervisor(boost::asio::io_context& io, const Options& options, Launcher launcher, NetNamespaces spaces,
                       SdNotify service_manager)
    : io_(io),
      options_(options),
      launcher_(std::move(launcher)),
      spaces_(std::move(spaces)),
      service_manager_(std::move(service_manager)),
      signals_(io),
      rollout_timer_(io),
      watchdog_timer_(io),
      resign_timer_(io),
      table_timer_(io),
      pools_timer_(io),
      children_(io),
      scripts_(io, children_),
      check_scripts_(
          io, children_,
          [this](const LaneKey& lane, const ScriptRunner::End& end) { check_ended(Role::checkers, lane, end); }),
      track_scripts_(io, children_,
                     [this](const LaneKey& lane, const ScriptRunner::End& end) { check_ended(Role::vrrp, lane, end); }),
      own_scripts_(io, children_,
                   [this](const LaneKey& lane, const ScriptRunner::End& end) { own_script_ended(lane.object, end); }),
      scheduler_([](const std::string& trouble) { log::warning("{}", trouble); }),
      mailer_(io, children_, launcher_),
      pipes_(io, children_) {
  for (const auto each : {Role::ipvs, Role::checkers, Role::vrrp}) {
    RoleProcess::Handlers handlers;
    handlers.received = [this](const Envelope& envelope) { received(envelope); };
    handlers.ended = [this, each](const ChildEnd& end, Duration lived) { role_ended(each, end, lived); };
    roles_.emplace(each, std::make_unique<RoleProcess>(each, io, children_, launcher_, std::move(handlers)));
  }
  for (const int number : {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGRTMIN + 2, SIGRTMAX - 1, SIGRTMAX})
    signals_.add(number);
  if (!options.ignore_sigint) signals_.add(SIGINT);
}

Result<void> Supervisor::start(Loaded loaded) {
  saved_answers_ = read_ledger(ledger_path("pools", options_.pid_file));
  pool_answers_ = decode_pool_ledger(saved_answers_);
  if (auto accepted = accept(std::move(loaded)); !accepted) return accepted;
  for (const auto each : needed_)
    if (auto taken = take_pid_file(each); !taken) return taken;
  begin();
  return {};
}

int Supervisor::run() {
  await_signal();
  feed_watchdog();
  io_.run();
  return exit_status_;
}

void Supervisor::start_role(Role which) {
  auto& process = role(which);
  if (process.runs() || stopping_ || !needed_.contains(which)) return;
  const int net_namespace = which == Role::ipvs ? spaces_.of_ipvs() : -1;
  const auto wished = wished_capabilities(scheduling_of(which, config_.global));
  if (const auto started = process.start(capabilities_[which] | wished, net_namespace); !started) {
    ChildEnd end;
    end.exit_status = 127;
    end.trouble = started.error().message;
    return start_again(which, end, Duration{});
  }
  send_answers(which);
  configure(which);
  write_pid_file(which);
  for (const auto& [other, other_process] : roles_)
    if (other != which) other_process->send(RoleStarted{which});
  log::info("role {} runs as process {}", name(which), process.pid());
}

void Supervisor::configure(Role which) {
  scheduler_.prepare(which, role(which).pid(), scheduling_of(which, config_.global));
  role(which).send(Configure{generation_}, text_.number());
}

void Supervisor::role_ended(Role which, const ChildEnd& end, Duration lived) {
  if (which == Role::checkers) check_scripts_.cancel();
  if (which == Role::vrrp) track_scripts_.cancel();
  const bool was_told = role(which).told_to_stop();
  if (was_told && end.clean())
    log::debug("role {} has ended", name(which));
  else if (stopping_)
    log::warning("role {} {}", name(which), end.text());
  if (stopping_) {
    // One that did not end by itself has left its addresses behind.
    if (which == Role::vrrp && !end.clean()) resign();
    return stop_further();
  }
  if (!needed_.contains(which)) {
    pid_files_.erase(which);
    return;
  }
  if (was_told) return start_role(which);  // for other capabilities: it is meant to be there
  start_again(which, end, lived);
}

void Supervisor::start_again(Role which, const ChildEnd& end, Duration lived) {
  if (is_permanent(end) || options_.no_respawn) {
    log::error("role {} {}: stopping", name(which), end.text());
    return stop(end.exit_status != 0 ? end.exit_status : kExitFatal);
  }
  const auto decision = role(which).policy().died(lived);
  if (decision.delay == Duration{}) {
    start_role(which);
    log::error("role {} {}, it was started again at once", name(which), end.text());
    return;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(decision.delay).count();
  log::error("role {} {}, it is started again in {} s", name(which), end.text(), seconds);
  if (decision.keeps_dying && which == Role::vrrp) resign();
  role(which).start_after(decision.delay, [this, which] { start_role(which); });
}

void Supervisor::resign() {
  if (children_.runs(resigning_)) return;
  log::warning("resigning for the vrrp role");
  const auto ended = [this](const ChildEnd& end) {
    resign_timer_.cancel();
    if (!end.clean()) log::error("resigning {}", end.text());
    if (stopping_) stop_further();
  };
  const auto pid = children_.start(launcher_.resign(capabilities_[Role::vrrp], text_.number()), ended);
  if (!pid) return log::error("cannot resign: {}", pid.error().message);
  resigning_ = *pid;
  resign_timer_.expires_after(kResignLimit);
  resign_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) children_.signal(resigning_, SIGKILL);
  });
}

Result<void> Supervisor::take_pid_file(Role which) {
  const auto& path = which == Role::vrrp ? options_.vrrp_pid_file : options_.checkers_pid_file;
  if ((which != Role::vrrp && which != Role::checkers) || pid_files_.contains(which)) return {};
  auto file = PidFile::create(path);
  if (!file) return tl::unexpected(file.error());
  pid_files_.emplace(which, std::move(*file));
  return {};
}

void Supervisor::write_pid_file(Role which) {
  const auto file = pid_files_.find(which);
  if (file == pid_files_.end()) return;
  if (const auto written = file->second.write(role(which).pid()); !written) log::warning("{}", written.error().message);
}

void Supervisor::received(const Envelope& envelope) {
  if (envelope.to != Role::supervisor) {
    // Who does not run gets a snapshot when it does.
    if (const auto to = roles_.find(envelope.to); to != roles_.end()) to->second->send(envelope.from, envelope.message);
    return;
  }
  std::visit(
      Overloaded{
          [&](const Configured& answer) { configured(envelope.from, answer.generation); },
          [&](const Notify& state) { notify(state); }, [&](const ServerNotify& state) { notify(state); },
          [&](const QuorumNotify& state) { notify(state); },
          [&](const RunCheck& check) { run_check(envelope.from, check); },
          [&](const PoolAnswer& answer) { take(answer); }, [](const auto&) {},  // may_send() lets nothing else through
      },
      envelope.message);
}

void Supervisor::configured(Role which, std::uint64_t generation) {
  log::debug("role {} has put configuration {} into force", name(which), generation);
  if (generation == generation_ && role(which).runs())
    scheduler_.finish(which, role(which).pid(), scheduling_of(which, config_.global));
  const bool is_last = rollout_.answered(which, generation);
  if (which == Role::ipvs && table_timer_.cancel() > 0) table_ready();
  if (is_last) rolled_out();
}

}  // namespace baton::daemon
