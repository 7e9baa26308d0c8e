#include "daemon/reload.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <net/if.h>
#include <unistd.h>

#include <fmt/format.h>

#include "config/dump.hpp"
#include "daemon/configuration_files.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/log.hpp"
#include "daemon/net_namespace.hpp"
#include "daemon/script_programs.hpp"
#include "daemon/sealed_text.hpp"
#include "daemon/test_report.hpp"

namespace baton::daemon {

namespace {

config::Environment this_machine() {
  config::Environment environment;
  environment.interface_exists = [](std::string_view name) { return ::if_nametoindex(std::string(name).c_str()) != 0; };
  environment.executable_exists = [](std::string_view word) {
    const auto path = find_program(std::string(word));
    return path && ::access(path->c_str(), X_OK) == 0;
  };
  environment.user_exists = [](std::string_view name) { return find_user(std::string(name)).has_value(); };
  environment.group_exists = [](std::string_view name) { return find_group(std::string(name)).has_value(); };
  environment.insecurity = [](std::string_view word) {
    const auto path = find_program(std::string(word));
    if (!path) return std::string{};  // it cannot be started, then
    const auto safe = check_owner_and_mode(*path);
    return safe ? std::string{} : safe.error().message;
  };
  return environment;
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const auto length = ::write(file, text.data(), text.size());
    if (length < 0 && errno != EINTR) return false;
    if (length > 0) text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

}  // namespace

Loaded load_configuration(const Options& options, const config::IsKnown& is_known,
                          const std::function<void(const config::Config&)>& arrive) {
  config::LoadSettings settings;
  settings.config_id = options.config_id.empty() ? short_host_name() : options.config_id;
  settings.all_includes = options.all_includes;
  settings.limits.text = kMaxConfiguration;
  Loaded loaded = config::load(this_machines_files(), settings, options.configuration_file, is_known);
  if (loaded.is_known) return loaded;
  if (arrive) arrive(loaded.parsed.config);
  config::check_environment(this_machine(), loaded.parsed);
  return loaded;
}

std::set<std::string> error_texts(const config::Diagnostics& diagnostics) {
  std::set<std::string> texts;
  for (const auto& diagnostic : diagnostics.all())
    if (diagnostic.severity == config::Severity::error) texts.insert(diagnostic.text);
  return texts;
}

void log_diagnostics(const config::Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics.all()) {
    const auto line = diagnostics.render_line(diagnostic);
    switch (diagnostic.severity) {
      case config::Severity::note: log::info("{}", line); break;
      case config::Severity::warning: log::warning("{}", line); break;
      case config::Severity::error: log::error("{}", line); break;
    }
  }
  if (diagnostics.suppressed() > 0) log::warning("{} more messages are left out", diagnostics.suppressed());
}

void log_configuration(const config::Config& config) {
  constexpr unsigned kTogether = 1000;  // lines, before the log may catch up
  constexpr Duration kPatience = std::chrono::seconds{1};
  auto shown = config;
  for (auto& instance : shown.vrrp_instances) {
    if (!instance.auth_pass.empty()) instance.auth_pass = "********";
    if (!instance.auth_hmac) continue;
    for (auto& key : instance.auth_hmac->keys)
      key.key = "********";
  }
  const auto text = config::dump(shown);
  unsigned lines = 0;
  for (std::size_t start = 0; start < text.size();) {
    const auto end = std::min(text.find('\n', start), text.size());
    log::info("{}", std::string_view(text).substr(start, end - start));
    start = end + 1;
    if (++lines % kTogether == 0 && !log::finish(kPatience)) {
      log::warning("the rest of the configuration is left out: the log is not being read");
      return;
    }
  }
}

std::set<Role> needed_roles(const Options& options, const config::Config& config) {
  std::set<Role> roles;
  const bool has_static =
      !config.static_addresses.empty() || !config.static_routes.empty() || !config.static_rules.empty();
  const bool has_bfd = !options.no_bfd && !config.bfd_instances.empty();
  if (!options.only_checkers && (has_static || has_bfd || !config.vrrp_instances.empty())) roles.insert(Role::vrrp);
  if (!options.only_vrrp && !config.virtual_servers.empty()) {
    roles.insert(Role::ipvs);
    const auto has_checks = [](const config::RealServer& server) { return !server.checks.empty(); };
    const auto is_checked = [&](const config::VirtualServer& server) {
      // DNS is asked by the same role.
      return !server.real_server_pools.empty() || std::ranges::any_of(server.real_servers, has_checks);
    };
    if (std::ranges::any_of(config.virtual_servers, is_checked)) roles.insert(Role::checkers);
  }
  // The exchange of connections needs no service of its own.
  if (config.global.lvs.lvs_sync_daemon) roles.insert(Role::ipvs);
  return roles;
}

int test_configuration(const Options& options, const std::string& file) {
  FileDescriptor output;
  if (!file.empty()) {
    // For its owner alone: it may show lines with a password.
    output =
        FileDescriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600));
    if (!output) {
      write_all(STDERR_FILENO,
                system_failure("Unable to open config-test log file " + file, errno).value().message + "\n");
      return 1;
    }
  }
  NetNamespaces spaces;
  std::string trouble;
  const auto arrive = [&](const config::Config& config) {
    const auto entered = spaces.enter(options, config.daemon);
    if (!entered) trouble = "batond: the interfaces are looked for here: cannot " + entered.error().message + "\n";
  };
  const auto parsed = load_configuration(options, {}, arrive).parsed;
  if (!options.json) write_all(STDERR_FILENO, trouble);
  // Passwords too: whoever may read the file may read this, and it is to be read again.
  const std::string dumped = options.dump_configuration ? config::dump(parsed.config) : "";
  if (options.json) {
    write_all(output ? output.number() : STDOUT_FILENO, json_report(parsed.diagnostics, dumped));
    return parsed.diagnostics.exit_status();
  }
  const int to = output ? output.number() : STDERR_FILENO;
  write_all(to, parsed.diagnostics.render_all(style_for(to)));
  write_all(STDOUT_FILENO, dumped);
  return parsed.diagnostics.exit_status();
}

}  // namespace baton::daemon
