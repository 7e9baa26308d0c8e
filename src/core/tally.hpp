// tally.hpp - how often each value of an enumeration was met.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace baton {

/// Of the first `count` values of an enumeration that begins with 0.
template <class Reason, std::size_t count>
class Tally {
 public:
  /// How often it was met, with this time.
  std::uint64_t add(Reason why) { return ++counts_[static_cast<std::size_t>(why)]; }
  [[nodiscard]] std::uint64_t of(Reason why) const { return counts_[static_cast<std::size_t>(why)]; }

 private:
  std::array<std::uint64_t, count> counts_{};
};

}  // namespace baton
