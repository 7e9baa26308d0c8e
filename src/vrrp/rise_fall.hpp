// rise_fall.hpp - how many results in a row it takes until a tracked thing is up, and until it is down (sans-I/O).
#pragma once

#include <cstdint>
#include <optional>

namespace baton::vrrp {

/// The first result decides alone; afterwards `rise` successes in a row bring it up, `fall` failures take it down.
class RiseFall {
 public:
  /// `init_fail`: `rise` counts from the first success on.
  RiseFall(std::uint32_t rise, std::uint32_t fall, bool init_fail = false)
      : rise_(rise), fall_(fall), init_fail_(init_fail) {}

  /// True when up() is another.
  bool record(bool success) {
    if (up_ == success) {
      against_ = 0;
      return false;
    }
    const bool decides_alone = !up_ && !(init_fail_ && success);
    if (!decides_alone && ++against_ < (success ? rise_ : fall_)) return false;
    up_ = success;
    against_ = 0;
    return true;
  }
  /// A reload: from now on so many; what is known stays known.
  void follow(std::uint32_t rise, std::uint32_t fall, bool init_fail = false) {
    rise_ = rise;
    fall_ = fall;
    init_fail_ = init_fail;
  }

  /// None before there is a result.
  [[nodiscard]] std::optional<bool> up() const { return up_; }

 private:
  std::uint32_t rise_, fall_;
  bool init_fail_;
  std::uint32_t against_ = 0;  // results in a row that contradict up_
  std::optional<bool> up_;
};

}  // namespace baton::vrrp
