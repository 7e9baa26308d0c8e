// program.hpp - runs another program to its end: what it is told on standard input, what it says, within a limit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace baton::net {

struct ProgramEnd {
  int exit_status = 0;  // 128 and more: killed by a signal
  std::string output;   // of standard output and error, at most kMaxProgramOutput octets
};
inline constexpr std::size_t kMaxProgramOutput = 4096;

/// The whole path of a system program ("nft"), from where only root may write; empty when it is not installed.
std::string find_system_program(std::string_view name);

/// Waits at most `limit`, then kills it (ETIMEDOUT).  `argv[0]` is a whole path.  For programs that end by themselves
/// in milliseconds: nothing else happens meanwhile.
Result<ProgramEnd> run_program(const std::vector<std::string>& argv, std::string_view input, Duration limit);

/// The same for a system program by its bare name; an error unless it ends with 0, with the first line of its output.
Result<void> run_system_program(std::vector<std::string> argv, std::string_view input, Duration limit);

}  // namespace baton::net
