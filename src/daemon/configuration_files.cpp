#include "daemon/configuration_files.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <glob.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <fmt/format.h>

#include "daemon/file_descriptor.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

config::FileText unfit(config::FileFault fault, std::string reason) {
  return {{}, fault, std::move(reason)};
}

config::FileText unfit(const char* what, int code) {
  const auto fault = code == ENOENT || code == ENOTDIR ? config::FileFault::missing : config::FileFault::unreadable;
  return unfit(fault, Error(system_failure(what, code).value()).message);
}

config::FileText read_all(int file) {
  constexpr std::size_t kChunk = 64U << 10U;
  std::string text;
  for (;;) {
    const auto done = text.size();
    text.resize(done + kChunk);
    const auto length = ::read(file, text.data() + done, kChunk);
    text.resize(done + static_cast<std::size_t>(length > 0 ? length : 0));
    if (length == 0) return {std::move(text), config::FileFault::none, {}};
    if (length < 0 && errno != EINTR) return unfit("cannot be read", errno);
    if (text.size() > kMaxConfiguration)
      return unfit(config::FileFault::too_long, fmt::format("is longer than {} MiB", kMaxConfiguration >> 20U));
  }
}

std::vector<std::string> match(const std::string& pattern) {
  glob_t found{};
  std::vector<std::string> names;
  if (::glob(pattern.c_str(), 0, nullptr, &found) == 0) names.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  ::globfree(&found);
  return names;
}

std::optional<std::string> canonical(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> found(::realpath(path.c_str(), nullptr), &std::free);
  if (found == nullptr) return std::nullopt;
  return std::string(found.get());
}

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, 0) != static_cast<ssize_t>(sizeof number)) return 0;
  return number;
}

}  // namespace

config::FileText read_configuration(const std::string& path) {
  using config::FileFault;
  // Not blocking: it might be a FIFO.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return unfit("cannot be opened", errno);
  struct stat status {};
  if (::fstat(file.number(), &status) != 0) return unfit("cannot be looked at", errno);
  if (S_ISDIR(status.st_mode)) return unfit(FileFault::directory, "is a directory");
  if (!S_ISREG(status.st_mode)) return unfit(FileFault::not_regular, "is not a regular file");
  if ((status.st_mode & 0111U) != 0)
    return unfit(FileFault::executable, "is executable and so not taken for a configuration (chmod a-x)");
  return read_all(file.number());
}

config::Files this_machines_files() {
  config::Files files;
  files.read = read_configuration;
  files.match = match;
  files.canonical = canonical;
  files.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());  // NOLINT(concurrency-mt-unsafe): nobody changes it
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  files.random = random_number;
  return files;
}

std::string short_host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  const std::string whole(name.data());
  return whole.substr(0, whole.find('.'));
}

}  // namespace baton::daemon
