// process_quorum.hpp - of how many processes there are: whether that is as many as there should be, and when it counts
// (sans-I/O).
//
// As keepalived: what a fork or an end changes counts after a delay, unless it is as before by then; another program,
// another name and what is found counts at once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace baton::vrrp {

struct QuorumRule {
  std::size_t least = 1;            // as many are enough
  std::optional<std::size_t> most;  // more are too many; 0: up while there is none, whatever `least` says
  Duration fork_delay{0};
  Duration terminate_delay{0};
  friend bool operator==(const QuorumRule&, const QuorumRule&) = default;
};

/// Why there are more or fewer.
enum class CountCause : std::uint8_t { forked, ended, other };

class ProcessQuorum {
 public:
  explicit ProcessQuorum(const QuorumRule& rule) : rule_(rule) {}

  /// There are so many now.  True when up() is another; the very first number counts at once.
  bool count(std::size_t number, CountCause cause, Instant now);
  /// The time has come that deadline() said; true when up() is another.
  bool tick(Instant now);
  /// A reload; another rule decides at once and without a delay, the same one changes nothing.
  void follow(const QuorumRule& rule);

  /// None before the first number.
  [[nodiscard]] std::optional<bool> up() const { return up_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  [[nodiscard]] std::optional<Instant> deadline() const { return due_; }

 private:
  [[nodiscard]] bool fits() const;
  [[nodiscard]] Duration delay_of(CountCause cause) const;

  QuorumRule rule_;
  std::size_t number_ = 0;
  std::optional<bool> up_;
  std::optional<Instant> due_;  // of the other state
};

}  // namespace baton::vrrp
