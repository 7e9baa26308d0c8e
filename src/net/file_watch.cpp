#include "net/file_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace baton::net {
namespace {

constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CREATE | IN_ONLYDIR;
constexpr Duration kRetry = std::chrono::seconds{5};

std::pair<std::string, std::string> split(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash == std::string::npos) return {".", path};
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace

FileWatch::FileWatch(boost::asio::io_context& io, OnChange on_change)
    : inotify_(io), retry_(io), on_change_(std::move(on_change)) {}

Result<void> FileWatch::follow(const std::vector<std::string>& paths) {
  std::map<std::string, Folder> wanted;
  for (const auto& path : paths) {
    auto [folder, name] = split(path);
    wanted[folder].files.emplace(std::move(name), path);
  }
  for (auto& [path, folder] : folders_) {
    const auto next = wanted.find(path);
    if (next != wanted.end())
      next->second.watch = folder.watch;
    else if (folder.watch >= 0)
      ::inotify_rm_watch(inotify_.native_handle(), folder.watch);
  }
  folders_ = std::move(wanted);
  if (folders_.empty()) return {};
  if (!inotify_.is_open())
    if (auto opened = open(); !opened) return opened;
  watch_folders(false);
  return {};
}

Result<void> FileWatch::open() {
  const int fd = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (fd < 0) return system_failure("follow files", errno);
  inotify_.assign(fd);
  await();
  return {};
}

void FileWatch::watch_folders(bool tell) {
  bool all = true;
  for (auto& [path, folder] : folders_) {
    if (folder.watch >= 0) continue;
    folder.watch = ::inotify_add_watch(inotify_.native_handle(), path.c_str(), kEvents);
    if (folder.watch < 0)
      all = false;
    else if (tell)
      tell_all(folder);
  }
  if (all) return;
  retry_.expires_after(kRetry);
  retry_.async_wait([this](const boost::system::error_code& error) {
    if (!error) watch_folders(true);
  });
}

void FileWatch::tell_all(const Folder& folder) {
  for (const auto& [name, path] : folder.files)
    on_change_(path);
}

void FileWatch::await() {
  inotify_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& error) {
    if (error) return;
    read();
    await();
  });
}

void FileWatch::read() {
  for (;;) {
    const auto count = ::read(inotify_.native_handle(), buffer_.data(), buffer_.size());
    if (count <= 0) return;
    take(buffer_.data(), static_cast<std::size_t>(count));
    if (static_cast<std::size_t>(count) < buffer_.size() / 2) return;  // more wakes us again
  }
}

void FileWatch::take(const char* bytes, std::size_t size) {
  bool lost_folder = false;
  for (std::size_t at = 0; at + sizeof(inotify_event) <= size;) {
    inotify_event event{};
    std::memcpy(&event, bytes + at, sizeof event);
    const char* const name = bytes + at + sizeof event;
    at += sizeof event + event.len;
    if (at > size) return;
    const bool overflow = (event.mask & IN_Q_OVERFLOW) != 0;
    for (auto& [path, folder] : folders_) {
      if (!overflow && folder.watch != event.wd) continue;
      if (overflow) {
        tell_all(folder);
      } else if ((event.mask & IN_IGNORED) != 0) {
        folder.watch = -1;
        lost_folder = true;
        tell_all(folder);
      } else if (const auto file = folder.files.find(std::string(name, ::strnlen(name, event.len)));
                 file != folder.files.end()) {
        on_change_(file->second);
      }
    }
  }
  if (lost_folder) watch_folders(true);
}

Result<std::string> read_beginning(const std::string& path, std::size_t limit) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
  if (fd < 0) return system_failure("read " + path, errno);
  std::string text(limit, '\0');
  const auto count = ::read(fd, text.data(), text.size());
  const int code = errno;
  ::close(fd);
  if (count < 0) return system_failure("read " + path, code);
  text.resize(static_cast<std::size_t>(count));
  return text;
}

}  // namespace baton::net
