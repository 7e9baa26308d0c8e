#include "net/process_table.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "net/file_descriptor.hpp"

namespace baton::net {

namespace {

/// Beyond the parent nothing of it is of interest; a name has at most 64 octets, of kernel threads.
constexpr std::size_t kStatOctets = 256;

std::optional<std::int32_t> to_number(std::string_view text) {
  std::int32_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

/// At most room's octets; 0: nothing, or no such process.
std::size_t read_file(const std::string& path, char* room, std::size_t size) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return 0;
  const auto count = ::read(file.number(), room, size);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

}  // namespace

/// "1234 (name) S 1 ...": a name may hold anything, blanks and parentheses too.
std::optional<vrrp::ProcessImage> decode_process_stat(std::string_view text) {
  const auto open = text.find(" (");
  const auto close = text.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2) return std::nullopt;
  const auto id = to_number(text.substr(0, open));
  const auto rest = text.substr(close + 2);  // "S 1 ..."
  if (!id || rest.size() < 3 || rest[1] != ' ') return std::nullopt;
  const auto parent = to_number(rest.substr(2, rest.find(' ', 2) - 2));
  if (!parent || rest[0] == 'Z' || rest[0] == 'X' || rest[0] == 'x') return std::nullopt;
  return vrrp::ProcessImage{
      vrrp::ProcessId{*id}, vrrp::ProcessId{*parent}, std::string(text.substr(open + 2, close - open - 2)), {}};
}

std::optional<vrrp::ProcessImage> read_process(vrrp::ProcessId process, std::size_t command_octets) {
  const std::string folder = "/proc/" + std::to_string(static_cast<std::int32_t>(process));
  std::array<char, kStatOctets> stat{};
  const auto count = read_file(folder + "/stat", stat.data(), stat.size());
  auto image = decode_process_stat({stat.data(), count});
  if (!image || command_octets == 0) return image;
  image->command_line.resize(command_octets);
  image->command_line.resize(read_file(folder + "/cmdline", image->command_line.data(), command_octets));
  return image;
}

Result<ProcessListing> ProcessListing::open() {
  ProcessListing listing;
  listing.folder_.reset(::opendir("/proc"));
  if (!listing.folder_) return system_failure("read /proc", errno);
  return listing;
}

std::vector<vrrp::ProcessId> ProcessListing::next(std::size_t count) {
  std::vector<vrrp::ProcessId> processes;
  while (processes.size() < count) {
    const dirent* entry = ::readdir(folder_.get());  // NOLINT(concurrency-mt-unsafe): the folder is ours alone
    if (entry == nullptr) break;
    const std::string_view name = entry->d_name;
    if (const auto number = to_number(name); number && *number > 0) processes.push_back(vrrp::ProcessId{*number});
  }
  return processes;
}

}  // namespace baton::net
