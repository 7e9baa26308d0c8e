#include "daemon/real_server_ledger.hpp"

#include <optional>
#include <sstream>

namespace baton::daemon {

namespace {

constexpr std::string_view kSysctls = "net/ipv4/conf/";

std::optional<realserver::Placed> to_placed(const std::string& address, const std::string& device) {
  const auto parsed = IpAddress::parse(address);
  if (!parsed || device.empty()) return std::nullopt;
  return realserver::Placed{*parsed, device};
}

bool is_safe(const std::string& sysctl) {
  return sysctl.starts_with(kSysctls) && sysctl.find("..") == std::string::npos;
}

}  // namespace

std::string encode(const realserver::Ledger& ledger) {
  std::ostringstream text;
  for (const auto& [address, device] : ledger.addresses)
    text << "address " << address.to_string() << ' ' << device << '\n';
  for (const auto& [address, device] : ledger.routes)
    text << "route " << address.to_string() << ' ' << device << '\n';
  for (const auto& device : ledger.up)
    text << "up " << device << '\n';
  for (const auto& [name, former] : ledger.sysctls)
    text << "sysctl " << name << ' ' << former.value << ' ' << former.set << '\n';
  return text.str();
}

realserver::Ledger decode_real_server_ledger(std::string_view text) {
  realserver::Ledger ledger;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string what;
    std::string first;
    std::string second;
    realserver::Ledger::Former former;
    words >> what >> first;
    if (what == "up" && !first.empty()) {
      ledger.up.insert(first);
    } else if (what == "sysctl" && is_safe(first) && words >> former.value >> former.set) {
      ledger.sysctls[first] = former;
    } else if ((what == "address" || what == "route") && words >> second) {
      if (const auto placed = to_placed(first, second))
        (what == "address" ? ledger.addresses : ledger.routes).insert(*placed);
    }
  }
  return ledger;
}

}  // namespace baton::daemon
