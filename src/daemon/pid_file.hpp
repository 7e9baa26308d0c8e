// pid_file.hpp - a file that names a running process, locked as long as its daemon lives.
#pragma once

#include <string>

#include <sys/types.h>

#include "core/result.hpp"
#include "daemon/file_descriptor.hpp"

namespace baton::daemon {

/// Mode 0644, never through a symbolic link, removed with its owner.  The lock, not the number, says that a daemon
/// runs: a file that was left behind is taken over.
class PidFile {
 public:
  /// An error when another daemon holds it; the message names its process.
  static Result<PidFile> create(const std::string& path);

  PidFile(PidFile&&) noexcept = default;
  PidFile& operator=(PidFile&& other) noexcept;
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;
  ~PidFile() { remove(); }

  /// Readers find the former number or the new one, never less.
  Result<void> write(pid_t pid);

 private:
  PidFile(std::string path, FileDescriptor file) : path_(std::move(path)), file_(std::move(file)) {}
  void remove();

  std::string path_;
  FileDescriptor file_;
};

/// Makes the runtime directory (0755) when it is missing.
Result<void> make_runtime_directory(const std::string& path);

}  // namespace baton::daemon
