#include "daemon/real_server.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include <linux/capability.h>
#include <unistd.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>

#include "daemon/configuration_files.hpp"
#include "daemon/ledger.hpp"
#include "daemon/log.hpp"
#include "daemon/privileges.hpp"
#include "daemon/process.hpp"
#include "daemon/real_server_ledger.hpp"
#include "daemon/real_server_part.hpp"
#include "daemon/role.hpp"
#include "daemon/sealed_text.hpp"
#include "realserver/plan.hpp"

namespace baton::daemon {

namespace asio = boost::asio;

namespace {

/// Sysctls and routes are looked at so often; of addresses and devices the kernel tells.
constexpr Duration kCheckInterval = std::chrono::seconds{10};
/// A device is made, then what belongs to it; one more to see that it is so.
constexpr int kMaxRounds = 3;

/// The machine's addresses, without those that are there for a service.
std::set<IpAddress> own_addresses(const realserver::Machine& machine, const realserver::Ledger& ledger) {
  std::set<IpAddress> own;
  for (const auto& each : machine.addresses)
    if (!ledger.addresses.contains({each.address, each.device})) own.insert(each.address);
  return own;
}

bool makes_device(const realserver::Operation& operation) {
  return operation.kind == realserver::Operation::Kind::make_device;
}

std::string ledger_file(const Options& options) {
  return ledger_path("real-server", options.pid_file);
}

}  // namespace

Loaded load_for_real_server(const Options& options) {
  config::LoadSettings settings;
  settings.config_id = options.config_id.empty() ? short_host_name() : options.config_id;
  settings.all_includes = options.all_includes;
  settings.limits.text = kMaxConfiguration;
  return config::load(this_machines_files(), settings, options.configuration_file);
}

RealServer::RealServer(asio::io_context& io, const Options& options, Loaded loaded, SdNotify service_manager)
    : io_(io),
      options_(options),
      loaded_(std::move(loaded)),
      service_manager_(std::move(service_manager)),
      host_(io),
      signals_(io, SIGTERM, SIGHUP),
      check_timer_(io),
      ledger_path_(ledger_file(options)),
      ledger_(decode_real_server_ledger(read_ledger(ledger_path_))) {
  if (!options.ignore_sigint) signals_.add(SIGINT);
}

int RealServer::run() {
  reconcile();
  service_manager_.ready(status_text());
  await_signal();
  await_check();
  asio::cancellation_signal stop_watching;
  const auto ended = [](const std::exception_ptr& trouble) {
    if (trouble) std::rethrow_exception(trouble);
  };
  asio::co_spawn(io_, host_.watch([this] { reconcile(); }), asio::bind_cancellation_slot(stop_watching.slot(), ended));
  io_.run();
  service_manager_.stopping("undoing");
  undo();
  log::info("stopped");
  return 0;
}

void RealServer::reconcile() {
  failures_.clear();
  for (int round = 0; round < kMaxRounds; ++round)
    if (!pursue()) break;
  // What goes on failing is said once.
  for (const auto& failure : failures_)
    if (!told_failures_.contains(failure)) log::error("{}", failure);
  told_failures_ = failures_;
}

bool RealServer::pursue() {
  const auto machine = host_.read(realserver::sysctls_of_interest(ledger_));
  if (!machine) {
    failures_.insert(machine.error().message);
    return false;
  }
  const auto part = real_server_part(loaded_.parsed.config, own_addresses(*machine, ledger_));
  tell_part(part);
  const auto wanted = realserver::plan(part, *machine);
  tell(wanted.troubles);
  auto operations = realserver::diff(*machine, wanted, ledger_);
  if (std::ranges::any_of(operations, makes_device))
    std::erase_if(operations, [](const auto& each) { return !makes_device(each); });
  return !operations.empty() && carry_out(operations);
}

void RealServer::tell_part(const realserver::Part& part) {
  const auto known = std::exchange(duties_, part.duties.size());
  if (known == duties_) return;
  for (const auto& duty : part.duties)
    log::debug("real server {} of service {}", duty.server.to_string(), duty.service);
  if (part.duties.empty())
    log::warning("no address of this machine is a real_server of {}: nothing is done until one is",
                 options_.configuration_file);
  else
    log::info("services that this machine is a real server of: {}", part.duties.size());
}

/// The ledger is on the disk before anything is put there, and shorter only once it is gone.
bool RealServer::carry_out(const std::vector<realserver::Operation>& operations) {
  for (const auto& operation : operations)
    if (!realserver::gives_up(operation)) record(ledger_, operation);
  save();
  bool all_done = true;
  for (const auto& operation : operations) {
    const auto done = host_.carry_out(operation);
    if (!done) {
      all_done = false;
      failures_.insert(done.error().message);
      continue;
    }
    log::info("{}", describe(operation));
    if (realserver::gives_up(operation)) record(ledger_, operation);
  }
  save();
  return all_done;
}

void RealServer::tell(const std::set<std::string>& troubles) {
  for (const auto& trouble : troubles)
    if (!told_.contains(trouble)) log::warning("{}", trouble);
  told_ = troubles;
}

void RealServer::undo() {
  failures_.clear();
  const auto machine = host_.read(realserver::sysctls_of_interest(ledger_));
  if (!machine) return log::error("{}: everything stays as it is", machine.error().message);
  carry_out(realserver::diff(*machine, {}, ledger_));
  for (const auto& failure : failures_)
    log::error("{}", failure);
}

void RealServer::save() {
  if (const auto written = write_ledger(ledger_path_, encode(ledger_)); !written)
    failures_.insert(written.error().message);
}

void RealServer::reload() {
  log::info("reloading {}", options_.configuration_file);
  service_manager_.reloading("reading the configuration");
  auto loaded = load_for_real_server(options_);
  log_diagnostics(loaded.parsed.diagnostics);
  const auto& diagnostics = loaded.parsed.diagnostics;
  if (diagnostics.refusal() != 0 ||
      !std::ranges::includes(error_texts(loaded_.parsed.diagnostics), error_texts(diagnostics))) {
    log::error("the new configuration has errors that the old one does not have: the old one stays in force");
  } else {
    loaded_ = std::move(loaded);
    reconcile();
  }
  service_manager_.ready(status_text());
}

std::string RealServer::status_text() const {
  return "services that this machine is a real server of: " + std::to_string(duties_.value_or(0));
}

void RealServer::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int number) {
    if (error) return;
    if (number != SIGHUP) {
      log::info("stopping");
      return io_.stop();
    }
    reload();
    await_signal();
  });
}

void RealServer::await_check() {
  check_timer_.expires_after(kCheckInterval);
  check_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    reconcile();
    await_check();
  });
}

int run_real_server(const Options& options) {
  auto loaded = load_for_real_server(options);
  const auto refuse = [&](int status, const std::string& why) {
    start_log(options, "");
    log_diagnostics(loaded.parsed.diagnostics);
    log::error("{}", why);
    if (!options.log_console)
      std::fputs((loaded.parsed.diagnostics.render_all() + "batond: " + why + "\n").c_str(), stderr);
    return status;
  };
  if (const int status = loaded.parsed.diagnostics.refusal(); status != 0)
    return refuse(status, "not starting on this configuration");
  const auto made = make_runtime_directory(kRuntimeDirectory);
  auto pid_file = PidFile::create(options.pid_file);
  if (!pid_file) return refuse(kExitFatal, made ? pid_file.error().message : made.error().message);
  std::optional<Background> background;
  if (!options.foreground) {
    auto entered = Background::enter(options.log_console);
    if (!entered) return refuse(kExitFatal, entered.error().message);
    background.emplace(std::move(*entered));
  }
  // The kernel allows all of it to whoever may administer the network.
  const auto kept = keep_only(Capabilities{1} << CAP_NET_ADMIN);
  if (!kept) return refuse(kExitPermission, kept.error().message + " (run batond as root)");
  if (const auto written = pid_file->write(::getpid()); !written) return refuse(kExitFatal, written.error().message);
  start_log(options, "");
  log::info("starting Baton for a real server, configuration file {}", options.configuration_file);
  log_diagnostics(loaded.parsed.diagnostics);
  asio::io_context io(1);
  RealServer server(io, options, std::move(loaded), SdNotify::from_environment());
  if (background) background->tell(0);
  return server.run();
}

int check_real_server(const Options& options) {
  const auto loaded = load_for_real_server(options);
  if (const int status = loaded.parsed.diagnostics.refusal(); status != 0) {
    std::fputs(loaded.parsed.diagnostics.render_all().c_str(), stderr);
    return status;
  }
  asio::io_context io(1);
  net::RealServerHost host(io);
  const auto ledger = decode_real_server_ledger(read_ledger(ledger_file(options)));
  const auto machine = host.read(realserver::sysctls_of_interest(ledger));
  if (!machine) {
    std::fprintf(stderr, "batond: %s\n", machine.error().message.c_str());
    return kExitFatal;
  }
  const auto part = real_server_part(loaded.parsed.config, own_addresses(*machine, ledger));
  const auto wanted = realserver::plan(part, *machine);
  std::string text;
  if (part.duties.empty()) text = "no address of this machine is a real_server of " + options.configuration_file + "\n";
  for (const auto& trouble : wanted.troubles)
    text += trouble + "\n";
  for (const auto& operation : realserver::diff(*machine, wanted, ledger))
    if (const auto missing = describe_missing(operation); !missing.empty()) text += missing + "\n";
  std::fputs(text.c_str(), stdout);
  std::fflush(stdout);
  return text.empty() ? 0 : 1;
}

}  // namespace baton::daemon
