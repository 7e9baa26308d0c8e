#include "daemon/process.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "daemon/log.hpp"

namespace baton::daemon {

void close_inherited_descriptors() {
  ::close_range(STDERR_FILENO + 1, ~0U, 0);  // an old kernel: then they stay
}

void open_standard_streams() {
  int opened = 0;
  do {
    opened = ::open("/dev/null", O_RDWR | O_NOCTTY);
  } while (opened >= 0 && opened <= STDERR_FILENO);
  if (opened > STDERR_FILENO) ::close(opened);
}

void set_process_name(const std::string& name) {
  ::prctl(PR_SET_NAME, name.c_str(), 0, 0, 0);
}

void hide_arguments(int argc, char** argv) {
  for (int i = 1; i < argc; ++i)
    std::memset(argv[i], 0, std::strlen(argv[i]));
}

void start_log(const Options& options, std::string_view role) {
  log::Settings settings;
  settings.ident = role.empty() ? "batond" : "batond_" + std::string(role);
  if (!options.net_namespace.empty()) settings.ident += "_" + options.net_namespace;
  if (!options.instance.empty()) settings.ident += "_" + options.instance;
  settings.console = options.log_console;
  settings.syslog = !options.log_console && !options.no_syslog;
  settings.facility = options.log_facility;
  settings.level = options.detail > 0 ? log::Level::debug : log::Level::info;
  log::start(settings);
}

void end_process(int exit_status) {
  constexpr Duration kLastLines = std::chrono::milliseconds{200};
  log::finish(kLastLines);
  ::_exit(exit_status);
}

Result<Background> Background::enter(bool keep_standard_error) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return system_failure("make a pipe", errno);
  const FileDescriptor listener(ends[0]);
  FileDescriptor teller(ends[1]);
  const auto pid = ::fork();
  if (pid < 0) return system_failure("fork", errno);
  if (pid > 0) {
    teller.reset();
    unsigned char status = 1;
    while (::read(listener.number(), &status, 1) < 0 && errno == EINTR) {
    }
    ::_exit(status);
  }
  ::setsid();
  if (::chdir("/") != 0) return system_failure("change to the root folder", errno);
  const FileDescriptor null(::open("/dev/null", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!null) return system_failure("open /dev/null", errno);
  ::dup2(null.number(), STDIN_FILENO);
  ::dup2(null.number(), STDOUT_FILENO);
  if (!keep_standard_error) ::dup2(null.number(), STDERR_FILENO);
  return Background(std::move(teller));
}

void Background::tell(int exit_status) {
  const auto status = static_cast<unsigned char>(exit_status);
  [[maybe_unused]] const auto written = ::write(teller_.number(), &status, 1);
  teller_.reset();
}

}  // namespace baton::daemon
