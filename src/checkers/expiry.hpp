// expiry.hpp - says once a day that a certificate expires soon: expire_within (pure).
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace baton::checkers {

class ExpiryWatch {
 public:
  /// What to tell at `now` of a certificate that ends at `end`; empty: nothing, for it ends later than `within` from
  /// now, or that has been told within a day.
  std::string warning(std::chrono::sys_seconds now, std::chrono::sys_seconds end, std::chrono::seconds within);

 private:
  std::optional<std::chrono::sys_seconds> told_;
};

}  // namespace baton::checkers
