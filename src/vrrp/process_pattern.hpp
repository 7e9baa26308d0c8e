// process_pattern.hpp - what a tracked process looks like (vrrp_track_process) (pure).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace baton::vrrp {

/// How the words of a command line after the first are compared.
enum class ParameterMatch : std::uint8_t {
  any,        // not at all
  exact,      // all of them
  leading,    // the first ones; others may follow
  beginning,  // likewise, and the last one may be longer; without parameters any
};

class ProcessPattern {
 public:
  /// By the name that the kernel has for the process (/proc/PID/comm), which is never longer than 15 octets.
  static ProcessPattern of_name(std::string name);
  /// By its command line; `words` has at least the first one, which must be equal.
  static ProcessPattern of_command(const std::vector<std::string>& words, ParameterMatch parameters);

  /// `command_line` is the beginning of /proc/PID/cmdline, at least needed_octets() of it where there are as many.
  [[nodiscard]] bool matches(std::string_view name, std::string_view command_line) const;

  [[nodiscard]] bool looks_at_command() const { return looks_at_command_; }
  /// The name, or the first word of the command line: only processes that have it can match.
  [[nodiscard]] const std::string& key() const { return key_; }
  /// Of the command line; 0 when it is not looked at.
  [[nodiscard]] std::size_t needed_octets() const { return looks_at_command_ ? text_.size() + 1 : 0; }

  friend bool operator==(const ProcessPattern&, const ProcessPattern&) = default;

 private:
  ProcessPattern() = default;

  std::string key_;
  std::string text_;  // of a command line: each word with its NUL, but for the last one's in `beginning`
  bool looks_at_command_ = false;
  bool is_whole_ = false;  // nothing may follow
};

}  // namespace baton::vrrp
