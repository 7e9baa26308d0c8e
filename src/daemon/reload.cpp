#include "daemon/reload.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <net/if.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "config/dump.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/log.hpp"
#include "daemon/script_programs.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

Result<std::string> read_all(int file) {
  constexpr std::size_t kChunk = 64U << 10U;
  std::string text;
  for (;;) {
    const auto done = text.size();
    text.resize(done + kChunk);
    const auto length = ::read(file, text.data() + done, kChunk);
    text.resize(done + static_cast<std::size_t>(length > 0 ? length : 0));
    if (length == 0) return text;
    if (length < 0 && errno != EINTR) return system_failure("cannot be read", errno);
    if (text.size() > kMaxConfiguration) return failure(fmt::format("is longer than {} MiB", kMaxConfiguration >> 20U));
  }
}

config::Environment this_machine() {
  config::Environment environment;
  environment.interface_exists = [](std::string_view name) { return ::if_nametoindex(std::string(name).c_str()) != 0; };
  environment.executable_exists = [](std::string_view word) {
    const auto path = find_program(std::string(word));
    return path && ::access(path->c_str(), X_OK) == 0;
  };
  environment.user_exists = [](std::string_view name) { return find_user(std::string(name)).has_value(); };
  environment.group_exists = [](std::string_view name) { return find_group(std::string(name)).has_value(); };
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

Result<std::string> read_configuration(const std::string& path) {
  // Not blocking: it might be a FIFO.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return system_failure("cannot be opened", errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return system_failure("cannot be looked at", errno);
  if (S_ISDIR(status.st_mode)) return failure("is a directory");
  if (!S_ISREG(status.st_mode)) return failure("is not a regular file");
  if ((status.st_mode & 0111U) != 0) return failure("is executable and so not taken for a configuration (chmod a-x)");
  return read_all(file.number());
}

Loaded load_configuration(const std::string& path) {
  auto text = read_configuration(path);
  if (!text) return {"", config::unreadable(path, "the configuration file " + text.error().message)};
  Loaded loaded{std::move(*text), {}};
  loaded.parsed = config::parse(loaded.text, path);
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
  if (!options.only_checkers && !config.vrrp_instances.empty()) roles.insert(Role::vrrp);
  if (!options.only_vrrp && !config.virtual_servers.empty()) {
    roles.insert(Role::checkers);
    roles.insert(Role::ipvs);
  }
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
  const int to = output ? output.number() : STDERR_FILENO;
  const auto parsed = load_configuration(options.configuration_file).parsed;
  write_all(to, parsed.diagnostics.render_all());
  // Passwords too: whoever may read the file may read this, and it is to be read again.
  if (options.dump_configuration) write_all(STDOUT_FILENO, config::dump(parsed.config));
  return parsed.diagnostics.exit_status();
}

}  // namespace baton::daemon
