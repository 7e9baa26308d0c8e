// kernel_ledger.hpp - what else the vrrp role has put into the kernel, beside the leases: one line each, on a file, so
// that the next process takes away what nobody wants any more.
//
// Whoever puts something there adds its line and saves before it does, and takes the line out after it has removed it.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace baton::daemon {

class KernelLedger {
 public:
  /// Reads what a former process has left.
  explicit KernelLedger(std::string path);

  void add(std::string line);
  void remove(const std::string& line);

  /// Writes when there are changes; trouble goes into the log.
  void save();

  /// The lines that begin with this word, without it.
  [[nodiscard]] std::vector<std::string> lines_of(std::string_view word) const;

 private:
  std::string path_;
  std::set<std::string> lines_;
  bool is_dirty_ = false;
};

}  // namespace baton::daemon
