#include "daemon/kernel_ledger.hpp"

#include <sstream>
#include <utility>

#include "daemon/ledger.hpp"
#include "daemon/log.hpp"

namespace baton::daemon {

KernelLedger::KernelLedger(std::string path) : path_(std::move(path)) {
  std::istringstream text(read_ledger(path_));
  for (std::string line; std::getline(text, line);)
    if (!line.empty()) lines_.insert(line);
}

void KernelLedger::add(std::string line) {
  if (lines_.insert(std::move(line)).second) is_dirty_ = true;
}

void KernelLedger::remove(const std::string& line) {
  if (lines_.erase(line) > 0) is_dirty_ = true;
}

void KernelLedger::save() {
  if (!std::exchange(is_dirty_, false)) return;
  std::string text;
  for (const auto& line : lines_)
    text += line + '\n';
  if (const auto written = write_ledger(path_, text); !written) log::error("{}", written.error().message);
}

std::vector<std::string> KernelLedger::lines_of(std::string_view word) const {
  std::vector<std::string> found;
  const auto prefix = std::string(word) + ' ';
  for (auto it = lines_.lower_bound(prefix); it != lines_.end() && it->starts_with(prefix); ++it)
    found.push_back(it->substr(prefix.size()));
  return found;
}

}  // namespace baton::daemon
