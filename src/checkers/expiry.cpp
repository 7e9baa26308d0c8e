#include "checkers/expiry.hpp"

namespace baton::checkers {

namespace {

constexpr std::chrono::hours kDay{24};

/// "in 3 days", "in 5 hours".
std::string span(std::chrono::seconds time) {
  const auto days = time / kDay;
  const auto count = days > 0 ? days : std::chrono::duration_cast<std::chrono::hours>(time).count();
  return std::to_string(count) + (days > 0 ? " day" : " hour") + (count == 1 ? "" : "s");
}

}  // namespace

std::string ExpiryWatch::warning(std::chrono::sys_seconds now, std::chrono::sys_seconds end,
                                 std::chrono::seconds within) {
  if (within.count() == 0 || end - now > within) {
    told_.reset();
    return {};
  }
  if (told_ && now >= *told_ && now - *told_ < kDay) return {};
  told_ = now;
  if (end <= now) return "the certificate expired " + span(now - end) + " ago";
  return "the certificate expires in " + span(end - now);
}

}  // namespace baton::checkers
