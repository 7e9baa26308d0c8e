#include "daemon/start.hpp"

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <utility>

#include <malloc.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>

#include "daemon/apart.hpp"
#include "daemon/log.hpp"
#include "daemon/mail_process.hpp"
#include "daemon/net_namespace.hpp"
#include "daemon/options.hpp"
#include "daemon/privileges.hpp"
#include "daemon/process.hpp"
#include "daemon/real_server.hpp"
#include "daemon/reload.hpp"
#include "daemon/role.hpp"
#include "daemon/supervisor.hpp"

namespace baton::daemon {

namespace {

void print(const Command& command) {
  std::fputs(command.text.c_str(), command.to_stdout ? stdout : stderr);
  std::fflush(nullptr);
}

/// In the background "/" is the working folder.
void make_paths_absolute(Options& options) {
  for (auto* path :
       {&options.configuration_file, &options.pid_file, &options.vrrp_pid_file, &options.checkers_pid_file})
    *path = std::filesystem::absolute(*path).string();
}

void allow_core_dumps() {
  const rlimit unlimited{RLIM_INFINITY, RLIM_INFINITY};
  if (::setrlimit(RLIMIT_CORE, &unlimited) != 0) log::warning("-m: core dumps cannot be allowed");
}

/// Nothing works without these; keepalived ends with status 4.
Capabilities missing_capabilities(const Options& options, const config::Config& config) {
  const auto permitted = permitted_capabilities();
  if (!permitted) return 0;  // then the kernel will say
  Capabilities missing = 0;
  for (const auto role : needed_roles(options, config))
    missing |= needed_capabilities(role, config) & ~*permitted;
  return missing;
}

/// glibc would keep twice the largest block that it has ever seen freed.
void give_back_memory() {
  constexpr int kKeptFree = 1 << 16;  // bytes
  ::mallopt(M_TRIM_THRESHOLD, kKeptFree);
}

/// What keeps the daemon from starting, before it goes into the background: whoever starts it is to see it.
struct Refusal {
  int exit_status = kExitFatal;
  std::string why;
};

/// What a supervisor needs that can fail.
struct Prepared {
  Loaded loaded;
  std::optional<Launcher> launcher;
  std::optional<PidFile> pid_file;
  NetNamespaces spaces;
};

std::optional<Refusal> prepare(Options& options, int argc, char** argv, Prepared& prepared) {
  // Read by a thread of its own, which has to be there for its look at the interfaces; of the trouble we hear below.
  const auto arrive = [&](const config::Config& config) {
    static_cast<void>(NetNamespaces().enter(options, config.daemon));
  };
  prepared.loaded = apart([&] { return load_configuration(options, {}, arrive); });
  const auto& defs = prepared.loaded.parsed.config.daemon;
  if (const auto entered = prepared.spaces.enter(options, defs); !entered)
    return Refusal{kExitFatal, "cannot " + entered.error().message};
  if (options.net_namespace.empty()) options.net_namespace = defs.net_namespace;
  if (defs.instance.find('/') != std::string::npos)
    return Refusal{kExitFatal, "instance " + defs.instance + ": it is part of file names and so has no '/'"};
  options.instance = defs.instance;
  const auto& parsed = prepared.loaded.parsed;
  if (const int status = parsed.diagnostics.refusal(); status != 0)
    return Refusal{status, "not starting on this configuration"};
  if (const auto missing = missing_capabilities(options, parsed.config); missing != 0)
    return Refusal{kExitPermission, "missing permission: " + to_string(missing) + " (run batond as root)"};
  auto launcher = Launcher::of_this_program(argc, argv, options.net_namespace, options.instance);
  if (!launcher) return Refusal{kExitFatal, launcher.error().message};
  prepared.launcher = std::move(*launcher);
  auto made = make_runtime_directory(kRuntimeDirectory);
  if (const auto folder = place_pid_files(options); made && folder != kRuntimeDirectory)
    made = make_runtime_directory(folder);
  auto pid_file = PidFile::create(options.pid_file);
  if (!pid_file) return Refusal{kExitFatal, made ? pid_file.error().message : made.error().message};
  prepared.pid_file = std::move(*pid_file);
  return std::nullopt;
}

int refuse(const Options& options, const Refusal& refusal, const config::Diagnostics& diagnostics) {
  start_log(options, "");
  log_diagnostics(diagnostics);
  log::error("{}", refusal.why);
  if (!options.log_console) std::fputs((diagnostics.render_all() + "batond: " + refusal.why + "\n").c_str(), stderr);
  return refusal.exit_status;
}

int supervise(const Options& options, Prepared prepared, std::optional<Background>& background) {
  start_log(options, "");
  log::info("starting Baton, configuration file {}", options.configuration_file);
  for (const auto& option : options.without_effect)
    log::warning("option {} has no effect yet", option);
  if (options.core_dump) allow_core_dumps();
  log_diagnostics(prepared.loaded.parsed.diagnostics);
  if (const auto written = prepared.pid_file->write(::getpid()); !written) {
    log::error("{}", written.error().message);
    return kExitFatal;
  }
  boost::asio::io_context io(1);
  Supervisor supervisor(io, options, std::move(*prepared.launcher), std::move(prepared.spaces),
                        SdNotify::from_environment());
  if (const auto started = supervisor.start(std::move(prepared.loaded)); !started) {
    log::error("{}", started.error().message);
    return kExitFatal;
  }
  if (background) background->tell(0);
  return supervisor.run();
}

int run_daemon(Options options, int argc, char** argv) {
  close_inherited_descriptors();
  make_paths_absolute(options);
  ::signal(SIGPIPE, SIG_IGN);
  ::umask(options.umask.value_or(kDefaultUmask));
  Prepared prepared;
  if (const auto refusal = prepare(options, argc, argv, prepared))
    return refuse(options, *refusal, prepared.loaded.parsed.diagnostics);
  std::optional<Background> background;
  if (!options.foreground) {
    auto entered = Background::enter(options.log_console);
    if (!entered) return refuse(options, {kExitFatal, entered.error().message}, prepared.loaded.parsed.diagnostics);
    background.emplace(std::move(*entered));
  }
  const int status = supervise(options, std::move(prepared), background);
  if (background) background->tell(status);
  return status;
}

int prepare_real_server(Options options) {
  if (options.only_check) return check_real_server(options);
  close_inherited_descriptors();
  make_paths_absolute(options);
  ::signal(SIGPIPE, SIG_IGN);
  ::umask(options.umask.value_or(kDefaultUmask));
  return run_real_server(options);
}

}  // namespace

void start(int argc, char** argv) {
  open_standard_streams();
  int status = kExitInternal;
  try {
    const auto command = parse_command_line(argc, argv);
    if (command.what == Command::What::print) {
      print(command);
      status = command.exit_status;
    } else if (command.what == Command::What::test) {
      status = test_configuration(command.options, command.file);
    } else if (command.options.mail) {
      status = run_mail(command.options);
    } else if (command.options.role) {
      give_back_memory();
      hide_arguments(argc, argv);
      status = run_role(command.options);
    } else if (command.options.real_server) {
      status = prepare_real_server(command.options);
    } else {
      give_back_memory();
      status = run_daemon(command.options, argc, argv);
    }
  } catch (const std::exception& error) {
    log::error("internal error: {}", error.what());
    std::fprintf(stderr, "batond: internal error: %s\n", error.what());
  }
  end_process(status);
}

}  // namespace baton::daemon
