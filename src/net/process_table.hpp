// process_table.hpp - the processes that there are, as /proc shows them.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include <dirent.h>

#include "core/result.hpp"
#include "vrrp/process_tracking.hpp"

namespace baton::net {

/// What /proc/PID/stat says, of a process that runs; none of one that has ended (a zombie), or of other text.
std::optional<vrrp::ProcessImage> decode_process_stat(std::string_view text);

/// One process, with as many octets of its command line; none when it is not there or has ended.
std::optional<vrrp::ProcessImage> read_process(vrrp::ProcessId process, std::size_t command_octets);

/// The numbers of all processes, some at a time; those that come or go meanwhile may be missing.
class ProcessListing {
 public:
  static Result<ProcessListing> open();

  /// At most `count` more; fewer, or none: that was all.
  std::vector<vrrp::ProcessId> next(std::size_t count);

 private:
  struct Close {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  std::unique_ptr<DIR, Close> folder_;
};

}  // namespace baton::net
