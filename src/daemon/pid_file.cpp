#include "daemon/pid_file.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

namespace baton::daemon {

namespace {

/// Whether `path` still names the file that is open: its former owner may have removed it meanwhile.
bool same_file(const std::string& path, int file) {
  struct stat named {};
  struct stat open {};
  return ::lstat(path.c_str(), &named) == 0 && ::fstat(file, &open) == 0 && named.st_dev == open.st_dev &&
         named.st_ino == open.st_ino;
}

std::string content(int file) {
  std::array<char, 32> text{};
  const auto length = ::pread(file, text.data(), text.size(), 0);
  std::string digits;
  for (ssize_t i = 0;
       i < length && text.at(static_cast<std::size_t>(i)) >= '0' && text.at(static_cast<std::size_t>(i)) <= '9'; ++i)
    digits.push_back(text.at(static_cast<std::size_t>(i)));
  return digits.empty() ? "unknown" : digits;
}

}  // namespace

Result<PidFile> PidFile::create(const std::string& path) {
  constexpr int kAttempts = 10;  // each time another daemon has just removed it
  for (int i = 0; i < kAttempts; ++i) {
    FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0644));
    if (!file) return system_failure("open the pid file " + path, errno);
    struct stat status {};
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode))
      return failure("the pid file " + path + " is not a regular file");
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK) return system_failure("lock the pid file " + path, errno);
      return failure("batond runs already: process " + content(file.number()) + " holds the pid file " + path);
    }
    if (!same_file(path, file.number())) continue;
    if (::fchmod(file.number(), 0644) != 0) return system_failure("set the mode of the pid file " + path, errno);
    return PidFile(path, std::move(file));
  }
  return failure("the pid file " + path + " is removed again and again");
}

PidFile& PidFile::operator=(PidFile&& other) noexcept {
  if (this != &other) {
    remove();
    path_ = std::move(other.path_);
    file_ = std::move(other.file_);
  }
  return *this;
}

Result<void> PidFile::write(pid_t pid) {
  const auto text = std::to_string(pid) + "\n";
  const auto length = static_cast<ssize_t>(text.size());
  if (::pwrite(file_.number(), text.data(), text.size(), 0) != length || ::ftruncate(file_.number(), length) != 0)
    return system_failure("write the pid file " + path_, errno);
  return {};
}

void PidFile::remove() {
  if (file_ && same_file(path_, file_.number())) ::unlink(path_.c_str());
  file_.reset();
}

Result<void> make_runtime_directory(const std::string& path) {
  if (::mkdir(path.c_str(), 0755) != 0) {
    if (errno == EEXIST) return {};
    return system_failure("make the directory " + path, errno);
  }
  // Whatever the umask is.
  if (::chmod(path.c_str(), 0755) != 0) return system_failure("set the mode of the directory " + path, errno);
  return {};
}

}  // namespace baton::daemon
