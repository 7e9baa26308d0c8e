#include "daemon/interface_settings.hpp"

#include <charconv>

#include "daemon/log.hpp"
#include "net/sysctl.hpp"

namespace baton::daemon {

namespace {

constexpr const char* kSysctlWord = "sysctl";

std::string line_of(const std::string& name, int former) {
  return std::string(kSysctlWord) + ' ' + std::to_string(former) + ' ' + name;
}

/// A name that set() can have been given; a damaged file must not have us write anywhere else.
bool is_plausible(const std::string& name) {
  return name.starts_with("net/ipv") && name.find("..") == std::string::npos;
}

}  // namespace

InterfaceSettings::InterfaceSettings(KernelLedger* ledger) : ledger_(ledger) {
  for (const auto& line : ledger_->lines_of(kSysctlWord)) {
    int former = 0;
    const auto [end, ec] = std::from_chars(line.data(), line.data() + line.size(), former);
    if (ec != std::errc{} || end == line.data() + line.size()) continue;
    auto name = line.substr(static_cast<std::size_t>(end - line.data()) + 1);
    if (is_plausible(name)) former_.emplace(std::move(name), former);
  }
}

std::optional<int> InterfaceSettings::original(const std::string& name) const {
  const auto changed = former_.find(name);
  return changed != former_.end() ? std::optional(changed->second) : net::read_sysctl(name);
}

void InterfaceSettings::set(const Sysctls& wanted) {
  for (auto it = former_.begin(); it != former_.end();) {
    if (wanted.contains(it->first)) {
      ++it;
      continue;
    }
    put_back(it->first, it->second);
    it = former_.erase(it);
  }
  Sysctls changes;
  for (const auto& [name, value] : wanted) {
    const auto present = net::read_sysctl(name);
    if (!present || *present == value) continue;
    changes.emplace(name, value);
    if (former_.emplace(name, *present).second) ledger_->add(line_of(name, *present));
  }
  ledger_->save();
  for (const auto& [name, value] : changes)
    if (const auto written = net::write_sysctl(name, value); !written) log::error("{}", written.error().message);
}

void InterfaceSettings::put_back(const std::string& name, int former) {
  if (net::read_sysctl(name)) {
    if (const auto written = net::write_sysctl(name, former); !written) log::error("{}", written.error().message);
  }
  ledger_->remove(line_of(name, former));
}

}  // namespace baton::daemon
