#include "net/sysctl.hpp"

#include <array>
#include <cerrno>
#include <charconv>

#include <fcntl.h>
#include <unistd.h>

namespace baton::net {
namespace {

std::string sysctl_path(const std::string& name) {
  return "/proc/sys/" + name;
}

}  // namespace

std::optional<int> read_sysctl(const std::string& name) {
  const int fd = ::open(sysctl_path(name).c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return std::nullopt;
  std::array<char, 32> text{};
  const auto length = ::read(fd, text.data(), text.size());
  ::close(fd);
  int value = 0;
  if (length <= 0 || std::from_chars(text.data(), text.data() + length, value).ec != std::errc{}) return std::nullopt;
  return value;
}

Result<void> write_sysctl(const std::string& name, int value) {
  const int fd = ::open(sysctl_path(name).c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return system_failure("write " + sysctl_path(name), errno);
  const auto text = std::to_string(value);
  const auto written = ::write(fd, text.data(), text.size());
  const int code = errno;
  ::close(fd);
  if (written != static_cast<ssize_t>(text.size())) return system_failure("write " + sysctl_path(name), code);
  return {};
}

}  // namespace baton::net
