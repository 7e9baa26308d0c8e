#include "daemon/sealed_text.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace baton::daemon {

namespace {

constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

}  // namespace

Result<FileDescriptor> seal_text(std::string_view text) {
  if (text.size() > kMaxConfiguration) return failure("the configuration is too long");
  FileDescriptor memory(::memfd_create("baton-configuration", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!memory) return system_failure("memfd_create", errno);
  while (!text.empty()) {
    const auto written = ::write(memory.number(), text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return system_failure("write the configuration into memory", errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fcntl(memory.number(), F_ADD_SEALS, kSeals) != 0) return system_failure("seal the configuration", errno);
  return memory;
}

Result<std::string> read_sealed_text(const FileDescriptor& memory) {
  const int seals = ::fcntl(memory.number(), F_GET_SEALS);
  if (seals < 0 || (seals & kSeals) != kSeals) return failure("the configuration is not sealed");
  struct stat status {};
  if (::fstat(memory.number(), &status) != 0) return system_failure("stat the configuration", errno);
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > kMaxConfiguration) return failure("the configuration is too long");
  std::string text(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const auto length = ::pread(memory.number(), text.data() + done, size - done, static_cast<off_t>(done));
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) return system_failure("read the configuration", errno);
    done += static_cast<std::size_t>(length);
  }
  return text;
}

bool holds_text(const FileDescriptor& memory, std::string_view text) {
  struct stat info {};
  if (!memory || ::fstat(memory.number(), &info) != 0 || static_cast<std::size_t>(info.st_size) != text.size())
    return false;
  if (text.empty()) return true;
  void* const mapped = ::mmap(nullptr, text.size(), PROT_READ, MAP_SHARED, memory.number(), 0);
  if (mapped == MAP_FAILED) return false;
  const bool is_same = std::memcmp(mapped, text.data(), text.size()) == 0;
  ::munmap(mapped, text.size());
  return is_same;
}

}  // namespace baton::daemon
