#include "ctl/file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/parse.hpp"

namespace baton::ctl {
namespace {

class OpenFile {
 public:
  explicit OpenFile(int number) : number_(number) {}
  ~OpenFile() {
    if (number_ >= 0) ::close(number_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  [[nodiscard]] int number() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

/// Removes a file of ours unless it has been given another name.
class Temporary {
 public:
  explicit Temporary(std::string path) : path_(std::move(path)) {}
  ~Temporary() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Opens the file itself, never what a link points to.
Result<struct stat> look_at(int file) {
  struct stat status {};
  if (::fstat(file, &status) != 0) return system_failure("cannot be looked at", errno);
  if (!S_ISREG(status.st_mode)) return failure("is not a regular file");
  return status;
}

/// Mode, owner and group of `like`.  The owner first: chown takes set-id bits away.
Result<void> make_alike(int file, const struct stat& like) {
  struct stat own {};
  if (::fstat(file, &own) != 0) return system_failure("cannot be looked at", errno);
  const bool is_other = own.st_uid != like.st_uid || own.st_gid != like.st_gid;
  if (is_other && ::fchown(file, like.st_uid, like.st_gid) != 0)
    return system_failure("owner and group cannot be kept", errno);
  if (::fchmod(file, like.st_mode & 07777U) != 0) return system_failure("the mode cannot be kept", errno);
  return {};
}

}  // namespace

Result<std::string> read_all(int file) {
  constexpr std::size_t kChunk = std::size_t{64} << 10U;
  std::string text;
  for (;;) {
    const std::size_t done = text.size();
    text.resize(done + kChunk);
    const ssize_t length = ::read(file, text.data() + done, kChunk);
    text.resize(done + static_cast<std::size_t>(length > 0 ? length : 0));
    if (length == 0) return text;
    if (length < 0 && errno != EINTR) return system_failure("cannot be read", errno);
    if (text.size() > config::kMaxTextSize) return failure("is too large");
  }
}

Result<std::string> read_file(const std::string& path) {
  // Not blocking: it might be a FIFO.
  const OpenFile file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file) return system_failure("cannot be opened", errno);
  if (const auto status = look_at(file.number()); !status) return tl::unexpected(status.error());
  return read_all(file.number());
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t length = ::write(file, text.data(), text.size());
    if (length < 0 && errno != EINTR) return false;
    if (length > 0) text.remove_prefix(static_cast<std::size_t>(length));
  }
  return true;
}

Result<void> replace_file(const std::string& path, std::string_view before, std::string_view after) {
  const OpenFile old(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!old && errno == ELOOP) return failure("is a symbolic link: name the file that it points to");
  if (!old) return system_failure("cannot be opened", errno);
  const auto status = look_at(old.number());
  if (!status) return tl::unexpected(status.error());
  if (status->st_nlink > 1) return failure("has other names (hard links), which would keep the old text");
  const auto present = read_all(old.number());
  if (!present || *present != before) return failure("has changed meanwhile: left as it is");

  std::string name = folder_of(path) + "/.batonctl-XXXXXX";
  const OpenFile made(::mkostemp(name.data(), O_CLOEXEC));
  if (!made) return system_failure("no file can be made beside it", errno);
  Temporary temporary(name);
  if (auto alike = make_alike(made.number(), *status); !alike) return alike;
  if (!write_all(made.number(), after) || ::fsync(made.number()) != 0)
    return system_failure("the new text cannot be written", errno);
  if (::rename(name.c_str(), path.c_str()) != 0) return system_failure("cannot be replaced", errno);
  temporary.keep();
  const OpenFile folder(::open(folder_of(path).c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (folder) ::fsync(folder.number());
  return {};
}

}  // namespace baton::ctl
