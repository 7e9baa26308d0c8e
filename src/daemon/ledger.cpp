#include "daemon/ledger.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <functional>
#include <optional>
#include <sstream>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace baton::daemon {

namespace {

constexpr std::size_t kMaxLedger = 16U << 20U;  // octets: 100,000 services take 4 MB
constexpr const char* kDirectory = "/run/baton";

template <class T>
std::optional<T> to_number(std::string_view word, T most) {
  T value = 0;
  const auto [end, ec] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (ec != std::errc{} || end != word.data() + word.size() || value > most) return std::nullopt;
  return value;
}

/// Calls `each` with the words of every line.
template <class F>
void for_each_line(std::string_view text, F each) {
  std::istringstream lines{std::string(text)};
  std::string line;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    std::vector<std::string> row;
    for (std::string word; words >> word;)
      row.push_back(word);
    if (!row.empty()) each(row);
  }
}

std::optional<HeldAddress> to_held_address(const std::vector<std::string>& row) {
  if (row.size() != 4 && row.size() != 5) return std::nullopt;
  const auto address = IpAddress::parse(row[1]);
  if (!address) return std::nullopt;
  const auto prefix = to_number<unsigned>(row[2], max_prefix_length(address->family()));
  if (!prefix) return std::nullopt;
  HeldAddress held{*address, static_cast<std::uint8_t>(*prefix), row[3], std::nullopt};
  if (row.size() == 4) return held;
  held.peer = IpAddress::parse(row[4]);
  return held.peer && held.peer->family() == address->family() ? std::optional(held) : std::nullopt;
}

/// "master eth0 51", with more words where the instance is not one of IPv4 by multicast to the usual group.
std::optional<InstanceKey> to_instance_key(const std::vector<std::string>& row) {
  if (row.size() != 3 && row.size() != 6) return std::nullopt;
  const auto vrid = to_number<unsigned>(row[2], 255);
  if (!vrid || *vrid == 0) return std::nullopt;
  InstanceKey key{row[1], static_cast<Vrid>(*vrid)};
  if (row.size() == 3) return key;
  const auto family = to_number<unsigned>(row[3], 6);
  const auto channel = IpAddress::parse(row[5]);
  if (!family || (*family != 4 && *family != 6) || !channel) return std::nullopt;
  if (row[4] != "multicast" && row[4] != "unicast") return std::nullopt;
  key.family = static_cast<Family>(*family);
  key.is_unicast = row[4] == "unicast";
  key.channel = *channel;
  return key;
}

std::optional<ipvs::ServiceKey> to_service_key(const std::vector<std::string>& row) {
  if (row.size() == 3 && row[0] == "fwmark") {
    const auto family = to_number<unsigned>(row[1], 6);
    const auto mark = to_number<std::uint32_t>(row[2], UINT32_MAX);
    if (!family || (*family != 4 && *family != 6) || !mark || *mark == 0) return std::nullopt;
    ipvs::ServiceKey key;
    key.family = static_cast<Family>(*family);
    key.fwmark = *mark;
    return key;
  }
  if (row.size() != 4 || row[0] != "service") return std::nullopt;
  const auto protocol = to_number<unsigned>(row[1], 255);
  const auto address = IpAddress::parse(row[2]);
  const auto port = to_number<unsigned>(row[3], 65535);
  if (!protocol || !address || !port) return std::nullopt;
  return ipvs::ServiceKey{address->family(), static_cast<ipvs::Protocol>(*protocol), *address,
                          static_cast<std::uint16_t>(*port), 0};
}

}  // namespace

std::string encode(const VrrpLedger& ledger) {
  std::ostringstream text;
  for (const auto& instance : ledger) {
    const auto& key = instance.key;
    text << "master " << key.interface << ' ' << unsigned{number(key.vrid)};
    if (key != InstanceKey{key.interface, key.vrid})
      text << ' ' << static_cast<unsigned>(key.family) << (key.is_unicast ? " unicast " : " multicast ")
           << key.channel.to_string();
    text << '\n';
    for (const auto& held : instance.addresses)
      text << "address " << held.address.to_string() << ' ' << unsigned{held.prefix_length} << ' ' << held.device
           << (held.peer ? ' ' + held.peer->to_string() : std::string()) << '\n';
  }
  return text.str();
}

VrrpLedger decode_vrrp_ledger(std::string_view text) {
  VrrpLedger ledger;
  for_each_line(text, [&ledger](const std::vector<std::string>& row) {
    if (row[0] == "master") {
      if (auto key = to_instance_key(row)) ledger.push_back({std::move(*key), {}});
    } else if (row[0] == "address" && !ledger.empty()) {
      if (auto held = to_held_address(row)) ledger.back().addresses.push_back(std::move(*held));
    }
  });
  return ledger;
}

std::string encode(const IpvsLedger& ledger) {
  std::ostringstream text;
  for (const auto& key : ledger) {
    if (key.fwmark != 0)
      text << "fwmark " << static_cast<unsigned>(key.family) << ' ' << key.fwmark << '\n';
    else
      text << "service " << static_cast<unsigned>(key.protocol) << ' ' << key.address.to_string() << ' ' << key.port
           << '\n';
  }
  return text.str();
}

IpvsLedger decode_ipvs_ledger(std::string_view text) {
  IpvsLedger ledger;
  for_each_line(text, [&ledger](const std::vector<std::string>& row) {
    if (auto key = to_service_key(row)) ledger.insert(*key);
  });
  return ledger;
}

std::string ledger_path(std::string_view role, std::string_view pid_file) {
  struct stat info {};
  const unsigned long space = ::stat("/proc/self/ns/net", &info) == 0 ? info.st_ino : 0;
  return std::string(kDirectory) + '/' + std::string(role) + '-' + std::to_string(space) + "-" +
         std::to_string(std::hash<std::string_view>{}(pid_file)) + ".ledger";
}

std::string read_ledger(const std::string& path) {
  std::string text;
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (fd < 0) return text;
  std::array<char, 65536> chunk{};
  while (text.size() < kMaxLedger) {
    const auto count = ::read(fd, chunk.data(), chunk.size());
    if (count <= 0) break;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
  ::close(fd);
  return text;
}

Result<void> write_ledger(const std::string& path, std::string_view text) {
  if (text.empty()) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT) return system_failure("remove " + path, errno);
    return {};
  }
  ::mkdir(kDirectory, 0755);  // the supervisor makes it; a role started alone may be first
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0) return system_failure("write " + fresh, errno);
  std::size_t written = 0;
  while (written < text.size()) {
    const auto count = ::write(fd, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      const int code = errno;
      ::close(fd);
      return system_failure("write " + fresh, code);
    }
    written += static_cast<std::size_t>(count);
  }
  ::close(fd);
  if (::rename(fresh.c_str(), path.c_str()) != 0) return system_failure("rename " + fresh, errno);
  return {};
}

}  // namespace baton::daemon
