// removals.hpp - which failed servers of a pool are taken out, when no more than a part of it may be (max_removed).
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace baton::ipvs {

/// Counts servers, whatever they weigh.  The failures that came first are taken out; those beyond the limit are held:
/// they stay in until one that is out comes back, and then the oldest of them goes.
class Removals {
 public:
  /// Of `members` servers at most `percent` of a hundred (rounded down) are out, apart from those that were never in.
  Removals(std::size_t members, unsigned percent);

  /// Has not been in yet (alpha): out, whatever the limit, and counted.
  void wait(std::size_t member);
  /// Whether it is out, and not held.  Nothing changes for one that has failed or waits already.
  bool fail(std::size_t member);
  /// The member that is out from now on in its place, or kNone.
  std::size_t recover(std::size_t member);

  [[nodiscard]] bool is_out(std::size_t member) const { return standings_.at(member) == Standing::out; }
  [[nodiscard]] bool is_held(std::size_t member) const { return standings_.at(member) == Standing::held; }
  [[nodiscard]] std::size_t out() const { return out_; }
  /// Held members, the oldest failure first.
  [[nodiscard]] std::vector<std::size_t> held() const;

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

 private:
  enum class Standing : std::uint8_t { in, out, held };

  std::size_t allowed_;
  std::size_t out_ = 0;
  std::uint64_t failures_ = 0;
  std::vector<Standing> standings_;
  std::map<std::uint64_t, std::size_t> held_;        // by the number of the failure
  std::map<std::size_t, std::uint64_t> failure_of_;  // of held ones
};

}  // namespace baton::ipvs
