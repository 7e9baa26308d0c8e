#include "net/ipvs_census.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <linux/ip_vs.h>
#include <sys/socket.h>

#include "net/file_descriptor.hpp"

namespace baton::net {

namespace {

constexpr std::size_t kMostServices = 1'000'000;
constexpr std::array<std::string_view, 14> kSchedulers{
    "ip_vs_rr", "ip_vs_wrr", "ip_vs_lc",  "ip_vs_wlc", "ip_vs_lblc", "ip_vs_lblcr", "ip_vs_dh",
    "ip_vs_sh", "ip_vs_mh",  "ip_vs_sed", "ip_vs_nq",  "ip_vs_fo",   "ip_vs_ovf",   "ip_vs_twos"};
constexpr std::size_t kEntries = offsetof(ip_vs_get_services, entrytable);

ipvs::ServiceKey key_of(const ip_vs_service_entry& entry) {
  ipvs::ServiceKey key;
  key.fwmark = entry.fwmark;
  if (key.fwmark != 0) return key;
  std::array<std::uint8_t, 4> octets{};
  std::memcpy(octets.data(), &entry.addr, octets.size());
  key.protocol = static_cast<ipvs::Protocol>(entry.protocol);
  key.address = IpAddress::v4(octets);
  key.port = ntohs(entry.port);
  return key;
}

/// The number of services of IPv4 in this network namespace.
std::optional<std::size_t> count_services(int fd) {
  ip_vs_getinfo info{};
  socklen_t length = sizeof info;
  if (::getsockopt(fd, IPPROTO_IP, IP_VS_SO_GET_INFO, &info, &length) != 0 || length != sizeof info)
    return std::nullopt;
  return info.num_services;
}

/// Whether so many services of IPv4 are all ours.
bool are_ours(int fd, std::size_t count, const std::set<ipvs::ServiceKey>& ours) {
  std::vector<std::byte> list(kEntries + count * sizeof(ip_vs_service_entry));
  const auto wanted = static_cast<unsigned>(count);
  std::memcpy(list.data(), &wanted, sizeof wanted);
  auto length = static_cast<socklen_t>(list.size());
  if (::getsockopt(fd, IPPROTO_IP, IP_VS_SO_GET_SERVICES, list.data(), &length) != 0 || length != list.size())
    return false;
  for (std::size_t i = 0; i < count; ++i) {
    ip_vs_service_entry entry{};
    std::memcpy(&entry, list.data() + kEntries + i * sizeof entry, sizeof entry);
    if (!ours.contains(key_of(entry))) return false;
  }
  return true;
}

std::string_view next_word(std::string_view* line) {
  const auto first = std::min(line->find_first_not_of(' '), line->size());
  line->remove_prefix(first);
  const auto word = line->substr(0, line->find(' '));
  line->remove_prefix(word.size());
  return word;
}

}  // namespace

std::optional<std::uint64_t> service_references(std::string_view proc_modules) {
  while (!proc_modules.empty()) {
    auto line = proc_modules.substr(0, proc_modules.find('\n'));
    proc_modules.remove_prefix(std::min(line.size() + 1, proc_modules.size()));
    if (next_word(&line) != "ip_vs") continue;
    next_word(&line);  // octets
    const auto number = next_word(&line);
    auto holders = next_word(&line);  // "ip_vs_rr,ip_vs_wrr,", or "-"
    std::uint64_t references = 0;
    const auto [end, trouble] = std::from_chars(number.data(), number.data() + number.size(), references);
    if (trouble != std::errc() || end != number.data() + number.size()) return std::nullopt;
    std::uint64_t others = 0;
    for (auto comma = holders.find(','); comma != std::string_view::npos; comma = holders.find(',')) {
      others += std::ranges::find(kSchedulers, holders.substr(0, comma)) != kSchedulers.end() ? 2U : 1U;
      holders.remove_prefix(comma + 1);
    }
    if (others > references) return std::nullopt;
    return references - others;
  }
  return std::nullopt;
}

bool only_services_are(const std::set<ipvs::ServiceKey>& ours) {
  if (std::ranges::any_of(ours, [](const auto& key) { return key.family != Family::ipv4; })) return false;
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return false;
  const auto count = count_services(socket.number());
  if (!count || *count > kMostServices || !are_ours(socket.number(), *count, ours)) return false;
  std::ifstream file("/proc/modules");
  const std::string modules{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return service_references(modules) == *count;
}

}  // namespace baton::net
