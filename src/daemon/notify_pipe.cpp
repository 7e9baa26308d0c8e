#include "daemon/notify_pipe.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/assert.hpp"
#include "daemon/script_programs.hpp"

namespace baton::daemon {

namespace {

constexpr mode_t kMode = 0644;

struct Owner {
  uid_t uid = 0;
  gid_t gid = 0;
};

Result<Owner> owner_of(const std::string& user, const std::string& group) {
  Owner owner{::geteuid(), ::getegid()};
  if (!user.empty()) {
    const auto found = find_user(user);
    if (!found) return tl::unexpected(found.error());
    owner = {found->uid, found->gid};
  }
  if (!group.empty()) {
    const auto found = find_group(group.starts_with(':') ? group.substr(1) : group);
    if (!found) return tl::unexpected(found.error());
    owner.gid = *found;
  }
  return owner;
}

}  // namespace

Result<NotifyPipe> NotifyPipe::open(const std::string& path, const std::string& user, const std::string& group) {
  const auto owner = owner_of(user, group);
  if (!owner) return failure("cannot make the pipe " + path + ": " + owner.error().message);
  const bool made = ::mkfifo(path.c_str(), kMode) == 0;
  if (!made && errno != EEXIST) return system_failure("make the pipe " + path, errno);
  // Both ends are ours, so that it can be opened and written while nobody reads.
  FileDescriptor end(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!end) return system_failure("open the pipe " + path, errno);
  struct stat status {};
  if (::fstat(end.number(), &status) != 0) return system_failure("look at the pipe " + path, errno);
  if (!S_ISFIFO(status.st_mode)) return failure(path + " is there and is no pipe");
  if (!made && status.st_uid != 0 && status.st_uid != owner->uid)
    return failure("the pipe " + path + " belongs to user " + std::to_string(status.st_uid));
  if (made && ::fchown(end.number(), owner->uid, owner->gid) != 0)
    return system_failure("give the pipe " + path + " to its owner", errno);
  return NotifyPipe(path, made, std::move(end));
}

NotifyPipe::NotifyPipe(std::string path, bool made, FileDescriptor end)
    : path_(std::move(path)), made_(made), end_(std::move(end)) {}

NotifyPipe::NotifyPipe(NotifyPipe&& other) noexcept
    : path_(std::move(other.path_)), made_(std::exchange(other.made_, false)), end_(std::move(other.end_)) {}

NotifyPipe::~NotifyPipe() {
  if (made_) ::unlink(path_.c_str());
}

bool NotifyPipe::write(const std::string& line) {
  ASSERT(line.size() <= 4096);  // PIPE_BUF: the kernel takes it whole or not at all
  ssize_t written = -1;
  do {
    written = ::write(end_.number(), line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  return written == static_cast<ssize_t>(line.size());
}

}  // namespace baton::daemon
